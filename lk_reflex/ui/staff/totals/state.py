"""Сверка с банком: two weeks of days, a press that has a day looked up anew, and what billing doesn't confirm."""

from datetime import date, timedelta
from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date, parse_date
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.payments.desk.deeds import look_up_day
from lk_reflex.domain.payments.desk.totals import DAYS, day_totals
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.staff.totals.rows import DayRow, OrderLink, day_of, day_row, differing, unaccounted
from lk_reflex.ui.visit import Visit

OUTCOME_ID = "outcome"
QUEUED = "Проверяем в банке заказы за {}: {}. Обновите страницу через минуту."


class TotalsState(rx.State):
    """The totals; nothing of them is kept for anybody but staff."""

    loaded: bool = False
    span: str = ""
    days: list[DayRow] = []
    unaccounted: list[OrderLink] = []
    differing: list[OrderLink] = []
    outcome: str = ""
    outcome_kind: str = "good"
    #: Whether the days shown end before today.
    later: bool = False

    #: The last day that was asked for, none for today; the last one shown, and today, by the organizations' clocks.
    _last: date | None = None
    _shown: date | None = None
    _today: date | None = None

    @rx.event
    @staff(OPERATOR, ADMIN)
    def load(self, visit: Visit) -> None:
        """The last two weeks, or those that end with the day in the address."""
        self._last = _day(visit.query("day"))
        publish(self, outcome="")
        self._show(visit)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def refresh(self, visit: Visit) -> None:
        """«Обновить»."""
        publish(self, outcome="")
        self._show(visit)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def go_earlier(self, visit: Visit) -> None:
        """The two weeks before."""
        self._turn(visit, -DAYS)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def go_later(self, visit: Visit) -> None:
        """The two weeks after."""
        self._turn(visit, DAYS)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def look_up(self, visit: Visit, key: str) -> Any:
        """«Перепроверить день»: the worker asks the bank about each order of it."""
        named = day_of(key) if isinstance(key, str) else None
        if named is None:
            return None
        try:
            queued = visit.write(look_up_day, *named, now=visit.now)
        except NotFound as fault:
            publish(self, outcome=fault.sentence, outcome_kind="bad")
            return rx.set_focus(OUTCOME_ID)
        self._show(visit)
        publish(self, outcome=QUEUED.format(format_date(named[1]), queued), outcome_kind="info")
        return rx.set_focus(OUTCOME_ID)

    def _turn(self, visit: Visit, days: int) -> None:
        if self._shown is not None and self._today is not None:
            # Nobody paid before the cabinet was there, and nobody will have paid tomorrow.
            moved = max(self._shown + timedelta(days=days), date(2020, 1, 1))
            self._last = None if moved >= self._today else moved
        publish(self, outcome="")
        self._show(visit)

    def _show(self, visit: Visit) -> None:
        publish(visit.account, known=True)
        totals = visit.read(day_totals, last=self._last, now=visit.now)
        self._shown, self._today = totals.last, totals.today
        first = totals.last - timedelta(days=DAYS - 1)
        publish(
            self,
            loaded=True,
            span=f"{format_date(first)} – {format_date(totals.last)}",
            days=[day_row(one) for one in totals.days],
            unaccounted=[unaccounted(one) for one in totals.unaccounted],
            differing=[differing(one) for one in totals.differing],
            later=self._last is not None,
        )


def _day(text: str) -> date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if date(2020, 1, 1) <= day <= date(2200, 1, 1) else None
