"""What a CA needs from outside. Each method is one transaction that holds wholly or not at all.

Both stores belong to one issuer. `events` are appended to the audit log in the same transaction, and
only if the method changes something.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from pkilab.audit.event import AuditEvent
from pkilab.ca.issuance import IssuanceRecord
from pkilab.ca.revocation import CrlOpening
from pkilab.x509.crl import RevocationEntry


class IssuanceStore(Protocol):
    """Keep what is about to be signed and what was signed."""

    def reserve(self, record: IssuanceRecord, *events: AuditEvent) -> IssuanceRecord:
        """Keep a new order with its serial numbers, all or none; return the record that holds.

        The same order again returns the record kept first, and changes nothing.

        Raises:
            AlreadyUsed: another order has this id.
            SerialTaken: a serial number exists at this issuer.
            StorageFailure: effect unknown.
        """

    def complete(self, order_id: str, certificates: Sequence[bytes], *events: AuditEvent) -> IssuanceRecord:
        """Keep the signed certificates of an order; return the record that holds: the first completion wins.

        Raises:
            NotFound: there is no such order.
            StorageFailure: effect unknown.
        """

    def record(self, order_id: str) -> IssuanceRecord | None:
        """Return the record of an order, None if there is none."""

    def unfinished(self) -> tuple[IssuanceRecord, ...]:
        """Return the orders whose certificates are not signed yet, sorted by id."""

    def note(self, *events: AuditEvent) -> None:
        """Record something that changed nothing, such as a refusal."""


class RevocationStore(Protocol):
    """Keep which certificates are revoked, and the CRLs that said so."""

    def revoke(self, entry: RevocationEntry, *events: AuditEvent) -> RevocationEntry:
        """Keep a revocation; return the entry that holds: the first one wins.

        Raises:
            NotFound: this issuer has no intent or certificate with that serial number.
            StorageFailure: effect unknown.
        """

    def revocation(self, serial_number: int) -> RevocationEntry | None:
        """Return the revocation of a certificate, None if it is not revoked."""

    def open_crl(self, now: datetime) -> CrlOpening:
        """Take the next CRL number (`x509.crl.next_number`) and read the entries it must hold."""

    def store_crl(self, number: int, crl: bytes, *events: AuditEvent) -> None:
        """Keep a signed CRL, DER, under a number from `open_crl`.

        Raises:
            AlreadyUsed: the number was not opened, or has its CRL.
        """

    def latest_crl(self) -> bytes | None:
        """Return the CRL with the highest number, DER; None if none was published."""


class CaStore(IssuanceStore, RevocationStore, Protocol):
    """Both stores in one."""
