"""Brings a database to the newest schema, and tells whether it is there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from alembic import command

ROOT = Path(__file__).resolve().parents[2]


def alembic_config(connection: object | None = None) -> Config:
    """Alembic's settings, working from any folder; `connection` is the one to migrate over."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, target: str = "head") -> None:
    """Upgrade to a revision (or down to «base») in place; does nothing where it already is."""
    with engine.connect() as connection, _without_foreign_keys(connection):
        step = command.downgrade if target == "base" else command.upgrade
        step(alembic_config(connection), target)
        connection.commit()


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes some columns by building a table anew; others that refer to it must bear that it is gone.

    See «Making Other Kinds Of Table Schema Changes» in SQLite's documentation of ALTER TABLE. Raises RuntimeError where
    a row refers to nothing afterwards.
    """
    if connection.dialect.name != "sqlite":
        yield
        return
    driver: Any = connection.connection.driver_connection  # not through SQLAlchemy: in a transaction it does nothing
    driver.execute("PRAGMA foreign_keys=OFF").close()
    try:
        yield
        if broken := driver.execute("PRAGMA foreign_key_check").fetchall():
            raise RuntimeError(f"rows refer to nothing after the migration: {broken[:5]}")
    finally:
        connection.rollback()
        driver.execute("PRAGMA foreign_keys=ON").close()


def is_current(engine: Engine) -> bool:
    """Whether the schema is the newest that this code knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
