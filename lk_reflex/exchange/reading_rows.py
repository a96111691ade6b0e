"""The rows of an exported batch of readings, streamed from the database and spelled for billing."""

from collections.abc import Iterable, Iterator

from sqlalchemy import bindparam, select

from lk_reflex.core.db import Database
from lk_reflex.exchange.export_stream import Spelled, columns_of, day, local_minute, minute_of
from lk_reflex.exchange.out_file import safe_text
from lk_reflex.tables import METADATA

HEADER = ("ИНН", "Лицевой счет", "Код ПУ", "Зона", "Дата снятия", "Показание", "Объем", "Источник", "Передано")
#: The places of the columns that are numbers.
NUMBERS = (3, 5, 6)

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


def batch_rows(db: Database, export_id: int) -> Iterator[tuple[str, ...]]:
    """The rows of an export in the order in which they were sent."""
    text, days, minute = Spelled(safe_text), Spelled(day), Spelled(local_minute)
    for columns in columns_of(db, _BATCH, export_id):
        inns, accounts, codes, scales, taken, values, volumes, sources, moments, zones = columns
        yield from zip(
            map(text.__getitem__, inns), map(text.__getitem__, accounts), map(text.__getitem__, codes),
            map(str, scales), map(days.__getitem__, taken),
            _thousandths(values), _thousandths(volumes), map(text.__getitem__, sources),
            [minute[moment[0], zone] + moment[1] for moment, zone in zip(map(minute_of, moments), zones, strict=True)],
            strict=True,
        )  # fmt: skip


def _thousandths(values: Iterable[int]) -> list[str]:
    return [
        f"{value // 1000},{value % 1000:03d}" if value >= 0 else f"-{-value // 1000},{-value % 1000:03d}"
        for value in values
    ]
