"""A Core statement compiled once and run by the driver: a third of the cost of going through `execute`."""

from collections import namedtuple
from collections.abc import Callable
from typing import Any, Unpack

from sqlalchemy import Connection, Select
from sqlalchemy.engine import Dialect

Convert = Callable[[Any], Any]
#: A SELECT of any columns.
Query = Select[Unpack[tuple[Any, ...]]]


class Compiled:
    """SQL text, the order of its parameters, and the conversions in and out of the driver's types."""

    _cache: dict[tuple[int, str], "Compiled"] = {}

    def __init__(self, query: Query, dialect: Dialect) -> None:
        compiled = query.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        self.query = query  # kept, so that its identity stays taken
        self.sql = str(compiled)
        self.positions: list[str] | None = getattr(compiled, "positiontup", None)
        self.defaults = {key: value for key, value in compiled.params.items() if value is not None}
        self.binds = _conversions({k: b.type for k, b in compiled.binds.items()}, dialect, "bind_processor")
        columns = list(query.selected_columns)
        self.row = namedtuple("Row", [column.key or f"c{i}" for i, column in enumerate(columns)])
        found = _conversions({i: c.type for i, c in enumerate(columns)}, dialect, "result_processor")
        self.results: list[tuple[int, Convert]] = [(int(index), convert) for index, convert in found.items()]

    @classmethod
    def of(cls, query: Query, dialect: Dialect) -> "Compiled":
        """The compiled form, from the cache after the first time."""
        key = (id(query), dialect.name)
        made = cls._cache.get(key)
        if made is None:
            made = cls._cache[key] = cls(query, dialect)
        return made

    def rows(self, connection: Connection, params: dict[str, Any]) -> list[Any]:
        """Execute with these parameters; KeyError for a missing one, the driver's own errors otherwise."""
        given = {**self.defaults, **params}
        for name, convert in self.binds.items():
            given[name] = convert(given[name])
        cursor = connection.connection.cursor()
        try:
            cursor.execute(self.sql, [given[name] for name in self.positions] if self.positions is not None else given)
            found = cursor.fetchall()
        finally:
            cursor.close()
        make = self.row._make
        if not self.results:
            return [make(row) for row in found]
        return [make(self._convert(row)) for row in found]

    def _convert(self, row: tuple[Any, ...]) -> list[Any]:
        values = list(row)
        for index, convert in self.results:
            values[index] = convert(values[index])
        return values


def _conversions(types: dict[Any, Any], dialect: Dialect, which: str) -> dict[Any, Convert]:
    made: dict[Any, Convert] = {}
    for key, kind in types.items():
        real = kind.dialect_impl(dialect)
        convert = real.bind_processor(dialect) if which == "bind_processor" else real.result_processor(dialect, None)
        if convert is not None:
            made[key] = convert
    return made
