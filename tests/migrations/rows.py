"""Looks into a database of any version, and fills it."""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from sqlalchemy import inspect

VERSION = "alembic_version"
ANY = {
    sa.Integer: 1, sa.String: "1", sa.Boolean: False, sa.Date: date(2026, 11, 20), sa.JSON: {}, sa.Float: 1.0,
    sa.DateTime: datetime(2026, 11, 20, 10, tzinfo=UTC),
}  # fmt: skip


def a_row_in_every_table(database):
    """Whatever the schema of the moment demands; every reference leads to row 1."""
    schema = sa.MetaData()
    schema.reflect(database.engine)
    with database.engine.begin() as connection:
        for table in schema.sorted_tables:
            if table.name != VERSION:
                connection.execute(table.insert().values({one.name: _any(one) for one in table.columns}))
    return {table.name for table in schema.sorted_tables} - {VERSION}


def _any(column):
    if column.foreign_keys and not isinstance(column.type, sa.Integer):
        return "1"
    return next(value for kind, value in ANY.items() if isinstance(column.type, kind))


def tables(database):
    return set(inspect(database.engine).get_table_names()) - {VERSION}
