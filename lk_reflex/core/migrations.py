"""Brings a database to the newest schema, and tells whether it is there."""

from pathlib import Path

from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

from alembic import command

ROOT = Path(__file__).resolve().parents[2]


def alembic_config(connection: object | None = None) -> Config:
    """Alembic's settings, working from any folder; `connection` is the one to migrate over."""
    config = Config(str(ROOT / "alembic.ini"))
    config.attributes["connection"] = connection
    return config


def migrate(engine: Engine, target: str = "head") -> None:
    """Upgrade to a revision (or down to «base») in place; does nothing where it already is."""
    with engine.connect() as connection:
        step = command.downgrade if target == "base" else command.upgrade
        step(alembic_config(connection), target)
        connection.commit()


def is_current(engine: Engine) -> bool:
    """Whether the schema is the newest that this code knows."""
    head = ScriptDirectory.from_config(alembic_config()).get_current_head()
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
