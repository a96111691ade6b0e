"""Reads SQLite's plan of a statement: a table that grows may be searched by an index, never scanned."""

from sqlalchemy import Select

from lk_reflex.core.compiled import Compiled
from lk_reflex.core.db import Database


def plan(database: Database, query: Select, **params) -> list[str]:
    """The steps of the plan, as SQLite words them."""

    def explain(db) -> list[str]:
        made = Compiled.of(query, db.connection.dialect)
        given = {**made.defaults, **params}
        for name, convert in made.binds.items():
            given[name] = convert(given[name])
        cursor = db.connection.connection.cursor()
        cursor.execute("EXPLAIN QUERY PLAN " + made.sql, [given[name] for name in made.positions])
        return [row[3] for row in cursor.fetchall()]

    return database.read(explain)


def scans(steps: list[str]) -> list[str]:
    """The steps that walk through a whole table (walking a subquery's own rows is fine)."""
    return [step for step in steps if step.startswith("SCAN ") and step not in ("SCAN newest", "SCAN CONSTANT ROW")]
