"""The requests to correct readings of an account, and what became of them, as its residents see them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.metering.tables import Meter, ReadingCorrection, SentReading
from lk_reflex.domain.metering.units import scale_label, unit_of

WAITS, CORRECTED, DECLINED, WITHDRAWN = "waits", "corrected", "declined", "withdrawn"
#: What has been decided is shown for so long.
SHOWN_FOR = timedelta(days=30)

_COLUMNS = (
    col(ReadingCorrection.id), col(ReadingCorrection.sent_reading_id), col(ReadingCorrection.user_id),
    col(ReadingCorrection.value), col(ReadingCorrection.taken_on), col(ReadingCorrection.explanation),
    col(ReadingCorrection.created_at), col(ReadingCorrection.accepted), col(ReadingCorrection.decided_at),
    col(ReadingCorrection.comment), col(ReadingCorrection.withdrawn), col(SentReading.value).label("old_value"),
    col(SentReading.taken_on).label("old_taken_on"), col(SentReading.period), col(SentReading.scale),
    col(Meter.name), col(Meter.serial), col(Meter.resource), col(Meter.scales),
)  # fmt: skip
_OF_ACCOUNT = (
    select(*_COLUMNS)
    .select_from(ReadingCorrection)
    .join(SentReading, col(SentReading.id) == col(ReadingCorrection.sent_reading_id))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .where(
        col(ReadingCorrection.account_id) == bindparam("account_id"),
        owned(col(ReadingCorrection.account_id)),
        or_(
            col(ReadingCorrection.decided_at).is_(None),
            col(ReadingCorrection.decided_at) > bindparam("since", type_=UtcTime()),
        ),
    )
    .order_by(col(ReadingCorrection.id).desc())
)


@dataclass(frozen=True, slots=True)
class Correction:
    """One request; values in thousandths of `unit`. `fate`: waits, corrected, declined or withdrawn."""

    correction_id: int
    sent_id: int
    mine: bool
    name: str
    serial: str
    label: str
    unit: str
    period: Month
    old_value: int
    old_taken_on: date
    value: int
    taken_on: date
    explanation: str
    created_at: datetime
    fate: str
    comment: str


def corrections_of(db: Reader, actor: Actor, account_id: int, *, now: datetime) -> tuple[Correction, ...]:
    """Those that wait and those decided in the last 30 days, newest first; nothing for what isn't the actor's."""
    rows = db.rows(_OF_ACCOUNT, account_id=account_id, since=now - SHOWN_FOR, **actor.owning)
    return tuple(_correction(row, actor) for row in rows)


def fate_of(row: Any) -> str:
    """What became of a request, from its row."""
    if row.decided_at is None:
        return WAITS
    if row.withdrawn:
        return WITHDRAWN
    return CORRECTED if row.accepted else DECLINED


def _correction(row: Any, actor: Actor) -> Correction:
    return Correction(
        correction_id=row.id,
        sent_id=row.sent_reading_id,
        mine=row.user_id == actor.user_id,
        name=row.name,
        serial=row.serial,
        label=scale_label(row.scale, row.scales),
        unit=unit_of(row.resource),
        period=row.period,
        old_value=row.old_value,
        old_taken_on=row.old_taken_on,
        value=row.value,
        taken_on=row.taken_on,
        explanation=row.explanation,
        created_at=row.created_at,
        fate=fate_of(row),
        comment=row.comment,
    )
