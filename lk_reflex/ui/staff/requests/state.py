"""Заявки и обращения: the page of the queue that the address names, its counters, and filters kept under a name."""

from dataclasses import replace
from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.requests.desk.listing import counted, desks_of, listed, queue
from lk_reflex.domain.requests.desk.saved import TITLE, drop_filter, filters, save_filter
from lk_reflex.domain.requests.desk.viewers import leave
from lk_reflex.domain.requests.desk.wanted import Wanted
from lk_reflex.ui import paths
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.staff.queue_address import (
    FIRST,
    KIND,
    LAST,
    LONGEST_SEARCH,
    ORGANIZATION,
    OVERDUE,
    SEARCH,
    SORT,
    STATUS,
    WHOSE,
    Asked,
    asked,
    asked_by_form,
    from_the_start,
    query_of,
    wanted,
)
from lk_reflex.ui.staff.requests.rows import (
    Choice,
    Counter,
    FilterRow,
    QueueRow,
    counters,
    filter_rows,
    organizations,
    queue_row,
    with_query,
)
from lk_reflex.ui.visit import Visit

RESULTS_ID, SAVED_ID = "queue", "saved-filters"
_FIELDS = (ORGANIZATION, KIND, STATUS, WHOSE, FIRST, LAST, SORT, OVERDUE)
SAVED, DROPPED = "Фильтр «{}» сохранён.", "Фильтр удалён."


class RequestsDeskState(rx.State):
    """The queue; nothing of it is kept for anybody but staff."""

    loaded: bool = False
    rows: list[QueueRow] = []
    counters: list[Counter] = []
    organizations: list[Choice] = []
    saved: list[FilterRow] = []
    #: What the form shows; `form` changes where its fields must show something else than was typed.
    search: str = ""
    organization: str = ""
    kind: str = ""
    status: str = ""
    whose: str = ""
    first: str = ""
    last: str = ""
    sort: str = ""
    overdue: bool = False
    form: int = 0
    faults: list[Fault] = []
    search_error: str = ""
    first_error: str = ""
    last_error: str = ""
    title_error: str = ""
    narrowed: bool = False
    #: Whether one of the conditions is set that are folded away.
    refined: bool = False
    #: The next page's address and the first one's; `cut`: a search's stretch has ended before the requests have.
    further: str = ""
    beginning: str = ""
    cut: bool = False
    #: How many requests have come since the page was filled.
    fresh: int = 0
    told: str = ""
    answers: int = 0

    #: The filters that are shown, as the address has them, and the requests that are on the page.
    _query: str = ""
    _shown: list[int] = []

    @rx.event
    @staff(OPERATOR, ADMIN)
    def load(self, visit: Visit) -> Any:
        """The page that the address names. While it stays the same, rows change in place, and new ones are counted."""
        one = asked(visit.query)
        query = query_of(one)
        if not visit.opening and query == self._query and self.loaded:
            self._renew(visit, one)
            return None
        if visit.came_from.startswith(f"{paths.STAFF_REQUESTS}/"):
            number = visit.came_from.rpartition("/")[2]
            visit.database.write_later(leave, visit.actor, number, now=visit.now)
        publish(self, told="", title_error="")
        self._fill(visit, one)
        if visit.opening:
            return None
        return rx.set_focus(SUMMARY_ID) if self.faults else rx.set_focus(RESULTS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def look_for(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Показать»: the address says what is looked for, and the page follows it."""
        texts = {name: field_text(form, name) for name in _FIELDS}
        one = asked_by_form({**texts, SEARCH: field_text(form, SEARCH, longest=LONGEST_SEARCH)})
        publish(self, answers=self.answers + 1)
        if query_of(one) != self._query:
            return rx.redirect(with_query(paths.STAFF_REQUESTS, query_of(one)))
        self._fill(visit, one)
        return rx.set_focus(SUMMARY_ID) if self.faults else rx.set_focus(RESULTS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def show_fresh(self, visit: Visit) -> Any:
        """«Новых: 3 — показать»: from the first page on."""
        one = from_the_start(asked(visit.query))
        if query_of(one) != self._query:
            return rx.redirect(with_query(paths.STAFF_REQUESTS, query_of(one)))
        self._fill(visit, one)
        return rx.set_focus(RESULTS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def keep_filter(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить фильтр»: what is shown just now, under a name."""
        publish(self, answers=self.answers + 1, told="", title_error="")
        title, query = field_text(form, TITLE), query_of(from_the_start(asked(visit.query)))
        try:
            visit.write(save_filter, title, query)
        except Invalid as fault:
            publish(self, title_error=fault.fields.get(TITLE, ""))
            return rx.set_focus(TITLE)
        except Refused as fault:
            publish(self, title_error=fault.message)
            return rx.set_focus(TITLE)
        publish(self, told=SAVED.format(title.strip()), form=self.form + 1)
        self._show_saved(visit)
        return rx.set_focus(SAVED_ID)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def forget_filter(self, visit: Visit, key: str) -> Any:
        """«Удалить» beside a saved filter."""
        visit.write(drop_filter, row_id(key))
        publish(self, told=DROPPED)
        self._show_saved(visit)
        return rx.set_focus(SAVED_ID)

    def _fill(self, visit: Visit, one: Asked) -> None:
        publish(visit.account, known=True)
        meant, errors = wanted(one)
        query = query_of(one)
        page = visit.read(queue, meant) if not errors else None
        found = page.rows if page else ()
        filters_alone = query_of(from_the_start(one))
        further = query_of(replace(one, after=page.after)) if page and page.after else ""
        self._query, self._shown = query, [row.request_id for row in found]
        publish(
            self,
            loaded=True,
            rows=[queue_row(row, filters_alone) for row in found],
            organizations=organizations(visit.read(desks_of)),
            narrowed=filters_alone != "",
            refined=any((one.whose, one.organization, one.first, one.last, one.sort, one.overdue)),
            further=with_query(paths.STAFF_REQUESTS, further) if further else "",
            beginning=with_query(paths.STAFF_REQUESTS, filters_alone) if one.after else "",
            cut=page.cut if page else False,
            fresh=0,
            faults=[Fault(name, text) for name, text in errors.items()],
            search_error=errors.get(SEARCH, ""),
            first_error=errors.get(FIRST, ""),
            last_error=errors.get(LAST, ""),
        )
        self._show_form(one)
        self._count(visit, one, meant)
        self._show_saved(visit)

    def _show_form(self, one: Asked) -> None:
        """What is being typed stays where the address hasn't changed: after a lost connection, too."""
        shown = {name: getattr(one, name) for name in (SEARCH, ORGANIZATION, KIND, STATUS, WHOSE, FIRST, LAST, SORT)}
        if any(getattr(self, name) != value for name, value in shown.items()) or self.overdue != (one.overdue != ""):
            publish(self, **shown, overdue=one.overdue != "", form=self.form + 1)

    def _renew(self, visit: Visit, one: Asked) -> None:
        """Something has happened: lines change where they stand, and what is new waits to be asked for."""
        meant, errors = wanted(one)
        if errors:
            return
        there = visit.read(listed, self._shown)
        self._shown = [row.request_id for row in there]
        filters_alone = query_of(from_the_start(one))
        page = visit.read(queue, replace(meant, after="")) if not one.after else None
        publish(
            self,
            rows=[queue_row(row, filters_alone) for row in there],
            fresh=_fresh([row.request_id for row in page.rows], set(self._shown), full=page.more) if page else 0,
        )
        self._count(visit, one, meant)

    def _count(self, visit: Visit, one: Asked, meant: Wanted) -> None:
        found = visit.read(counted, organization_id=meant.organization_id, kind=meant.kind)
        publish(self, counters=counters(found, one))

    def _show_saved(self, visit: Visit) -> None:
        publish(self, saved=filter_rows(visit.read(filters), query_of(from_the_start(asked(visit.query)))))


def _fresh(now: list[int], known: set[int], *, full: bool) -> int:
    """How many there are now that weren't; at a full page's end stand those that were on the next one."""
    if full:
        last = max((place for place, one in enumerate(now) if one in known), default=len(now) - 1)
        now = now[: last + 1]
    return sum(one not in known for one in now)
