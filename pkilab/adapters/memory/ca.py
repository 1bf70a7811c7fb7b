"""The store of one CA in memory."""

from collections.abc import Sequence
from datetime import datetime

from pkilab.adapters.memory.audit import MemoryAudit
from pkilab.audit.event import AuditEvent
from pkilab.ca.issuance import IssuanceRecord
from pkilab.ca.revocation import CrlOpening
from pkilab.errors import AlreadyUsed, NotFound, SerialTaken
from pkilab.x509.crl import RevocationEntry, next_number


class MemoryCaStore:
    """A `CaStore` in memory, for one issuer.

    Args:
        audit: shared with the other stores of the same world.
    """

    def __init__(self, audit: MemoryAudit) -> None:
        self._audit = audit
        self._records: dict[str, IssuanceRecord] = {}
        self._serials: set[int] = set()
        self._revocations: dict[int, RevocationEntry] = {}
        self._crl_number = 0
        self._opened: set[int] = set()
        self._crls: dict[int, bytes] = {}

    def reserve(self, record: IssuanceRecord, *events: AuditEvent) -> IssuanceRecord:
        with self._audit.lock:
            kept = self._records.get(record.order_id)
            if kept is not None:
                if kept.digest != record.digest:
                    raise AlreadyUsed("Another order has this identifier.", hint="Choose a new order identifier.")
                return kept
            drawn = [intent.serial_number for intent in record.intents]
            if len(set(drawn)) < len(drawn) or self._serials.intersection(drawn):
                raise SerialTaken("A serial number drawn at random exists already at this issuer.")
            self._audit.append(*events)
            self._serials.update(drawn)
            self._records[record.order_id] = record
            return record

    def complete(self, order_id: str, certificates: Sequence[bytes], *events: AuditEvent) -> IssuanceRecord:
        with self._audit.lock:
            kept = self._records.get(order_id)
            if kept is None:
                raise NotFound("There is no such order.")
            if kept.certificates is not None:
                return kept
            signed = kept.signed(certificates)
            self._audit.append(*events)
            self._records[order_id] = signed
            return signed

    def record(self, order_id: str) -> IssuanceRecord | None:
        with self._audit.lock:
            return self._records.get(order_id)

    def unfinished(self) -> tuple[IssuanceRecord, ...]:
        with self._audit.lock:
            return tuple(record for _, record in sorted(self._records.items()) if record.certificates is None)

    def note(self, *events: AuditEvent) -> None:
        self._audit.append(*events)

    def revoke(self, entry: RevocationEntry, *events: AuditEvent) -> RevocationEntry:
        with self._audit.lock:
            if entry.serial_number not in self._serials:
                raise NotFound("This CA has issued no certificate with that serial number.")
            kept = self._revocations.get(entry.serial_number)
            if kept is not None:
                return kept
            self._audit.append(*events)
            self._revocations[entry.serial_number] = entry
            return entry

    def revocation(self, serial_number: int) -> RevocationEntry | None:
        with self._audit.lock:
            return self._revocations.get(serial_number)

    def open_crl(self, now: datetime) -> CrlOpening:
        with self._audit.lock:
            self._crl_number = next_number(self._crl_number, now)
            self._opened.add(self._crl_number)
            entries = sorted(self._revocations.values(), key=lambda entry: (entry.at, entry.serial_number))
            return CrlOpening(number=self._crl_number, entries=tuple(entries))

    def store_crl(self, number: int, crl: bytes, *events: AuditEvent) -> None:
        with self._audit.lock:
            if number not in self._opened:
                raise AlreadyUsed("This CRL number was not opened, or has its CRL already.")
            self._audit.append(*events)
            self._opened.remove(number)
            self._crls[number] = crl

    def latest_crl(self) -> bytes | None:
        with self._audit.lock:
            return self._crls[max(self._crls)] if self._crls else None
