"""The rows of an exported batch of readings, streamed from the database and spelled for billing."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, select

from lk_reflex.core.clock import local_time
from lk_reflex.core.compiled import Compiled
from lk_reflex.core.db import Database
from lk_reflex.exchange.out_file import safe_text
from lk_reflex.tables import METADATA

HEADER = ("ИНН", "Лицевой счет", "Код ПУ", "Зона", "Дата снятия", "Показание", "Объем", "Источник", "Передано")
#: The places of the columns that are numbers.
NUMBERS = (3, 5, 6)
_PORTION = 2_000
_REMEMBERED = 8_000

_organizations, _accounts, _meters, _sent, _submissions = (
    METADATA.tables[name] for name in ("organizations", "accounts", "meters", "sent_readings", "submissions")
)
# The account is the one that the reading was sent for: the meter may have moved to another since.
_BATCH = (
    select(
        _organizations.c.inn, _accounts.c.number, _meters.c.code, _sent.c.scale, _sent.c.taken_on, _sent.c.value,
        _sent.c.volume, _submissions.c.source, _submissions.c.created_at, _organizations.c.time_zone,
    )
    .select_from(_sent)
    .join(_submissions, _submissions.c.id == _sent.c.submission_id)
    .join(_meters, _meters.c.id == _sent.c.meter_id)
    .join(_accounts, _accounts.c.id == _submissions.c.account_id)
    .join(_organizations, _organizations.c.id == _accounts.c.organization_id)
    .where(_sent.c.export_id == bindparam("export"))
    .order_by(_sent.c.id)
)  # fmt: skip


class _Spelled(dict[Any, str]):
    """Value → its spelling, remembered for a while: a submission's moment and an account repeat from row to row."""

    def __init__(self, spell: Callable[[Any], str]) -> None:
        super().__init__()
        self.spell = spell

    def __missing__(self, value: Any) -> str:
        if len(self) >= _REMEMBERED:
            self.clear()
        text = self[value] = self.spell(value)
        return text


def batch_rows(db: Database, export_id: int) -> Iterator[tuple[str, ...]]:
    """The rows of an export in the order in which they were sent; memory doesn't grow with their number."""
    text, day, minute = _Spelled(safe_text), _Spelled(_day), _Spelled(_local_minute)
    with db.engine.connect() as connection:
        for rows in _portions(connection, export_id):
            inns, accounts, codes, scales, days, values, volumes, sources, moments, zones = zip(*rows, strict=True)
            yield from zip(
                map(text.__getitem__, inns), map(text.__getitem__, accounts), map(text.__getitem__, codes),
                map(str, scales), map(day.__getitem__, days),
                _thousandths(values), _thousandths(volumes), map(text.__getitem__, sources),
                [minute[moment[0], zone] + moment[1] for moment, zone in zip(map(_cut, moments), zones, strict=True)],
                strict=True,
            )  # fmt: skip


def _portions(connection: Any, export_id: int) -> Iterator[list[Any]]:
    """Rows as the driver gives them, some at a time; PostgreSQL needs a cursor on its own side for that."""
    compiled = Compiled.of(_BATCH, connection.dialect)
    given = [export_id] if compiled.positions is not None else {"export": export_id}
    driver = connection.connection.driver_connection
    cursor = driver.cursor() if connection.dialect.name == "sqlite" else driver.cursor(name="export")
    try:
        cursor.execute(compiled.sql, given)
        while rows := cursor.fetchmany(_PORTION):
            yield rows
    finally:
        cursor.close()


def _thousandths(values: Iterable[int]) -> list[str]:
    return [
        f"{value // 1000},{value % 1000:03d}" if value >= 0 else f"-{-value // 1000},{-value % 1000:03d}"
        for value in values
    ]


def _day(value: Any) -> str:
    """SQLite gives «2026-11-20», PostgreSQL a date."""
    year, month, day = str(value).split("-")
    return f"{day}.{month}.{year}"


def _cut(moment: Any) -> tuple[Any, str]:
    """A moment's minute, which many share, and its seconds. SQLite gives a text, PostgreSQL an aware datetime."""
    if isinstance(moment, str):
        return moment[:16], moment[16:19]
    return moment.replace(second=0, microsecond=0), f":{moment.second:02d}"


def _local_minute(given: tuple[Any, str]) -> str:
    minute, zone = given
    moment = minute if isinstance(minute, datetime) else datetime.fromisoformat(minute).replace(tzinfo=UTC)
    return f"{local_time(moment, zone):%d.%m.%Y %H:%M}"
