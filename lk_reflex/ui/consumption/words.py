"""A year of consumption in one sentence. Pure: figures in, words out."""

from collections.abc import Sequence
from datetime import date

from lk_reflex.core.exact import NBSP
from lk_reflex.core.months import Month
from lk_reflex.domain.metering.units import CUBIC_METRES, KILOWATT_HOURS, about, brief, plural
from lk_reflex.domain.metering.usage.consumption import SHOWN, MonthVolume, year_before

#: Under so little (thousandths of the unit) a percentage says nothing: from 0,1 to 0,3 m³ is «на 200 % больше».
LEAST_BASE = {CUBIC_METRES: 1_000, KILOWATT_HOURS: 20_000}
LEAST_BASE_OF_OTHERS = 100
#: A change beyond it is told by both figures: nobody reads «на 640 % больше».
MOST_PERCENT = 200


def use_sentence(months: Sequence[MonthVolume], unit: str, today: date) -> str:
    """«В октябре 4,2 м³, на 20 % больше, чем год назад.»; of the newest month that is whole."""
    whole = [one for one in months if one.volume is not None and one.whole]
    if not whole:
        return ""
    newest = whole[-1]
    when = f"В {newest.month.within}" + (f" {newest.month.year} года" if newest.month.year != today.year else "")
    volume = newest.volume or 0
    if newest.spread > 1:
        over = plural(newest.spread, "месяц", "месяца", "месяцев")
        return f"{when} в среднем {about(volume, unit)}: показание сняли сразу за {over}."
    if volume < 0:
        return f"{when} показание исправили вниз на {brief(-volume, unit)}."
    if volume == 0:
        return f"{when} расхода не было{_before_nothing(year_before(months).get(newest.month), unit)}."
    return f"{when} {brief(volume, unit)}{_compared(volume, months, newest.month, unit)}."


def _before_nothing(before: int | None, unit: str) -> str:
    if before is None:
        return ""
    return f"; год назад было {brief(before, unit)}" if before else ", как и год назад"


def _compared(volume: int, months: Sequence[MonthVolume], month: Month, unit: str) -> str:
    before = year_before(months).get(month)
    if before is not None:
        return difference(volume, before, unit, "чем год назад", "год назад")
    average = average_of(months, until=month)
    if average is None:
        return ""
    return f"; в среднем {about(average, unit)} в месяц"


def difference(volume: int, before: int, unit: str, than: str, then: str) -> str:
    """«, на 20 % больше, чем год назад», or both figures where a percentage would say nothing."""
    if before < LEAST_BASE.get(unit, LEAST_BASE_OF_OTHERS):
        return f"; {then} было {brief(before, unit)}" if before else f"; {then} расхода не было"
    percent = (abs(volume - before) * 200 + before) // (2 * before)
    if percent == 0:
        return f", почти столько же, сколько {then}" if volume != before else f", столько же, сколько {then}"
    if percent > MOST_PERCENT:
        return f"; {then} было {brief(before, unit)}"
    return f", на {percent}{NBSP}% {'больше' if volume > before else 'меньше'}, {than}"


def average_of(months: Sequence[MonthVolume], *, until: Month | None = None) -> int | None:
    """Thousandths a month over the shown months (all up to `until` without it), rounded half up.

    None where fewer than three are known: two bars need no line.
    """
    shown = [
        one.volume
        for one in months[-SHOWN:]
        if one.volume is not None and one.whole and (until is None or one.month < until)
    ]
    return (2 * sum(shown) + len(shown)) // (2 * len(shown)) if len(shown) >= 3 else None
