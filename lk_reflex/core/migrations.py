"""Brings a database to the newest schema, one process at a time, and tells how code and schema stand to each other."""

import fcntl
import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import OperationalError
from sqlmodel import col

from alembic import command
from lk_reflex.core.errors import Refused, Unavailable
from lk_reflex.core.schema_versions import SchemaVersion

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = ROOT / "alembic"
#: For PostgreSQL's advisory lock: the product's own number for «somebody migrates».
LOCK = 7_220_431
#: Whoever waits for a table's lock has everybody else behind him, also those who only read: so shortly, and again.
LOCK_PATIENCE, TRIES, PAUSE = "3s", 40, 2.0
AHEAD = "База данных новее этой версии кабинета и с ней не совместима. Запустите ту версию, которой база обновлена."
HELD = "Не удалось изменить таблицы: их держит другая работа (отчёт, выгрузка). Повторите: python -m lk_reflex migrate"
log = logging.getLogger(__name__)


class Standing(Enum):
    """How the schema of a database stands to this code."""

    CURRENT = "it is this code's"
    OLDER = "the code needs a newer one: migrate"
    NEWER = "newer, and declared to work with this code"
    FOREIGN = "newer than this code can work with"

    @property
    def fits(self) -> bool:
        """Whether this code may work with it."""
        return self in (Standing.CURRENT, Standing.NEWER)


def alembic_config(connection: object | None = None, scripts: Path = SCRIPTS) -> Config:
    """Alembic's settings, working from any folder; `connection` is the one to migrate over."""
    config = Config(str(ROOT / "alembic.ini"))
    config.set_main_option("script_location", str(scripts).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def standing(engine: Engine, scripts: Path = SCRIPTS) -> Standing:
    """Compare the database's revision with those that this code knows. Raises what the driver raises."""
    head, known = _revisions(scripts)
    with engine.connect() as connection:
        revision = MigrationContext.configure(connection).get_current_revision()
        if revision == head:
            return Standing.CURRENT
        if revision is None or revision in known:
            return Standing.OLDER
        return Standing.NEWER if _works_from(connection, revision) in known else Standing.FOREIGN


def is_current(engine: Engine) -> bool:
    """Whether the schema is the newest that this code knows."""
    return standing(engine) is Standing.CURRENT


@lru_cache(maxsize=8)
def _revisions(scripts: Path) -> tuple[str | None, frozenset[str]]:
    """The newest migration of this code, and all of them."""
    directory = ScriptDirectory.from_config(alembic_config(scripts=scripts))
    return directory.get_current_head(), frozenset(one.revision for one in directory.walk_revisions())


def _works_from(connection: Connection, revision: str) -> str | None:
    if not inspect(connection).has_table("schema_versions"):
        return None
    found = select(col(SchemaVersion.works_from)).where(col(SchemaVersion.revision) == revision)
    return connection.execute(found).scalar_one_or_none()


def migrate(engine: Engine, target: str = "head", scripts: Path = SCRIPTS) -> None:
    """Upgrade to a revision (or down to «base») in place; does nothing where it already is, or is compatibly ahead.

    Of several processes one does it, the others wait. Killed in the middle, it leaves whole migrations only, and the
    next call goes on. Raises Refused where the schema is newer than this code, Unavailable where tables stay locked.
    """
    with _alone(engine):
        if target == "head" and not _due(engine, scripts):
            return
        for _ in range(TRIES):
            try:
                _step(engine, target, scripts)
            except OperationalError as fault:
                if getattr(fault.orig, "sqlstate", "") != "55P03":  # lock_not_available
                    raise
                log.warning("a table is locked by others, trying again")
                time.sleep(PAUSE)
            else:
                return
    raise Unavailable(HELD)


def _due(engine: Engine, scripts: Path) -> bool:
    stands = standing(engine, scripts)
    if stands is Standing.FOREIGN:
        raise Refused(AHEAD)
    return stands is Standing.OLDER


def _step(engine: Engine, target: str, scripts: Path) -> None:
    # On SQLite the right to write is asked for at once: in the middle it may be too late for it.
    immediate = engine.execution_options(lk_begin="BEGIN IMMEDIATE")
    with immediate.connect() as connection, _without_foreign_keys(connection):
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SET lock_timeout = '{LOCK_PATIENCE}'"))
            connection.commit()
            connection.detach()  # with this setting it isn't for anybody else
        move = command.downgrade if target == "base" else command.upgrade
        move(alembic_config(connection, scripts), target)
        _refuse_broken_references(connection)
        connection.commit()


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """Wait until nobody else migrates this database. Both kinds of lock end with the process that holds them."""
    if engine.dialect.name != "sqlite":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:lock)"), {"lock": LOCK})
        return
    with Path(f"{engine.url.database}.migrating").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes some columns by building a table anew; others that refer to it must bear that it is gone.

    See «Making Other Kinds Of Table Schema Changes» in SQLite's documentation of ALTER TABLE.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection  # not through SQLAlchemy: in a transaction it does nothing
    driver.execute("PRAGMA foreign_keys=OFF").close()
    try:
        yield
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON").close()


def _refuse_broken_references(connection: Connection) -> None:
    """Before the migration counts. Raises RuntimeError where a row refers to nothing now."""
    if connection.dialect.name != "sqlite":
        return
    if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise RuntimeError(f"rows refer to nothing after the migration: {broken[:5]}")
