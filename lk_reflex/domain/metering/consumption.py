"""How much a meter counted month by month, for its chart."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.metering.average import Known, volume_between
from lk_reflex.domain.metering.history import NO_METER
from lk_reflex.domain.metering.ledger import meter_records, terms_of
from lk_reflex.domain.metering.units import unit_of

MONTHS = 13


@dataclass(frozen=True, slots=True)
class MonthVolume:
    """What the readings taken in a month added, in thousandths; None where none was taken."""

    month: Month
    volume: int | None


@dataclass(frozen=True, slots=True)
class Consumption:
    """The last thirteen months up to the newest reading, oldest first; empty while there are no two readings."""

    unit: str
    months: tuple[MonthVolume, ...]


def consumption_of(db: Reader, actor: Actor, account_id: int, meter_id: int) -> Consumption:
    """All scales of a meter together. Raises NotFound for what isn't the actor's."""
    terms_of(db, actor, account_id)
    record = next((one for one in meter_records(db, account_id) if one.meter.id == meter_id), None)
    if record is None:
        raise NotFound(NO_METER)
    histories = [record.histories[number].known() for number in record.scale_numbers]
    return Consumption(unit_of(record.meter.resource), monthly_volumes(histories, record.meter.digits))


def monthly_volumes(histories: Iterable[list[Known]], digits: int) -> tuple[MonthVolume, ...]:
    """Volumes by the month in which the later reading of each pair was taken; histories are oldest first."""
    volumes: dict[Month, int] = defaultdict(int)
    for history in histories:
        for earlier, later in pairwise(history):
            volumes[Month.of(later.taken_on)] += volume_between(earlier.value, later.value, digits)
    if not volumes:
        return ()
    newest = max(volumes)
    first = max(min(volumes), newest.shift(1 - MONTHS))
    months = [first.shift(step) for step in range(newest.ordinal - first.ordinal + 1)]
    return tuple(MonthVolume(month, volumes.get(month)) for month in months)
