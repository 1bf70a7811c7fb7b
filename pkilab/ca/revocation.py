"""The steps of a revocation as values."""

from dataclasses import dataclass

from cryptography import x509

from pkilab.x509.crl import RevocationEntry, RevocationReason


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationOrder:
    """Ask for one certificate to be revoked.

    Attributes:
        requester: certificate of the registration authority, which the caller has authenticated.
        actor: the person behind it, for the audit log.
    """

    requester: x509.Certificate
    serial_number: int
    reason: RevocationReason
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CrlOpening:
    """A number for a CRL together with the entries it must hold, read in the same transaction.

    Whoever gets a higher number has therefore seen at least as many revocations.
    """

    number: int
    entries: tuple[RevocationEntry, ...]
