"""A Core statement compiled once and run by the driver: a third of the cost of going through `execute`."""

from collections import namedtuple
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect

Convert = Callable[[Any], Any]
#: A SELECT of any columns.
Query = Select[*tuple[Any, ...]]


class Compiled:
    """SQL text, the order of its parameters, and the conversions in and out of the driver's types."""

    _cache: dict[tuple[int, str], "Compiled"] = {}

    def __init__(self, query: Query, dialect: Dialect) -> None:
        compiled: Any = query.compile(dialect=dialect)
        names = {bind: name for bind, name in compiled.bind_names.items() if not bind.expanding}
        awaited = {bind.key for bind in names if bind.required}
        # A list written into a statement («IN») becomes as many parameters as it has members.
        spread = compiled.construct_expanded_state(dict.fromkeys(awaited), escape_names=False)
        self.query, self.dialect = query, dialect  # the query is kept, so that its identity stays taken
        self.sql: str = spread.statement
        self.positions: list[str] | None = spread.positiontup
        self.defaults = {key: value for key, value in spread.parameters.items() if key not in awaited}
        kinds = ((name, bind.type.dialect_impl(dialect)) for bind, name in names.items())
        converts = {name: kind.bind_processor(dialect) for name, kind in kinds}
        self.binds: dict[str, Convert] = {name: c for name, c in converts.items() if c} | dict(spread.processors)
        self.columns = list(query.selected_columns)
        self.row = namedtuple("Row", [column.key or f"c{i}" for i, column in enumerate(self.columns)])
        self.results: list[tuple[int, Convert]] | None = None

    @classmethod
    def of(cls, query: Query, dialect: Dialect) -> "Compiled":
        """The compiled form, from the cache after the first time."""
        key = (id(query), dialect.name)
        made = cls._cache.get(key)
        if made is None:
            made = cls._cache[key] = cls(query, dialect)
        return made

    def rows(self, connection: Connection, params: dict[str, Any]) -> list[Any]:
        """Execute with these parameters; a missing one is an error (KeyError or the driver's own)."""
        given = {**self.defaults, **params}
        for name, convert in self.binds.items():
            given[name] = convert(given[name])
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self.sql, [given[name] for name in self.positions] if self.positions is not None else given)
            found = cursor.fetchall()
            if self.results is None:
                self.results = self._results([kind[1] for kind in cursor.description])
        finally:
            cursor.close()
        make = self.row._make
        if not self.results:
            return [make(row) for row in found]
        return [make(_converted(row, self.results)) for row in found]

    def _results(self, driver_types: list[Any]) -> list[tuple[int, Convert]]:
        """What to do with which column; some conversions depend on the type that the driver reports."""
        made = []
        for index, (column, reported) in enumerate(zip(self.columns, driver_types, strict=True)):
            convert = column.type.dialect_impl(self.dialect).result_processor(self.dialect, reported)
            if convert is not None:
                made.append((index, convert))
        return made


def _converted(row: tuple[Any, ...], results: list[tuple[int, Convert]]) -> list[Any]:
    values = list(row)
    for index, convert in results:
        values[index] = convert(values[index])
    return values
