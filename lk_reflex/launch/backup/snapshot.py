"""The database at one moment: its copy, and a connection that sees the very same."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError

from lk_reflex.core.db import BUSY_SECONDS, Database
from lk_reflex.core.errors import Refused, Unavailable
from lk_reflex.launch.backup import postgres
from lk_reflex.launch.backup.installation import SQLITE, Installation

NO_DATABASE = "Базы данных ещё нет: {}"


@dataclass(frozen=True, slots=True)
class Frozen:
    """`seen` reads what the copy holds; `server` and `tool` are PostgreSQL's major versions, else 0."""

    seen: Connection
    server: int = 0
    tool: int = 0


def size_of(place: Installation, database: Database) -> int:
    """How many bytes a copy may take at most: a dump is packed and has no indexes."""
    with database.engine.connect() as connection:
        if place.kind == SQLITE:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
            return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)
        return int(connection.scalar(text("SELECT pg_database_size(current_database())")) or 0) // 2


@contextmanager
def copied(place: Installation, database: Database, to: Path) -> Iterator[Frozen]:
    """Copy it while others read and write. Raises Unavailable, Refused; OSError where there is no room."""
    way = _sqlite(place, to) if place.kind == SQLITE else _postgresql(place, database, to)
    with way as frozen:
        to.chmod(0o600)
        yield frozen


@contextmanager
def _sqlite(place: Installation, to: Path) -> Iterator[Frozen]:
    if not place.database_file.is_file():
        raise Refused(NO_DATABASE.format(place.database_file))
    try:
        with (
            closing(sqlite3.connect(place.database_file, timeout=BUSY_SECONDS)) as live,
            closing(sqlite3.connect(to)) as copy,
        ):
            # In one step: it reads one moment, and in write-ahead mode holds up nobody. In several it would begin
            # anew after each foreign write.
            live.backup(copy, pages=-1)
            copy.execute("PRAGMA journal_mode=DELETE").close()
    except sqlite3.Error as fault:
        raise Unavailable(f"Базу данных не удалось скопировать: {fault}") from fault
    engine = create_engine(f"sqlite:///{to}")
    try:
        with engine.connect() as seen:
            yield Frozen(seen)
    finally:
        engine.dispose()


@contextmanager
def _postgresql(place: Installation, database: Database, to: Path) -> Iterator[Frozen]:
    engine = database.engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    try:
        with engine.connect() as seen:
            server = postgres.server_major(seen)
            program, version = postgres.tool("pg_dump", server)
            snapshot = str(seen.scalar(text("SELECT pg_export_snapshot()")))
            postgres.dump(place.url, program, snapshot, to)
            yield Frozen(seen, server, version)
    except DBAPIError as fault:
        raise Unavailable(f"База данных не ответила: {type(fault.orig).__name__}") from fault
