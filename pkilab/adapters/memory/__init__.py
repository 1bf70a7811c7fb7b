"""A twin in memory for every store, for tests and for the lessons that need no disk.

The twins share one `MemoryAudit` and its lock, so that an act and its audit event succeed together
or not at all, exactly as in one database transaction.
"""
