"""The leaves of the audit log, appended inside the transaction of the act they record (promise P41)."""

from collections.abc import Iterable

from sqlalchemy import BLOB, Column, Connection, Engine, Integer, Table, func, insert, select

from pkilab.adapters.sql.engine import create_tables, metadata, reading, writing
from pkilab.audit.event import AuditEvent

audit_leaf = Table(
    "audit_leaf",
    metadata,
    Column("index", Integer, primary_key=True, autoincrement=False),
    Column("leaf", BLOB, nullable=False),
)


def append_audit(connection: Connection, events: Iterable[AuditEvent]) -> None:
    """Append events to the log as part of the transaction that `connection` is in.

    The transaction holds the write lock, so the indexes have no gaps and no duplicates.
    """
    leaves = [event.leaf() for event in events]
    if not leaves:
        return
    size = connection.execute(select(func.coalesce(func.max(audit_leaf.c.index) + 1, 0))).scalar_one()
    rows = [{"index": size + offset, "leaf": leaf} for offset, leaf in enumerate(leaves)]
    connection.execute(insert(audit_leaf), rows)


class SqlAudit:
    """The `AuditStore` of a pilot.

    Args:
        engine: from `open_engine`.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        create_tables(engine, audit_leaf)

    def append(self, *events: AuditEvent) -> None:
        """Record acts that change nothing else, such as refusals."""
        with writing(self._engine) as connection:
            append_audit(connection, events)

    def size(self) -> int:
        """Return how many leaves there are."""
        with reading(self._engine) as connection:
            return int(connection.execute(select(func.coalesce(func.max(audit_leaf.c.index) + 1, 0))).scalar_one())

    def leaves(self, start: int = 0, stop: int | None = None) -> tuple[bytes, ...]:
        """Return the leaves from `start` up to, not including, `stop` (None = the end)."""
        query = select(audit_leaf.c.leaf).where(audit_leaf.c.index >= start).order_by(audit_leaf.c.index)
        if stop is not None:
            query = query.where(audit_leaf.c.index < stop)
        with reading(self._engine) as connection:
            return tuple(bytes(leaf) for leaf in connection.execute(query).scalars())
