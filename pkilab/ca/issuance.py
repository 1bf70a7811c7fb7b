"""The steps of an issuance as values: order, intent, record, and the permission to go ahead."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cryptography import x509

from pkilab.core import limits
from pkilab.errors import MalformedInput
from pkilab.x509.certificate import fingerprint
from pkilab.x509.profile import ProfileName
from pkilab.x509.request import CertificateRequest

ORDER_REQUESTS = 16
ORDER_ID_LENGTH = 128


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificationOrder:
    """Ask for one or several certificates, all or none of them.

    Attributes:
        order_id: chosen by the requester; the same order again yields the same certificates.
        requester: certificate of the registration authority, which the caller has authenticated.

    Raises:
        MalformedInput: no request, or an order id that is empty or longer than 128 characters.
        LimitExceeded: more than 16 requests.
    """

    order_id: str
    requester: x509.Certificate
    requests: tuple[CertificateRequest, ...]

    def __post_init__(self) -> None:
        limits.check("requests in an order", len(self.requests), ORDER_REQUESTS)
        if not self.requests or not 0 < len(self.order_id) <= ORDER_ID_LENGTH:
            raise MalformedInput("An order has an identifier of 1 to 128 characters and at least one request.")

    def digest(self) -> str:
        """Return the SHA-256 over everything asked for, lower-case hex: what "the same order" means."""
        asked = [
            [
                request.profile.value,
                hashlib.sha256(request.public_key).hexdigest(),
                str(request.mailbox) if request.mailbox else None,
                [request.common_name, request.organization, request.country],
                request.dns_names,
                request.ip_addresses,
            ]
            for request in self.requests
        ]
        return hashlib.sha256(json.dumps([fingerprint(self.requester), asked]).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuanceIntent:
    """A certificate that is about to be signed.

    Attributes:
        subject: the mailbox or name it speaks for.
        tbs: TBSCertificate, DER: the very bytes the signature will cover.
        certificate: the signed certificate, DER; None until it is signed.
    """

    serial_number: int
    profile: ProfileName
    subject: str
    tbs: bytes
    certificate: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuanceRecord:
    """An order as the store keeps it.

    Attributes:
        digest: of the order; another order under the same id is refused.
    """

    order_id: str
    digest: str
    intents: tuple[IssuanceIntent, ...]

    @property
    def certificates(self) -> tuple[bytes, ...] | None:
        """The certificates, DER, in the order asked for; None while any is unsigned."""
        signed = tuple(intent.certificate for intent in self.intents if intent.certificate is not None)
        return signed if len(signed) == len(self.intents) else None

    def signed(self, certificates: Sequence[bytes]) -> "IssuanceRecord":
        """Return the record with its certificates, DER, in the order asked for."""
        pairs = zip(self.intents, certificates, strict=True)
        return replace(self, intents=tuple(replace(intent, certificate=der) for intent, der in pairs))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, weakref_slot=True)
class PreparedIssuance:
    """Permission to issue exactly this, once, by the authority that checked it (promise P03).

    Only `CertificationAuthority.prepare` makes one that is honoured: the authority remembers the object itself, so
    that neither a copy nor an edited one can be redeemed.

    Attributes:
        drafts: the certificates to be, for inspection; their signatures are of a throw-away key.
    """

    record: IssuanceRecord
    requester: str
    drafts: tuple[x509.Certificate, ...] = field(repr=False)
