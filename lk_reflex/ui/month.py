"""The third shared state: the month navigator «< Сентябрь 2019 >» of the sections that go by month."""

from collections.abc import Sequence

import reflex as rx

from lk_reflex.core.months import Month
from lk_reflex.ui.publish import publish


class MonthState(rx.State):
    """The month is in the address (`?month=2019-09`); this state holds its title and its neighbours."""

    title: str = ""
    previous: str = ""
    previous_title: str = ""
    next: str = ""
    next_title: str = ""

    #: The months of the account, oldest first, as they were when the page was opened.
    _months: tuple[Month, ...] = ()
    _account_id: int | None = None


def show_month(state: MonthState, wanted: str, months: Sequence[Month]) -> Month | None:
    """Publish the wanted month of those known (oldest first), else the newest; None where there are none."""
    month = _month_of(wanted, months) if months else None
    place = months.index(month) if month else 0
    before = months[place - 1] if place > 0 else None
    after = months[place + 1] if place + 1 < len(months) else None
    publish(
        state,
        title=month.title if month else "",
        previous=before.key if before else "",
        previous_title=before.title if before else "",
        next=after.key if after else "",
        next_title=after.title if after else "",
    )
    return month


def _month_of(wanted: str, months: Sequence[Month]) -> Month:
    """The month that an address asks for, where the account has it."""
    try:
        month = Month.parse(wanted)
    except ValueError:
        return months[-1]
    return month if month in months else months[-1]
