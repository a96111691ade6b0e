"""Показания за период: an organization's period, the list by its filter, and the check of a doubtful reading."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Conflict, Invalid, NotFound
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.metering.period.checking import NOTE, mark_checked
from lk_reflex.domain.metering.period.listing import DOUBTFUL, PeriodOf, period_page, periods_of
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.staff.period.rows import (
    SHOWN,
    Choice,
    ReadingRow,
    month_of,
    months_to_choose,
    reading_row,
    sent_words,
)
from lk_reflex.ui.visit import Visit

OUTCOME_ID, RESULTS_ID = "outcome", "readings"
PLACE, MONTH, SHOW = "place", "month", "show"
DONE = "Отмечено: показание проверено."


class PeriodState(rx.State):
    """The list; nothing of it is kept for anybody but staff."""

    loaded: bool = False
    #: Whether readings are being entered for a caller instead.
    calling: bool = False
    places: list[Choice] = []
    months: list[Choice] = []
    place: str = ""
    month: str = ""
    show: str = DOUBTFUL
    title: str = ""
    window: str = ""
    window_open: bool = False
    sent: str = ""
    rows: list[ReadingRow] = []
    older: bool = False
    newer: bool = False
    error: str = ""
    outcome: str = ""
    outcome_kind: str = "good"
    form: int = 0
    answers: int = 0

    _before: list[int] = []
    _opened: str = ""

    @rx.event
    @staff(OPERATOR, ADMIN)
    def load(self, visit: Visit) -> None:
        """The doubtful readings of the present period; or the form for a caller's account."""
        publish(self, outcome="", error="", calling=visit.query("account") != "", form=self.form + 1)
        self._before, self._opened = [], ""
        self._show(visit)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def choose(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Показать»."""
        publish(
            self,
            place=field_text(form, PLACE),
            month=field_text(form, MONTH),
            show=field_text(form, SHOW),
            outcome="",
            error="",
            answers=self.answers + 1,
        )
        self._before, self._opened = [], ""
        self._show(visit)
        return rx.set_focus(RESULTS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def go_older(self, visit: Visit) -> Any:
        """«Более ранние»."""
        if self.older and self.rows:
            self._before = [*self._before, row_id(self.rows[-1].key)]
        self._show(visit)
        return rx.set_focus(RESULTS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def go_newer(self, visit: Visit) -> Any:
        """«Более поздние»."""
        self._before = self._before[:-1]
        self._show(visit)
        return rx.set_focus(RESULTS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def open_check(self, visit: Visit, reading: str) -> Any:
        """«Отметить проверенным…»: ask under the line what was found; a second press closes it."""
        key = str(row_id(reading))
        self._opened = "" if self._opened == key else key
        publish(self, error="", outcome="")
        self._show(visit)
        return rx.set_focus(NOTE) if self._opened else None

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def check(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Проверено», with what was found."""
        try:
            visit.write(mark_checked, row_id(self._opened), field_text(form, NOTE), now=visit.now)
        except Invalid as fault:
            publish(self, error=fault.fields[NOTE], answers=self.answers + 1)
            return rx.set_focus(NOTE)
        except (Conflict, NotFound) as fault:
            publish(self, outcome=fault.sentence, outcome_kind="bad")
        else:
            publish(self, outcome=DONE, outcome_kind="good")
        self._opened = ""
        publish(self, error="", answers=self.answers + 1)
        self._show(visit)
        return rx.set_focus(OUTCOME_ID)

    def _show(self, visit: Visit) -> None:
        publish(visit.account, known=True)
        places = visit.read(periods_of, now=visit.now)
        place = next((one for one in places if str(one.organization_id) == self.place), places[0] if places else None)
        publish(self, loaded=True, places=[Choice(str(one.organization_id), one.name) for one in places])
        if place is None:
            publish(self, rows=[], sent="", title="")
            return
        self._show_period(visit, place)

    def _show_period(self, visit: Visit, place: PeriodOf) -> None:
        show = self.show if self.show in {one.key for one in SHOWN} else DOUBTFUL
        month = month_of(self.month, place)
        before = self._before[-1] if self._before else None
        page = visit.read(period_page, place, month, show=show, before=before)
        publish(
            self,
            place=str(place.organization_id),
            month=month.key,
            show=show,
            months=months_to_choose(place),
            title=f"{place.name}, {month.title.lower()}",
            window=place.window.sentence,
            window_open=place.window.is_open,
            sent=sent_words(page),
            rows=[reading_row(one, place.time_zone, opened=self._opened) for one in page.readings],
            older=page.more,
            newer=bool(self._before),
        )
