"""The audit log in memory, shared by all stores of one world."""

from threading import RLock

from pkilab.audit.event import AuditEvent


class MemoryAudit:
    """An `AuditStore` in memory; its lock is the write lock of every store that shares it.

    A store does `with audit.lock:`, checks, appends its events, and only then changes itself.
    """

    def __init__(self) -> None:
        self.lock = RLock()
        self._leaves: list[bytes] = []

    def append(self, *events: AuditEvent) -> None:
        """Append events: all of them or, if one cannot be written, none."""
        leaves = [event.leaf() for event in events]
        with self.lock:
            self._leaves.extend(leaves)

    def size(self) -> int:
        """Return how many leaves there are."""
        with self.lock:
            return len(self._leaves)

    def leaves(self, start: int = 0, stop: int | None = None) -> tuple[bytes, ...]:
        """Return the leaves from `start` up to, not including, `stop` (None = the end)."""
        with self.lock:
            return tuple(self._leaves[start:stop])
