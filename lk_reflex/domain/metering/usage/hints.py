"""What monthly figures make one suspect: a leak, or a meter that stands still. Pure: months in, calm sentences out.

The thresholds are ours, and careful on purpose: a false alarm sends an old person looking for a plumber.

**High use** (water and electricity; heat and gas follow the weather). The two newest months both lie over the usual
and rise: the newest at least twice the usual, the one before at least 1.3 times, and the newest exceeds the usual by
3 m³ or 100 kW·h. Two months, since one is guests, a wash before a holiday, or a reading typed wrong (which the form of
readings asks about by itself). The 3 m³ are a hundred litres a day: what a cistern loses that never quite closes.
The usual is the median of up to six months before those two in which the meter moved at all, so that a summer away
makes nobody's return a leak; where the same season of last year took more, that counts instead (watering a garden in
July isn't a leak). Fewer than four such months tell nothing: a new meter has no usual.

**Standing still** (water and electricity). No movement in the three newest months while others show that somebody
lives there: a cubic metre through another water meter, or 80 kW·h, in every one of them. An empty flat's fridge takes
30-40 kW·h, so that absence doesn't count as life. Beside another moving meter of the same resource (kitchen and
bathroom) it takes six months: a room may be out of use. One that has stood still for longer than a year says so at
the meter alone and no more on the overview: whoever has a boiler instead has read it by then.

Volumes that were spread over several months, estimates of their kind, start no hint of high use; figures older than
two months start none at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import median_low

from lk_reflex.core.exact import NBSP
from lk_reflex.core.months import Month
from lk_reflex.domain.metering.resources import COLD, HOT, POWER, kind_of
from lk_reflex.domain.metering.units import about, brief, plural
from lk_reflex.domain.metering.usage.consumption import MonthVolume

HIGH, STANDING = "high", "standing"
#: Thousandths of m³ and of kW·h over the usual.
EXCESS = {COLD: 3_000, HOT: 3_000, POWER: 100_000}
#: What shows, in one month, that somebody lives there.
LIVED = {COLD: 1_000, HOT: 1_000, POWER: 80_000}
BASE_MONTHS, FEWEST = 6, 4
STOOD, STOOD_BESIDE, OLD_NEWS = 3, 6, 12
FRESH_MONTHS = 2

_CLOSE_TAPS = "Закройте все краны и посмотрите на счётчик: если цифры меняются, где-то течёт. "
ADVICE = {
    COLD: f"{_CLOSE_TAPS}Проверьте бачок унитаза, смесители и гибкие шланги.",
    HOT: f"{_CLOSE_TAPS}Проверьте смесители, гибкие шланги и полотенцесушитель.",
    POWER: (
        "Выключите из розеток все приборы и посмотрите на счётчик: если он считает, вызовите электрика."
        " Чаще всего причина в обогревателе, водонагревателе или старом холодильнике."
    ),
}
_WITH = {COLD: "холодной водой", HOT: "горячей водой", POWER: "электричеством"}
_RUNS = {COLD: "холодная вода", HOT: "горячая вода", POWER: "электричество"}


@dataclass(frozen=True, slots=True)
class MeterUse:
    """One meter's months, oldest first, without gaps. `used`: whether it still counts."""

    meter_id: int
    serial: str
    name: str
    place: str
    resource: str
    unit: str
    scales: int
    used: bool
    months: tuple[MonthVolume, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """`kind`: HIGH or STANDING. `text` ends with what to do. `news`: whether it belongs on the overview as well."""

    meter_id: int
    kind: str
    title: str
    text: str
    since: Month
    news: bool = True


def hints_of(meters: Sequence[MeterUse], *, today: date, contact: str) -> tuple[Hint, ...]:
    """At most one for each meter in use, in the meters' order; `contact` names the organization and its telephone."""
    fresh = [meter for meter in meters if _fresh(meter, today)]
    found = (_high(meter) or _standing(meter, fresh, contact) for meter in fresh)
    return tuple(hint for hint in found if hint is not None)


def _fresh(meter: MeterUse, today: date) -> bool:
    if not meter.used or not meter.months or kind_of(meter.resource) not in EXCESS:
        return False
    return meter.months[-1].month >= Month.of(today).shift(-FRESH_MONTHS)


def _high(meter: MeterUse) -> Hint | None:
    if len(meter.months) < 2 + FEWEST:
        return None
    before, newest = meter.months[-2:]
    usual = _usual(meter.months)
    if usual is None or not (_read(before) and _read(newest)):
        return None
    now, then = newest.volume or 0, before.volume or 0
    kind = kind_of(meter.resource)
    far = now >= 2 * usual and then * 10 >= usual * 13 and now - usual >= EXCESS[kind]
    if not (far and now > then):
        return None
    what = "Заметно вырос расход" if kind == POWER else "Возможна утечка"
    said = (
        f"В {newest.month.within} {brief(now, meter.unit)}, в {before.month.within} {brief(then, meter.unit)},"
        f" обычно около {about(usual, meter.unit)} в месяц. {ADVICE[kind]}"
    )
    return Hint(meter.meter_id, HIGH, f"{what}: {_named(meter)}", said, before.month)


def _usual(months: Sequence[MonthVolume]) -> int | None:
    """Thousandths a month, or None where too little is known."""
    base = [one.volume for one in months[-2 - BASE_MONTHS : -2] if one.volume is not None and one.volume > 0]
    if len(base) < FEWEST:
        return None
    newest = months[-1].month
    season = [one.volume for one in months if one.volume and 11 <= newest.ordinal - one.month.ordinal <= 13]
    return max(median_low(base), max(season, default=0))


def _read(one: MonthVolume) -> bool:
    return one.volume is not None and one.spread == 1 and one.whole


def _standing(meter: MeterUse, others: Sequence[MeterUse], contact: str) -> Hint | None:
    stood = _stood_for(meter.months)
    if stood < STOOD:
        return None
    beside = [one for one in others if one is not meter]
    kind = kind_of(meter.resource)
    movers = [one for one in beside if _moves(one, meter.months[-1].month)]
    same = [one for one in movers if kind_of(one.resource) == kind]
    if not movers or (same and stood < STOOD_BESIDE):
        return None
    # Another resource tells more: that the kitchen's tap runs says nothing of the bathroom's.
    runs = _RUNS[kind_of(next((one for one in movers if one not in same), movers[0]).resource)]
    months = plural(stood, "месяц", "месяца", "месяцев")
    said = (
        f"Показание не меняется {months} подряд, хотя расходуется {runs}. Если {_WITH[kind]} там пользуются,"
        f" покажите счётчик организации: {_unbroken(contact)}. Если не пользуются, ничего делать не нужно."
    )
    return Hint(
        meter.meter_id, STANDING, f"Счётчик стоит: {_named(meter)}", said,
        meter.months[-stood].month, stood <= OLD_NEWS,
    )  # fmt: skip


def _stood_for(months: Sequence[MonthVolume]) -> int:
    """How many months up to the newest passed without movement."""
    count = 0
    for one in reversed(months):
        if one.volume != 0:
            break
        count += 1
    return count


def _moves(meter: MeterUse, until: Month) -> bool:
    """Whether it has counted enough for somebody living there in each of the last months."""
    known = {one.month: one.volume or 0 for one in meter.months}
    least = LIVED[kind_of(meter.resource)]
    return all(known.get(until.shift(-step), 0) >= least for step in range(STOOD))


def _named(meter: MeterUse) -> str:
    return f"{meter.name} №{NBSP}{meter.serial}"


def _unbroken(contact: str) -> str:
    """A telephone number stays on its line."""
    name, comma, phone = contact.partition(", телефон ")
    return name + comma + phone.replace(" ", NBSP)
