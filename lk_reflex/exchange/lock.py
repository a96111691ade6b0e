"""One import and one export at a time, whatever the number of processes; the lock dies with its holder."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from zlib import crc32

from sqlalchemy import text

from lk_reflex.core.db import Database
from lk_reflex.core.errors import Conflict


@contextmanager
def exclusive(db: Database, name: str, busy: str) -> Iterator[None]:
    """Hold the lock `name` while the block lasts; raises Conflict with the sentence `busy` if another holds it."""
    hold = _on_sqlite if db.engine.dialect.name == "sqlite" else _on_postgresql
    with hold(db, name, busy):
        yield


@contextmanager
def _on_sqlite(db: Database, name: str, busy: str) -> Iterator[None]:
    """A small database beside the main one, locked as a whole: the system frees it even after kill -9."""
    path = db.engine.url.database
    if not path or path == ":memory:":
        yield
        return
    with closing(sqlite3.connect(f"{path}.{name}-lock", timeout=0, isolation_level=None)) as holder:
        try:
            holder.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as fault:
            raise Conflict(busy) from fault
        yield


@contextmanager
def _on_postgresql(db: Database, name: str, busy: str) -> Iterator[None]:
    """A session lock on a connection of its own."""
    key = {"key": crc32(f"lk_reflex {name}".encode())}
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as holder:
        if not holder.scalar(text("SELECT pg_try_advisory_lock(:key)"), key):
            raise Conflict(busy)
        try:
            yield
        finally:
            holder.scalar(text("SELECT pg_advisory_unlock(:key)"), key)
