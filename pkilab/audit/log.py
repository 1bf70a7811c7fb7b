"""The audit log as a whole: its events, its root, its proofs, its checkpoint."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pkilab.audit.checkpoint import Checkpoint, sign_checkpoint
from pkilab.audit.event import AuditEvent
from pkilab.audit.merkle import consistency_proof, inclusion_proof, leaf_hash, root_hash
from pkilab.errors import MalformedInput
from pkilab.keys.provider import Signer


class AuditStore(Protocol):
    """Keep the leaves. Other stores append theirs in their own transactions (promise P41)."""

    def append(self, *events: AuditEvent) -> None: ...

    def size(self) -> int: ...

    def leaves(self, start: int = 0, stop: int | None = None) -> tuple[bytes, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLog:
    """Read the log and prove what it says.

    Attributes:
        store: where the leaves are.
        origin: the name of this log in its checkpoints.
    """

    store: AuditStore
    origin: str

    def leaves(self) -> tuple[bytes, ...]:
        """Return every leaf, exactly the bytes that are hashed."""
        return self.store.leaves()

    def events(self, start: int = 0, stop: int | None = None) -> tuple[AuditEvent, ...]:
        """Return events, oldest first.

        Raises:
            MalformedInput: a leaf is not an event: somebody wrote into the store by hand.
        """
        return tuple(map(read_event, self.store.leaves(start, stop)))

    def checkpoint(self) -> Checkpoint:
        """Return what the log commits to now."""
        hashes = self._hashes()
        return Checkpoint(origin=self.origin, size=len(hashes), root=root_hash(hashes))

    def signed_checkpoint(self, signer: Signer) -> bytes:
        """Return what the log commits to now, signed with the key of the log."""
        return sign_checkpoint(self.checkpoint(), signer)

    def inclusion_proof(self, index: int, size: int) -> tuple[bytes, ...]:
        """Return the proof that event `index` is among the first `size`."""
        return inclusion_proof(index, self._hashes(size))

    def consistency_proof(self, first: int, second: int) -> tuple[bytes, ...]:
        """Return the proof that the first `second` events begin with the first `first`; from 0 there is nothing to prove."""
        return consistency_proof(first, self._hashes(second)) if first else ()

    def _hashes(self, size: int | None = None) -> Sequence[bytes]:
        return [leaf_hash(leaf) for leaf in self.store.leaves(0, size)]


def read_event(leaf: bytes) -> AuditEvent:
    """Read a leaf back into an event.

    Raises:
        MalformedInput: it is not one.
    """
    try:
        record = json.loads(leaf)
        return AuditEvent(
            at=datetime.fromisoformat(record["at"]),
            actor=record["actor"],
            action=record["action"],
            subject=record["subject"],
            facts=record["facts"],
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        raise MalformedInput("A leaf of the audit log is not an event.") from None
