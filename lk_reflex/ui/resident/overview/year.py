"""Thirteen months of charges by service: the picture, its sentence, and the rows of its table. No Reflex here."""

from dataclasses import dataclass, field
from datetime import date

from lk_reflex.core.money import NBSP, format_money, format_roubles
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.year import OTHERS, TOLD_APART, ChargedYear
from lk_reflex.ui.shared.bars import Chart, stacked

#: The fill of what is put together; the services have theirs by their place.
REST = "rest"
#: Месяц, Начислено, and the services in the order of the names.
YearRow = tuple[str, ...]


@dataclass(frozen=True)
class YearCard:
    """The charges' card. `names` has an empty text for each column that the table lacks. No rows: no receipts."""

    sentence: str = ""
    chart: Chart = field(default_factory=Chart)
    drawn: bool = False
    names: list[str] = field(default_factory=lambda: [""] * (TOLD_APART + 1))
    rows: list[YearRow] = field(default_factory=list)


def year_card(year: ChargedYear, today: date) -> YearCard:
    """Everything said and drawn of a year; a single month has its sentence and no picture."""
    known = [total for total in year.totals if total is not None]
    if not known:
        return YearCard()
    names = [service.name for service in year.services]
    return YearCard(
        year_sentence(year, today),
        _chart(year),
        len(known) > 1,
        [*names, *([""] * (TOLD_APART + 1 - len(names)))],
        _rows(year),
    )


def year_sentence(year: ChargedYear, today: date) -> str:
    """«В октябре начислено 3 120,40 руб., на 210,15 руб. больше, чем год назад.»."""
    month, charged = year.months[-1], year.totals[-1] or 0
    when = f"В {month.within}" + (f" {month.year} года" if month.year != today.year else "")
    said = f"{when} начислено {_roubles(charged)}"
    before = year.totals[0]
    if before is None:
        return f"{said}. Год назад квитанций здесь ещё не было."
    if charged == before:
        return f"{said}, столько же, сколько год назад."
    return f"{said}, на {_roubles(abs(charged - before))} {'больше' if charged > before else 'меньше'}, чем год назад."


def _chart(year: ChargedYear) -> Chart:
    return stacked(
        [(_kind(place, one.name), one.name, one.charged) for place, one in enumerate(year.services, 1)],
        [month.name[:3] for month in year.months],
        [_pointed(month, total) for month, total in zip(year.months, year.totals, strict=True)],
        level=_level,
    )


def _kind(place: int, name: str) -> str:
    return REST if name == OTHERS else str(place)


def _pointed(month: Month, total: int | None) -> str:
    return f"{month.title}: {'нет данных' if total is None else format_roubles(total)}"


def _level(kopecks: int) -> str:
    """Whole roubles where they are whole: the scale's figures stand in a narrow place."""
    return format_money(kopecks).removesuffix(",00")


def _rows(year: ChargedYear) -> list[YearRow]:
    """Newest first; months without receipts are left out, columns without a name stay empty."""
    spare = ("",) * (TOLD_APART + 1 - len(year.services))
    return [
        (month.title, format_money(total), *(format_money(one.charged[place]) for one in year.services), *spare)
        for place, (month, total) in reversed(list(enumerate(zip(year.months, year.totals, strict=True))))
        if total is not None
    ]


def _roubles(kopecks: int) -> str:
    """«3 120,40 ₽»: the sign needs no full stop, which would stand before a comma."""
    return f"{format_money(kopecks)}{NBSP}₽"
