"""Rows of an exported batch as the driver gives them, some at a time, and the spelling of what repeats in them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

from lk_reflex.core.clock import local_time
from lk_reflex.core.compiled import Compiled, Query
from lk_reflex.core.db import Database

_PORTION = 2_000
_REMEMBERED = 8_000


class Spelled(dict[Any, str]):
    """Value → its spelling, remembered for a while: a moment and an account repeat from row to row."""

    def __init__(self, spell: Callable[[Any], str]) -> None:
        super().__init__()
        self.spell = spell

    def __missing__(self, value: Any) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        text = self[value] = self.spell(value)
        return text


def columns_of(db: Database, query: Query, export_id: int) -> Iterator[list[tuple[Any, ...]]]:
    """The columns of a batch's rows, portion by portion; memory doesn't grow with their number.

    `query` has the one parameter `export`. PostgreSQL needs a cursor on its own side.
    """
    with db.engine.connect() as connection:
        compiled = Compiled.of(query, connection.dialect)
        named = {**compiled.defaults, "export": export_id}
        given: Any = named if compiled.positions is None else [named[name] for name in compiled.positions]
        driver: Any = connection.connection.driver_connection
        cursor = driver.cursor() if connection.dialect.name == "sqlite" else driver.cursor(name="export")
        try:
            cursor.execute(compiled.sql, given)
            while rows := cursor.fetchmany(_PORTION):
                yield list(zip(*rows, strict=True))
        finally:
            cursor.close()


def day(value: Any) -> str:
    """«20.11.2026»; SQLite gives «2026-11-20», PostgreSQL a date."""
    year, month, number = str(value).split("-")
    return f"{number}.{month}.{year}"


def minute_of(moment: Any) -> tuple[Any, str]:
    """A moment's minute, which many share, and its seconds. SQLite gives a text, PostgreSQL an aware datetime."""
    if isinstance(moment, str):
        return moment[:16], moment[16:19]
    return moment.replace(second=0, microsecond=0), f":{moment.second:02d}"


def local_minute(given: tuple[Any, str]) -> str:
    """«20.11.2026 15:00» out of a minute and a zone."""
    minute, zone = given
    moment = minute if isinstance(minute, datetime) else datetime.fromisoformat(minute).replace(tzinfo=UTC)
    return f"{local_time(moment, zone):%d.%m.%Y %H:%M}"
