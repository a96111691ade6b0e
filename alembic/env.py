"""Runs migrations over the product's own engine, on SQLite (in batch mode) and PostgreSQL alike."""

from typing import Literal

from sqlalchemy import Connection, create_engine

from alembic import context
from lk_reflex.settings import get_settings
from lk_reflex.tables import METADATA

_PLAIN = {"UtcTime": "sa.DateTime(timezone=True)", "MonthNumber": "sa.Integer()", "AutoString": "sa.String()"}


def _plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write the product's own column types as what they are in the database: a migration outlives the code."""
    return _PLAIN.get(type(item).__name__, False) if kind == "type" else False


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_item=_plain_type,
        compare_type=True,
        compare_server_default=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


def _main() -> None:
    given: Connection | None = context.config.attributes.get("connection")
    if given is not None:
        _run(given)
        return
    engine = create_engine(get_settings().db_url)
    with engine.connect() as connection:
        _run(connection)
        connection.commit()


_main()
