"""One act, as it is written down."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pkilab.core.clock import iso


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """An act of the CA, the KMS or the directory.

    Attributes:
        at: when, by the service's clock (UTC).
        actor: who: a mailbox, or the name of a service.
        action: verb in the standard's words, as `token.issued`, `certificate.signed`, `key.recovered`.
        subject: about whom or what: a mailbox, a serial number, a request id.
        facts: digests, serials, counts. Never a token, a key or a passphrase.
    """

    at: datetime
    actor: str
    action: str
    subject: str
    facts: Mapping[str, str] = field(default_factory=dict)

    def leaf(self) -> bytes:
        """The exact bytes that enter the Merkle tree: JSON, keys sorted, UTF-8."""
        record = {
            "at": iso(self.at),
            "actor": self.actor,
            "action": self.action,
            "subject": self.subject,
            "facts": dict(self.facts),
        }
        return json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
