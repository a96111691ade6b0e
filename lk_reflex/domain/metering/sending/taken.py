"""What one sending has stored, read back from the database: the same for the first answer and for every repeat."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.metering import rules
from lk_reflex.domain.metering.ledger import Terms
from lk_reflex.domain.metering.meters import row_of
from lk_reflex.domain.metering.tables import Meter, SentReading
from lk_reflex.domain.metering.units import scale_label, unit_of

_TAKEN = (
    select(
        col(SentReading.meter_id),
        col(SentReading.scale),
        col(SentReading.period),
        col(SentReading.taken_on),
        col(SentReading.value),
        col(SentReading.volume),
        col(Meter.name),
        col(Meter.serial),
        col(Meter.resource),
        col(Meter.scales),
        col(Meter.decimals),
        col(Meter.verification_due),
    )
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .where(col(SentReading.submission_id) == bindparam("submission_id"))
    .order_by(col(SentReading.id))
)


@dataclass(frozen=True, slots=True)
class TakenReading:
    """One reading that was taken; `value` and `volume` in thousandths of `unit`, `warning` on its verification."""

    row: str
    name: str
    serial: str
    label: str
    resource: str
    value: int
    volume: int
    unit: str
    warning: str
    decimals: int = 3


@dataclass(frozen=True, slots=True)
class Taken:
    """What one sending has stored, and the consequences: volume by resource for the period."""

    submission_id: int
    at: datetime
    period: Month
    taken_on: date
    readings: tuple[TakenReading, ...]
    totals: tuple[tuple[str, int, str], ...]


def taken_by(db: Reader, submission_id: int, at: datetime, terms: Terms) -> Taken:
    """The readings of a submission, in the order of the form; `at` is when they came."""
    rows = db.rows(_TAKEN, submission_id=submission_id)
    day = local_date(at, terms.time_zone)
    totals: dict[tuple[str, str], int] = {}
    for row in rows:
        resource = (row.resource, unit_of(row.resource))
        totals[resource] = totals.get(resource, 0) + row.volume
    return Taken(
        submission_id,
        at,
        rows[0].period,
        rows[0].taken_on,
        tuple(_taken_reading(row, day) for row in rows),
        tuple((resource, volume, unit) for (resource, unit), volume in totals.items()),
    )


def _taken_reading(row: Any, day: date) -> TakenReading:
    return TakenReading(
        row=row_of(row.meter_id, row.scale),
        name=row.name,
        serial=row.serial,
        label=scale_label(row.scale, row.scales),
        resource=row.resource,
        value=row.value,
        volume=row.volume,
        unit=unit_of(row.resource),
        warning=rules.verification_warning(today=day, verification_due=row.verification_due),
        decimals=row.decimals,
    )
