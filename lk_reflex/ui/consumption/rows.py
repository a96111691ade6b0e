"""Cards of consumption as ready strings and pictures: one for a meter, one for a resource. No Reflex here."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from lk_reflex.core.exact import format_scaled
from lk_reflex.core.months import Month
from lk_reflex.domain.metering.tables import PLACES
from lk_reflex.domain.metering.units import about, amount, number, plural
from lk_reflex.domain.metering.usage.consumption import SHOWN, MonthVolume, year_before
from lk_reflex.domain.metering.usage.hints import Hint, MeterUse
from lk_reflex.domain.metering.usage.use import ResourceUse
from lk_reflex.ui.consumption.words import average_of, use_sentence
from lk_reflex.ui.shared.bars import Chart, compared

READ, ESTIMATED, AGO = "use", "spread", "ago"
BAR, BEHIND = 0.46, 0.84
ONE_READING = "Пока известно одно показание. График появится после следующего."
NO_READING = "Показаний пока нет. График появится, когда их будет два."
NOT_ALL = "не по всем приборам"

#: Месяц, Т1, Т2, Т3, Расход, Год назад, Примечание.
UseRow = tuple[str, str, str, str, str, str, str]


@dataclass(frozen=True)
class HintRow:
    """A possible leak, or a meter that stands still."""

    title: str
    text: str


@dataclass(frozen=True)
class UseCard:
    """One card. Without a chart `sentence` says why there is none."""

    key: str
    title: str
    sentence: str
    unit: str
    scales: int = 1
    drawn: bool = False
    chart: Chart = field(default_factory=Chart)
    rows: list[UseRow] = field(default_factory=list)


def meter_card(meter: MeterUse, today: date) -> UseCard:
    """The card of one meter: «ХВС С/У № 26616450»."""
    title = f"{meter.name} №\u00a0{meter.serial}"
    return _card(f"use-{meter.meter_id}", title, meter.months, meter.unit, today, scales=meter.scales)


def resource_card(resource: ResourceUse, today: date) -> UseCard:
    """The card of one resource over all its meters."""
    more = f", {plural(resource.meters, 'счётчик', 'счётчика', 'счётчиков')}" if resource.meters > 1 else ""
    return _card(f"use-{resource.kind}-{resource.name}", resource.name + more, resource.months, resource.unit, today)


def hint_rows(hints: Sequence[Hint]) -> list[HintRow]:
    """The hints as they are shown."""
    return [HintRow(hint.title, hint.text) for hint in hints]


def hints_by_meter(hints: Sequence[Hint]) -> dict[str, HintRow]:
    """The same by the meter's key on its pages."""
    return {str(hint.meter_id): HintRow(hint.title, hint.text) for hint in hints}


def _card(key: str, title: str, months: Sequence[MonthVolume], unit: str, today: date, *, scales: int = 1) -> UseCard:
    if not months:
        return UseCard(key, title, ONE_READING, unit)
    last = months[-1].month
    known = {one.month: one for one in months}
    shown = [known.get(month, MonthVolume(month)) for month in (last.shift(step - SHOWN + 1) for step in range(SHOWN))]
    before = year_before(months)
    return UseCard(
        key,
        title,
        use_sentence(months, unit, today),
        unit,
        scales,
        drawn=True,
        chart=_chart(shown, before, unit),
        rows=[_row(one, before.get(one.month), scales) for one in reversed(shown) if one.volume is not None],
    )


def _chart(shown: Sequence[MonthVolume], before: dict[Month, int], unit: str) -> Chart:
    plain = [one.volume if _exact(one) else None for one in shown]
    rough = [None if _exact(one) else one.volume for one in shown]
    ago = [before.get(one.month) for one in shown]
    series = [
        (AGO, "Год назад", ago, BEHIND),
        (READ, "Расход за месяц", plain, BAR),
        (ESTIMATED, "Неточно: пояснение в таблице", rough, BAR),
    ]
    average = average_of(shown)
    return compared(
        [one for one in series if any(one[2])],
        [one.month.name[:3] for one in shown],
        [_pointed(one, unit) for one in shown],
        average=average,
        average_name="" if average is None else f"В среднем {about(average, unit)} в месяц",
        level=lambda value: format_scaled(value, PLACES, show=0),
    )


def _exact(one: MonthVolume) -> bool:
    return one.spread == 1 and one.whole


def _pointed(one: MonthVolume, unit: str) -> str:
    what = "показаний нет" if one.volume is None else amount(one.volume, unit)
    note = _note(one)
    return f"{one.month.title}: {what}" + (f", {note}" if note else "")


def _row(one: MonthVolume, before: int | None, scales: int) -> UseRow:
    zones = [number(part) if part is not None else "" for part in one.scales] if scales > 1 else []
    first, second, third = (*zones, "", "", "")[:3]
    total = number(one.volume or 0)
    return one.month.title, first, second, third, total, number(before) if before is not None else "", _note(one)


def _note(one: MonthVolume) -> str:
    """Why a figure isn't one month's own."""
    if one.spread > 1:
        return f"в среднем за {plural(one.spread, 'месяц', 'месяца', 'месяцев')}"
    if not one.whole:
        return NOT_ALL
    return "показание исправлено вниз" if (one.volume or 0) < 0 else ""
