"""The consumption of an account's meters, each by itself and by resource, and what is odd about it."""

from dataclasses import dataclass
from datetime import date, datetime

from lk_reflex.core.db import Reader
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.metering.ledger import MeterRecord, Terms, meter_records, terms_of
from lk_reflex.domain.metering.meters import today_of
from lk_reflex.domain.metering.resources import RESOURCES, kind_of, resource_name
from lk_reflex.domain.metering.units import unit_of
from lk_reflex.domain.metering.usage.consumption import MonthVolume, added_up, meter_months
from lk_reflex.domain.metering.usage.hints import Hint, MeterUse, hints_of

#: A meter taken off so many months ago has no chart any more; its readings stay under «Показать».
FORGOTTEN_AFTER = 24


@dataclass(frozen=True, slots=True)
class ResourceUse:
    """All meters of one resource together; `meters` is how many they are."""

    kind: str
    name: str
    unit: str
    meters: int
    months: tuple[MonthVolume, ...]


@dataclass(frozen=True, slots=True)
class AccountUse:
    """What the charts of one account are drawn from."""

    today: date
    meters: tuple[MeterUse, ...]
    resources: tuple[ResourceUse, ...]
    hints: tuple[Hint, ...]


def use_of(db: Reader, actor: Actor, account_id: int, *, now: datetime) -> AccountUse:
    """Raises NotFound for an account that isn't the actor's."""
    terms = terms_of(db, actor, account_id)
    return use_from(meter_records(db, account_id), terms, today_of(terms, now))


def account_hints(db: Reader, actor: Actor, account_id: int, *, now: datetime) -> tuple[Hint, ...]:
    """Possible leaks and standing meters alone. Raises NotFound for an account that isn't the actor's."""
    return use_of(db, actor, account_id, now=now).hints


def use_from(records: list[MeterRecord], terms: Terms, today: date) -> AccountUse:
    """The same from an account's records that have been read already; whose they are the caller has proven."""
    meters = tuple(_meter_use(record, today) for record in records)
    kept = tuple(meter for meter in meters if not _forgotten(meter, today))
    return AccountUse(today, kept, _resources(kept), hints_of(meters, today=today, contact=terms.contact))


def _meter_use(record: MeterRecord, today: date) -> MeterUse:
    meter = record.meter
    histories = [record.histories[number].known() for number in record.scale_numbers]
    return MeterUse(
        meter.id,
        meter.serial,
        meter.name,
        meter.place,
        meter.resource,
        unit_of(meter.resource),
        meter.scales,
        meter.ended_on is None or meter.ended_on > today,
        meter_months(histories, meter.digits),
    )


def _forgotten(meter: MeterUse, today: date) -> bool:
    """Whether a meter was taken off so long ago that nobody asks for its months."""
    newest = meter.months[-1].month.ordinal if meter.months else 0
    return not meter.used and newest < today.year * 12 + today.month - 1 - FORGOTTEN_AFTER


def _resources(meters: tuple[MeterUse, ...]) -> tuple[ResourceUse, ...]:
    """In the order of RESOURCES; only resources of which something is known."""
    by_name: dict[tuple[str, str], list[MeterUse]] = {}
    for meter in meters:
        if meter.months:
            by_name.setdefault((resource_name(meter.resource), meter.unit), []).append(meter)
    found = [
        ResourceUse(kind_of(own[0].resource), name, unit, len(own), added_up([(one.months, one.used) for one in own]))
        for (name, unit), own in by_name.items()
    ]
    return tuple(sorted(found, key=lambda one: (RESOURCES.index(one.kind), one.name)))
