"""The readings of a period as ready strings. No Reflex here."""

from dataclasses import dataclass

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.months import Month
from lk_reflex.domain.metering.period.listing import ALL, CHECKED, DOUBTFUL, ListedReading, PeriodOf, PeriodPage
from lk_reflex.domain.metering.units import amount
from lk_reflex.ui import paths


@dataclass(frozen=True)
class Choice:
    """One option of a list to choose from."""

    key: str
    title: str


#: Which readings are shown.
SHOWN = [Choice(DOUBTFUL, "Сомнительные"), Choice(CHECKED, "Проверенные"), Choice(ALL, "Все")]
#: The present period and those before it.
_PERIODS = 13


@dataclass(frozen=True)
class ReadingRow:
    """One reading. `opened`: its check is being written below the line."""

    key: str
    account: str
    href: str
    address: str
    meter: str
    value: str
    volume: str
    taken: str
    sent: str
    source: str
    doubts: list[str]
    exported: bool
    checked: str
    photo: str
    waits: bool
    opened: bool


def reading_row(one: ListedReading, time_zone: str, *, opened: str) -> ReadingRow:
    """A line of the list; `opened` is the key of the one whose check is being written."""
    key, at = str(one.sent_id), local_time(one.sent_at, time_zone)
    return ReadingRow(
        key=key,
        account=one.number,
        href=paths.staff_account(one.account_id),
        address=one.address,
        meter=one.meter,
        value=amount(one.value, one.unit, one.decimals),
        volume=f"расход {amount(one.volume, one.unit, one.decimals)}",
        taken=f"снято {format_date(one.taken_on)}",
        sent=f"{format_date(at.date())} {at:%H:%M}",
        source=f"{one.source}: {one.caller}" if one.caller else one.source,
        doubts=list(one.doubts),
        exported=one.exported,
        checked=one.check_note if one.checked else "",
        photo=f"{paths.FILES}/{one.photo}" if one.photo else "",
        waits=bool(one.doubts) and not one.checked,
        opened=key == opened,
    )


def months_to_choose(place: PeriodOf) -> list[Choice]:
    """The period of today's window and the year before it."""
    months = [place.window.period.shift(-back) for back in range(_PERIODS)]
    return [Choice(month.key, month.title) for month in months]


def month_of(text: str, place: PeriodOf) -> Month:
    """The period meant, or today's."""
    known = {choice.key for choice in months_to_choose(place)}
    return Month.parse(text) if text in known else place.window.period


def sent_words(page: PeriodPage) -> str:
    """«Передали показания: 1 из 2 лицевых счетов с приборами учета»."""
    return f"Передали показания: {page.sent} из {page.expected} лицевых счетов с приборами учета"
