"""Журнал действий: what is looked for, and a page of what was found."""

from dataclasses import replace
from datetime import date
from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid
from lk_reflex.domain.administration.audit_search import ACTION, FIRST, LAST, SEARCH, Wanted, audit_entries
from lk_reflex.domain.identity.access import ADMIN
from lk_reflex.domain.personal_data.words import DEEDS
from lk_reflex.settings import get_settings
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.staff.audit.rows import EntryRow, entry_row
from lk_reflex.ui.staff.days import read_day
from lk_reflex.ui.visit import Visit

RESULTS_ID = "entries"
_EARLIEST, _LATEST = date(2020, 1, 1), date(2200, 1, 1)


class AuditState(rx.State):
    """The log; an administrator's alone."""

    loaded: bool = False
    rows: list[EntryRow] = []
    search: str = ""
    action: str = ""
    first: str = ""
    last: str = ""
    faults: list[Fault] = []
    search_error: str = ""
    first_error: str = ""
    last_error: str = ""
    narrowed: bool = False
    older: bool = False
    newer: bool = False
    #: Changes where the fields must show something else than was typed.
    form: int = 0
    answers: int = 0

    _wanted: Wanted = Wanted()
    #: The first ids of the pages turned so far, for the way back.
    _pages: list[int] = []

    @rx.event
    @staff(ADMIN)
    def load(self, visit: Visit) -> None:
        """The newest deeds."""
        self._begin(visit)

    @rx.event
    @staff(ADMIN)
    def reset_search(self, visit: Visit) -> None:
        """«Сбросить»."""
        self.form += 1
        self._begin(visit)

    @rx.event
    @staff(ADMIN)
    def look_for(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Найти»."""
        self.answers += 1
        texts = {name: field_text(form, name) for name in (SEARCH, ACTION, FIRST, LAST)}
        publish(self, **texts)
        days, faults = _days(texts)
        wanted = Wanted(texts[SEARCH], texts[ACTION] if texts[ACTION] in DEEDS else "", *days)
        return self._refuse(faults) if faults else self._turn(visit, wanted, [])

    @rx.event
    @staff(ADMIN)
    def go_older(self, visit: Visit) -> Any:
        """The page before, in time."""
        if not self.rows or not self.older:
            return None
        last = int(self.rows[-1].key)
        return self._turn(visit, replace(self._wanted, before=last), [*self._pages, self._wanted.before])

    @rx.event
    @staff(ADMIN)
    def go_newer(self, visit: Visit) -> Any:
        """Back by a page."""
        if not self._pages:
            return None
        return self._turn(visit, replace(self._wanted, before=self._pages[-1]), self._pages[:-1])

    def _begin(self, visit: Visit) -> None:
        publish(self, search="", action="", first="", last="")
        self._turn(visit, Wanted(), [])

    def _turn(self, visit: Visit, wanted: Wanted, pages: list[int]) -> Any:
        publish(visit.account, known=True)
        zone = get_settings().time_zone
        try:
            found = visit.read(audit_entries, wanted, zone=zone)
        except Invalid as fault:
            return self._refuse(fault.fields)
        self._wanted, self._pages = wanted, pages
        publish(
            self,
            loaded=True,
            rows=[entry_row(entry, zone) for entry in found.entries],
            older=found.more,
            newer=bool(pages),
            narrowed=wanted not in (Wanted(), Wanted(before=wanted.before)),
            faults=[],
            search_error="",
            first_error="",
            last_error="",
        )
        return rx.set_focus(RESULTS_ID) if not visit.opening else None

    def _refuse(self, faults: dict[str, str]) -> Any:
        publish(
            self,
            loaded=True,
            rows=[],
            older=False,
            newer=False,
            narrowed=True,
            faults=[Fault(name, sentence) for name, sentence in faults.items()],
            search_error=faults.get(SEARCH, ""),
            first_error=faults.get(FIRST, ""),
            last_error=faults.get(LAST, ""),
        )
        return rx.set_focus(SUMMARY_ID)


def _days(texts: dict[str, str]) -> tuple[tuple[date | None, date | None], dict[str, str]]:
    faults: dict[str, str] = {}
    first, last = (
        read_day(texts[name].strip(), name, faults, earliest=_EARLIEST, latest=_LATEST) for name in (FIRST, LAST)
    )
    return (first, last), faults
