"""Runs migrations over the product's own engine, on SQLite (in batch mode) and PostgreSQL alike."""

from typing import Any, Literal

from sqlalchemy import Connection, create_engine, inspect

from alembic import context
from lk_reflex.core.clock import utc_now
from lk_reflex.settings import get_settings
from lk_reflex.tables import METADATA

_PLAIN = {"UtcTime": "sa.DateTime(timezone=True)", "MonthNumber": "sa.Integer()", "AutoString": "sa.String()"}


def _plain_type(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write the product's own column types as what they are in the database: a migration outlives the code."""
    return _PLAIN.get(type(item).__name__, False) if kind == "type" else False


def _note(ctx: Any, step: Any, heads: object, run_args: object) -> None:
    """With the migration itself, in its transaction: what it says to older code; older ones say nothing."""
    table, script, connection = METADATA.tables["schema_versions"], step.up_revision, ctx.connection
    if not inspect(connection).has_table(table.name):
        return
    connection.execute(table.delete().where(table.c.revision == script.revision))
    if step.is_upgrade and (works_from := getattr(script.module, "works_from", "")):
        connection.execute(table.insert().values(revision=script.revision, works_from=works_from, at=utc_now()))


def _run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=METADATA,
        render_item=_plain_type,
        compare_type=True,
        compare_server_default=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=True,
        on_version_apply=_note,
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
