"""Writes portions of rows into the tables at the speed of the driver, inside the import's one transaction.

The statements are made from the tables' metadata. A row whose key came earlier in the same run is left as it is and
shows as not affected: that is how duplicate keys within a file are found without remembering them.
"""

import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import psycopg.sql
from sqlalchemy import Column, ColumnElement, Integer, MetaData, Table, bindparam, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import ARRAY, BigInteger, Text

from lk_reflex.core.db import Writer
from lk_reflex.core.schema import MonthNumber
from lk_reflex.exchange.layout import Layout

Key = tuple[Any, ...]


class Store(ABC):
    """What both databases have in common."""

    #: Whether a portion must not repeat a key; else repeats show as rows not affected.
    unique_portions = False
    #: How the driver marks parameters by place.
    paramstyle = "qmark"

    def __init__(self, writer: Writer, run_id: int, now: datetime) -> None:
        self.writer, self.connection = writer, writer.connection
        self.run_id, self.now = run_id, now
        self.driver: Any = writer.connection.connection.driver_connection
        self._ways: dict[str, Any] = {}
        self._finders: dict[tuple[str, bool], Any] = {}

    def write(self, layout: Layout, names: Sequence[str], rows: Iterable[Key], kept: frozenset[str]) -> int:
        """Insert or update; values in the order of `names`. `kept` aren't touched in a row that exists.

        Returns the number of rows affected: fewer than given where keys repeat within this run.
        """
        way = self._ways.get(layout.name)
        if way is None:  # outside the savepoint, which may be rolled back
            way = self._ways[layout.name] = self._prepare(layout, names, kept)
        self.connection.exec_driver_sql("SAVEPOINT portion")
        return self._write(way, rows)

    def keep(self) -> None:
        """Agree with the last `write`."""
        self.connection.exec_driver_sql("RELEASE SAVEPOINT portion")

    def undo(self) -> None:
        """Take the last `write` back."""
        self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT portion")
        self.keep()

    def find(self, table: Table, columns: Sequence[str], keys: Sequence[Key], *, this_run: bool = False) -> list[Any]:
        """The id for each key, None where there is no such row; `this_run`: only rows of this import."""
        ids: list[Any] = [None] * len(keys)
        if not keys:
            return ids
        finder = self._finders.get((table.name, this_run))
        if finder is None:
            finder = self._finders[table.name, this_run] = self._finder(table, columns, this_run)
        found: Any = self.connection.execute(finder, self._parameters(keys)).all()
        for index, row_id in found:
            ids[index] = row_id
        return ids

    def add_all(self, statement: str, rows: Sequence[Key]) -> None:
        """Run the driver's own text of a statement for many rows."""
        self.driver.cursor().executemany(statement, rows)

    def _finder(self, table: Table, columns: Sequence[str], this_run: bool) -> Any:
        index, values, source = self._keys(table, columns)
        query = select(index, table.c.id).select_from(source)
        for column, value in zip(columns, values, strict=True):
            query = query.where(table.c[column] == value)
        return query.where(table.c.import_id == self.run_id) if this_run else query

    @abstractmethod
    def _prepare(self, layout: Layout, names: Sequence[str], kept: frozenset[str]) -> Any: ...

    @abstractmethod
    def _write(self, way: Any, rows: Iterable[Key]) -> int: ...

    @abstractmethod
    def _keys(self, table: Table, columns: Sequence[str]) -> tuple[ColumnElement[int], list[Any], Any]: ...

    @abstractmethod
    def _parameters(self, keys: Sequence[Key]) -> dict[str, Any]: ...

    @abstractmethod
    def close(self) -> None:
        """Leave the connection as it was found."""


def _refresh(insert: Any, layout: Layout, names: Sequence[str], kept: frozenset[str]) -> Any:
    fixed = {*layout.key, *kept}
    return insert.on_conflict_do_update(
        index_elements=list(layout.key),
        set_={name: insert.excluded[name] for name in names if name not in fixed},
        where=layout.table.c.import_id != insert.excluded.import_id,
    )


class SqliteStore(Store):
    """`executemany` of one upsert."""

    def __init__(self, writer: Writer, run_id: int, now: datetime) -> None:
        super().__init__(writer, run_id, now)
        # Mapped pages would count as this process's memory and grow with the database.
        self._mapped = self.driver.execute("PRAGMA mmap_size").fetchone()[0]
        self.driver.execute("PRAGMA mmap_size=0")

    def _prepare(self, layout: Layout, names: Sequence[str], kept: frozenset[str]) -> str:
        insert = sqlite.insert(layout.table).values({name: bindparam(name) for name in names})
        compiled: Any = _refresh(insert, layout, names, kept).compile(dialect=sqlite.dialect(paramstyle="qmark"))
        if compiled.positiontup != list(names):
            raise RuntimeError(f"{layout.name}: columns {names} became {compiled.positiontup}")
        return str(compiled)

    def _write(self, way: Any, rows: Iterable[Key]) -> int:
        return self.driver.executemany(way, rows).rowcount

    def _keys(self, table: Table, columns: Sequence[str]) -> tuple[ColumnElement[int], list[Any], Any]:
        each = func.json_each(bindparam("keys")).table_valued("key", "value")
        values = [func.json_extract(each.c.value, f"$[{place}]") for place in range(len(columns))]
        return each.c.key, values, each

    def _parameters(self, keys: Sequence[Key]) -> dict[str, Any]:
        return {"keys": json.dumps(keys, ensure_ascii=False)}

    def close(self) -> None:
        """Map the file again."""
        self.driver.execute(f"PRAGMA mmap_size={int(self._mapped)}")


class PostgresStore(Store):
    """COPY into a temporary table, then one INSERT … SELECT … ON CONFLICT, which refuses to touch a row twice."""

    unique_portions = True
    paramstyle = "format"

    def __init__(self, writer: Writer, run_id: int, now: datetime) -> None:
        super().__init__(writer, run_id, now)
        # Fresh tables have no statistics: left alone, the planner reads them whole for every portion, and the
        # plans of foreign keys, made while a table is still small, stay so for the transaction.
        for method in ("seqscan", "hashjoin", "mergejoin"):
            self.connection.exec_driver_sql(f"SET LOCAL enable_{method} = off")

    def _prepare(self, layout: Layout, names: Sequence[str], kept: frozenset[str]) -> Any:
        columns = [Column(name, layout.table.c[name].type) for name in names]
        name = f"stage_{layout.name}"
        stage = Table(name, MetaData(), *columns, prefixes=["TEMPORARY"], postgresql_on_commit="DROP")
        stage.create(self.connection)
        insert = postgresql.insert(layout.table).from_select(list(names), select(*stage.c))
        refresh = _refresh(insert, layout, names, kept).execution_options(preserve_rowcount=True)
        identifiers = psycopg.sql.SQL(", ").join(map(psycopg.sql.Identifier, names))
        copy = psycopg.sql.SQL("COPY {} ({}) FROM STDIN").format(psycopg.sql.Identifier(name), identifiers)
        return f"TRUNCATE {name}", copy, refresh

    def _write(self, way: Any, rows: Iterable[Key]) -> int:
        clear, into, refresh = way
        with self.driver.cursor() as cursor:
            cursor.execute(clear)
            with cursor.copy(into) as copy:
                write = copy.write_row
                for row in rows:
                    write(row)
        return self.connection.execute(refresh).rowcount

    def _keys(self, table: Table, columns: Sequence[str]) -> tuple[ColumnElement[int], list[Any], Any]:
        types = [table.c[name].type for name in columns]
        whole = [BigInteger if isinstance(kind, Integer | MonthNumber) else Text for kind in types]
        arrays = [cast(bindparam(f"key{place}"), ARRAY(kind)) for place, kind in enumerate(whole)]
        names = [f"v{place}" for place in range(len(columns))]
        each = func.unnest(*arrays).table_valued(*names, with_ordinality="place").render_derived()
        values = [cast(each.c[name], kind) for name, kind in zip(names, types, strict=True)]
        return each.c.place - 1, values, each

    def _parameters(self, keys: Sequence[Key]) -> dict[str, Any]:
        return {f"key{place}": list(values) for place, values in enumerate(zip(*keys, strict=True))}

    def close(self) -> None:
        """The settings end with the transaction."""


def open_store(writer: Writer, run_id: int, now: datetime) -> Store:
    """The store for the database of this transaction; `now` is the import's one moment."""
    kind = SqliteStore if writer.connection.dialect.name == "sqlite" else PostgresStore
    return kind(writer, run_id, now)
