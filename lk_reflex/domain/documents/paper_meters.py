"""The meters of a receipt: what billing counted in its month, and what stood on the dial before."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.documents.facts import MeterLine
from lk_reflex.domain.metering.average import volume_between
from lk_reflex.domain.metering.tables import Meter, Reading
from lk_reflex.domain.metering.units import scale_label, unit_of

AccountMonth = tuple[int, Month]

_METERS = (
    select(
        col(Meter.id),
        col(Meter.account_id),
        col(Meter.serial),
        col(Meter.name),
        col(Meter.place),
        col(Meter.resource),
        col(Meter.verification_due),
        col(Meter.installed_on),
        col(Meter.ended_on),
        col(Meter.digits),
        col(Meter.scales),
        col(Meter.decimals),
    )
    .where(col(Meter.account_id).in_(bindparam("accounts", expanding=True)))
    .order_by(col(Meter.account_id), col(Meter.id))
)
_READINGS = (
    select(
        col(Reading.meter_id), col(Reading.scale), col(Reading.accounted_on), col(Reading.taken_on), col(Reading.value)
    )
    .join(Meter, col(Meter.id) == col(Reading.meter_id))
    .where(
        col(Meter.account_id).in_(bindparam("accounts", expanding=True)), col(Reading.accounted_on) < bindparam("end")
    )
    .order_by(col(Reading.accounted_on), col(Reading.taken_on), col(Reading.id))
)


def meters_at(db: Reader, wanted: Collection[AccountMonth]) -> dict[AccountMonth, tuple[MeterLine, ...]]:
    """For each account and month its meters' lines, in two queries; the caller has proven whose they are."""
    accounts = sorted({account for account, _ in wanted})
    end = max(month for _, month in wanted).shift(1).first
    readings: dict[tuple[int, int], list[Any]] = defaultdict(list)
    for row in db.connection.execute(_READINGS, {"accounts": accounts, "end": end}):
        readings[row.meter_id, row.scale].append(row)
    meters: dict[int, list[Any]] = defaultdict(list)
    for row in db.connection.execute(_METERS, {"accounts": accounts}):
        meters[row.account_id].append(row)
    for rows in meters.values():
        rows.sort(key=lambda meter: (meter.name, meter.place, meter.serial, meter.id))
    return {
        (account, month): tuple(
            _line(meter, scale, readings[meter.id, scale], month)
            for meter in meters[account]
            if _counts(meter, month)
            for scale in range(1, meter.scales + 1)
        )
        for account, month in wanted
    }


def _counts(meter: Any, month: Month) -> bool:
    """Whether the meter was there in that month, for a day at least."""
    begun = meter.installed_on is None or Month.of(meter.installed_on) <= month
    return begun and (meter.ended_on is None or Month.of(meter.ended_on) >= month)


def _line(meter: Any, scale: int, readings: Sequence[Any], month: Month) -> MeterLine:
    before = [row for row in readings if row.accounted_on < month.first]
    within = [row for row in readings if Month.of(row.accounted_on) == month]
    previous, current = (rows[-1] if rows else None for rows in (before, within))
    return MeterLine(
        serial=meter.serial,
        name=meter.name,
        place=meter.place,
        scale=scale_label(scale, meter.scales),
        unit=unit_of(meter.resource),
        verification_due=meter.verification_due,
        previous=previous.value if previous else None,
        previous_on=previous.taken_on if previous else None,
        current=current.value if current else None,
        current_on=current.taken_on if current else None,
        volume=volume_between(previous.value, current.value, meter.digits) if previous and current else None,
        decimals=meter.decimals,
    )
