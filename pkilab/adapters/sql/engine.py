"""Open the database and run transactions that either hold or never happened.

SQLite in WAL mode with `synchronous=FULL`: what was acknowledged survives a kill. Writers take the
lock at once (`BEGIN IMMEDIATE`), because a read that is upgraded later loses to another writer.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, MetaData, Table, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from pkilab.errors import ConcurrentChange, PolicyRefused, StorageFailure

BUSY_SECONDS = 30.0

metadata = MetaData()


def open_engine(url: str) -> Engine:
    """Open a database; the file is made readable by its owner only.

    Args:
        url: as `sqlite:////home/me/pilot/pilot.db`, a file on a local disk.

    Raises:
        PolicyRefused: not the address of an SQLite file.
        StorageFailure: the file cannot be made or opened.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise PolicyRefused("This is not the address of a database.", hint="Write sqlite:///PATH.") from None
    if address.get_backend_name() != "sqlite" or address.database in (None, "", ":memory:"):
        raise PolicyRefused("Only an SQLite file can be the store.", hint="Write sqlite:///PATH.")
    _make_private(str(address.database))
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up)
    event.listen(engine, "begin", _begin)
    return engine


def create_tables(engine: Engine, *tables: Table) -> None:
    """Create those of `tables` that do not exist yet.

    Raises:
        StorageFailure: the database refused.
    """
    with writing(engine) as connection:
        metadata.create_all(connection, tables=list(tables))


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Run one transaction that may write: all of it is durable at the end, or nothing of it happened.

    Raises:
        ConcurrentChange: somebody else holds the database, or did the same first.
        StorageFailure: the disk is full, the file is damaged or gone: the effect is unknown or none.
    """
    with _translated(), engine.connect().execution_options(writes=True) as connection, connection.begin():
        yield connection


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Run one transaction that sees one state of the database and changes nothing.

    Raises:
        StorageFailure: the database cannot be read.
    """
    with _translated(), engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except IntegrityError:
        raise ConcurrentChange("Another change came first.") from None
    except DBAPIError as error:
        raise _failure(error.orig) from None
    except sqlite3.Error as error:
        raise _failure(error) from None
    except SQLAlchemyError as error:
        raise StorageFailure(f"The store failed: {type(error).__name__}.") from None


def _failure(error: BaseException | None) -> ConcurrentChange | StorageFailure:
    reason = str(error)
    if "locked" in reason or "busy" in reason:
        return ConcurrentChange("The store is held by another process.")
    return StorageFailure(f"The store failed: {reason}.")


def _make_private(path: str) -> None:
    # SQLite gives its -wal and -shm files the mode of the database file, so that one mode rules all three.
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600))
    except OSError as error:
        raise StorageFailure(f"The database file cannot be opened: {error.strerror}.") from None


def _set_up(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions on its own
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
