"""Many rows as one: the database puts them into a JSON array, which the driver hands over in a single step.

Python's sqlite3 lets go of the interpreter's lock at each row, and with several busy threads each time waits to get
it back; for a table of eight rows that costs more than reading them.
"""

from typing import Any

from sqlalchemy import JSON, Select, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import GenericFunction

from lk_reflex.core.compiled import Query


class _RowsAsJson(GenericFunction[Any]):
    """An array of arrays: one of the arguments' values for each row."""

    type = JSON()
    inherit_cache = True
    name = "lk_rows_as_json"


@compiles(_RowsAsJson, "sqlite")
def _on_sqlite(element: _RowsAsJson, compiler: Any, **options: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **options)}))"


@compiles(_RowsAsJson, "postgresql")
def _on_postgresql(element: _RowsAsJson, compiler: Any, **options: Any) -> str:
    return f"json_agg(json_build_array({compiler.process(element.clauses, **options)}))"


def as_one_row(query: Query) -> Select[Any]:
    """The same rows in the same order, as a list of lists in one value; None or empty where there are none.

    For columns of text, whole numbers and truth: JSON knows neither dates nor our own types.
    """
    rows = query.subquery("rows")
    return select(_RowsAsJson(*rows.columns).label("rows"))
