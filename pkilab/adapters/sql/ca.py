"""The store of one CA in the database. The constraints of the tables are the promises (P01, P31)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    BLOB,
    Column,
    Connection,
    Engine,
    ForeignKeyConstraint,
    Integer,
    PrimaryKeyConstraint,
    RowMapping,
    String,
    Table,
    UniqueConstraint,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from pkilab.adapters.sql.audit import append_audit, audit_leaf
from pkilab.adapters.sql.engine import create_tables, metadata, reading, writing
from pkilab.audit.event import AuditEvent
from pkilab.ca.issuance import IssuanceIntent, IssuanceRecord
from pkilab.ca.revocation import CrlOpening
from pkilab.core.clock import UTC
from pkilab.errors import AlreadyUsed, NotFound, SerialTaken
from pkilab.x509.crl import RevocationEntry, RevocationReason, next_number
from pkilab.x509.profile import ProfileName

ca_order = Table(
    "ca_order",
    metadata,
    Column("issuer", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("digest", String, nullable=False),
    PrimaryKeyConstraint("issuer", "order_id"),
)
ca_intent = Table(
    "ca_intent",
    metadata,
    Column("issuer", String, nullable=False),
    Column("serial_number", String, nullable=False),
    Column("order_id", String, nullable=False),
    Column("position", Integer, nullable=False),
    Column("profile", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("tbs", BLOB, nullable=False),
    Column("certificate", BLOB, nullable=True),
    PrimaryKeyConstraint("issuer", "serial_number"),
    UniqueConstraint("issuer", "order_id", "position"),
    ForeignKeyConstraint(["issuer", "order_id"], ["ca_order.issuer", "ca_order.order_id"]),
)
ca_revocation = Table(
    "ca_revocation",
    metadata,
    Column("issuer", String, nullable=False),
    Column("serial_number", String, nullable=False),
    Column("revoked_at", Integer, nullable=False),
    Column("reason", String, nullable=False),
    PrimaryKeyConstraint("issuer", "serial_number"),
    ForeignKeyConstraint(["issuer", "serial_number"], ["ca_intent.issuer", "ca_intent.serial_number"]),
)
ca_crl = Table(
    "ca_crl",
    metadata,
    Column("issuer", String, nullable=False),
    Column("number", Integer, nullable=False),
    Column("crl", BLOB, nullable=True),
    PrimaryKeyConstraint("issuer", "number"),
)


class SqlCaStore:
    """The `CaStore` of a pilot.

    Args:
        engine: from `open_engine`.
        issuer: name of the CA; several CAs share one database.
    """

    def __init__(self, engine: Engine, issuer: str) -> None:
        self._engine, self._issuer = engine, issuer
        create_tables(engine, audit_leaf, ca_order, ca_intent, ca_revocation, ca_crl)

    def reserve(self, record: IssuanceRecord, *events: AuditEvent) -> IssuanceRecord:
        with writing(self._engine) as connection:
            kept = self._read(connection, record.order_id)
            if kept is not None:
                if kept.digest != record.digest:
                    raise AlreadyUsed("Another order has this identifier.", hint="Choose a new order identifier.")
                return kept
            order = {"issuer": self._issuer, "order_id": record.order_id, "digest": record.digest}
            connection.execute(insert(ca_order), order)
            try:
                connection.execute(insert(ca_intent), self._rows(record))
            except IntegrityError:
                raise SerialTaken("A serial number drawn at random exists already at this issuer.") from None
            append_audit(connection, events)
        return record

    def complete(self, order_id: str, certificates: Sequence[bytes], *events: AuditEvent) -> IssuanceRecord:
        with writing(self._engine) as connection:
            kept = self._read(connection, order_id)
            if kept is None:
                raise NotFound("There is no such order.")
            if kept.certificates is not None:
                return kept
            for intent, der in zip(kept.intents, certificates, strict=True):
                row = (ca_intent.c.issuer == self._issuer, ca_intent.c.serial_number == _hex(intent.serial_number))
                connection.execute(update(ca_intent).where(*row).values(certificate=der))
            append_audit(connection, events)
        return kept.signed(certificates)

    def record(self, order_id: str) -> IssuanceRecord | None:
        with reading(self._engine) as connection:
            return self._read(connection, order_id)

    def unfinished(self) -> tuple[IssuanceRecord, ...]:
        query = (
            select(ca_intent.c.order_id)
            .where(ca_intent.c.issuer == self._issuer, ca_intent.c.certificate.is_(None))
            .distinct()
            .order_by(ca_intent.c.order_id)
        )
        with reading(self._engine) as connection:
            found = (self._read(connection, order_id) for order_id in connection.execute(query).scalars().all())
            return tuple(record for record in found if record is not None)

    def note(self, *events: AuditEvent) -> None:
        with writing(self._engine) as connection:
            append_audit(connection, events)

    def revoke(self, entry: RevocationEntry, *events: AuditEvent) -> RevocationEntry:
        serial = _hex(entry.serial_number)
        known = select(ca_intent.c.serial_number).where(
            ca_intent.c.issuer == self._issuer, ca_intent.c.serial_number == serial
        )
        with writing(self._engine) as connection:
            if connection.execute(known).first() is None:
                raise NotFound("This CA has issued no certificate with that serial number.")
            kept = self._revocation(connection, serial)
            if kept is not None:
                return kept
            row = {"issuer": self._issuer, "serial_number": serial, "revoked_at": int(entry.at.timestamp())}
            connection.execute(insert(ca_revocation), {**row, "reason": entry.reason.value})
            append_audit(connection, events)
        return entry

    def revocation(self, serial_number: int) -> RevocationEntry | None:
        with reading(self._engine) as connection:
            return self._revocation(connection, _hex(serial_number))

    def open_crl(self, now: datetime) -> CrlOpening:
        highest = select(func.coalesce(func.max(ca_crl.c.number), 0)).where(ca_crl.c.issuer == self._issuer)
        entries = (
            select(ca_revocation)
            .where(ca_revocation.c.issuer == self._issuer)
            .order_by(ca_revocation.c.revoked_at, ca_revocation.c.serial_number)
        )
        with writing(self._engine) as connection:
            number = next_number(connection.execute(highest).scalar_one(), now)
            connection.execute(insert(ca_crl), {"issuer": self._issuer, "number": number})
            rows = connection.execute(entries).mappings().all()
        return CrlOpening(number=number, entries=tuple(map(_entry, rows)))

    def store_crl(self, number: int, crl: bytes, *events: AuditEvent) -> None:
        row = (ca_crl.c.issuer == self._issuer, ca_crl.c.number == number, ca_crl.c.crl.is_(None))
        with writing(self._engine) as connection:
            if connection.execute(update(ca_crl).where(*row).values(crl=crl)).rowcount == 0:
                raise AlreadyUsed("This CRL number was not opened, or has its CRL already.")
            append_audit(connection, events)

    def latest_crl(self) -> bytes | None:
        query = (
            select(ca_crl.c.crl)
            .where(ca_crl.c.issuer == self._issuer, ca_crl.c.crl.is_not(None))
            .order_by(ca_crl.c.number.desc())
            .limit(1)
        )
        with reading(self._engine) as connection:
            newest = connection.execute(query).scalar_one_or_none()
            return None if newest is None else bytes(newest)

    def _rows(self, record: IssuanceRecord) -> list[dict[str, object]]:
        return [
            {
                "issuer": self._issuer,
                "serial_number": _hex(intent.serial_number),
                "order_id": record.order_id,
                "position": position,
                "profile": intent.profile.value,
                "subject": intent.subject,
                "tbs": intent.tbs,
                "certificate": intent.certificate,
            }
            for position, intent in enumerate(record.intents)
        ]

    def _read(self, connection: Connection, order_id: str) -> IssuanceRecord | None:
        order = select(ca_order.c.digest).where(ca_order.c.issuer == self._issuer, ca_order.c.order_id == order_id)
        digest = connection.execute(order).scalar_one_or_none()
        if digest is None:
            return None
        query = (
            select(ca_intent)
            .where(ca_intent.c.issuer == self._issuer, ca_intent.c.order_id == order_id)
            .order_by(ca_intent.c.position)
        )
        intents = tuple(map(_intent, connection.execute(query).mappings()))
        return IssuanceRecord(order_id=order_id, digest=digest, intents=intents)

    def _revocation(self, connection: Connection, serial: str) -> RevocationEntry | None:
        query = select(ca_revocation).where(
            ca_revocation.c.issuer == self._issuer, ca_revocation.c.serial_number == serial
        )
        row = connection.execute(query).mappings().one_or_none()
        return None if row is None else _entry(row)


def _hex(serial_number: int) -> str:
    return f"{serial_number:040x}"


def _intent(row: RowMapping) -> IssuanceIntent:
    return IssuanceIntent(
        serial_number=int(row["serial_number"], 16),
        profile=ProfileName(row["profile"]),
        subject=row["subject"],
        tbs=row["tbs"],
        certificate=row["certificate"],
    )


def _entry(row: RowMapping) -> RevocationEntry:
    return RevocationEntry(
        serial_number=int(row["serial_number"], 16),
        at=datetime.fromtimestamp(row["revoked_at"], UTC),
        reason=RevocationReason(row["reason"]),
    )
