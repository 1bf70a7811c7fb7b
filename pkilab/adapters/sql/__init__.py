"""The stores of a pilot on SQLAlchemy Core and SQLite.

Every method of a store is one transaction; every "once" is a constraint of the database; every act
is written into the audit log inside the transaction that performs it (promises P01, P37, P39, P41).
"""
