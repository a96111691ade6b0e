"""Платежи: what is looked for, the page of orders that was found, and the counters above it."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.payments.desk.listing import Wanted, orders_page
from lk_reflex.domain.payments.desk.search import FIELD
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.ui import paths
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text, ticked
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.staff.days import FIRST, LAST, read_day
from lk_reflex.ui.staff.payments.rows import ANY_PAYEE, Choice, OrderRow, counted, order_row
from lk_reflex.ui.visit import Visit

RESULTS_ID = "orders"
BY = "by"
PAID = "paid"


class OrdersDeskState(rx.State):
    """The list; nothing of it is kept for anybody but staff."""

    loaded: bool = False
    rows: list[OrderRow] = []
    #: How many orders wait for somebody to look, in all.
    flagged: int = 0
    counts: list[str] = []
    payees: list[Choice] = []
    #: The form as it was last sent; `form` changes where its fields must show something else than was typed.
    search: str = ""
    status: str = ""
    payee: str = ""
    first: str = ""
    last: str = ""
    #: Of what the two days are: empty for the making of an order, «paid» for its payment.
    by: str = ""
    only_flagged: bool = False
    form: int = 0
    faults: list[Fault] = []
    search_error: str = ""
    first_error: str = ""
    last_error: str = ""
    narrowed: bool = False
    older: bool = False
    newer: bool = False
    answers: int = 0

    #: The last orders of the pages before this one.
    _before: list[str] = []

    @rx.event
    @staff(OPERATOR, ADMIN)
    def load(self, visit: Visit) -> None:
        """The newest orders; those that the address names (a day, an organization); or where the person left off."""
        if not visit.came_from.startswith(f"{paths.STAFF_PAYMENTS}/"):
            self._begin(visit)
        self._show(visit)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def look_for(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Найти»."""
        publish(
            self,
            search=field_text(form, FIELD, longest=20_000),
            status=_status(field_text(form, "status")),
            payee=_id(field_text(form, "payee")),
            first=field_text(form, FIRST).strip(),
            last=field_text(form, LAST).strip(),
            by=_by(field_text(form, BY)),
            only_flagged=ticked(form, "flagged"),
            answers=self.answers + 1,
        )
        self._before = []
        self._show(visit)
        return rx.set_focus(SUMMARY_ID) if self.faults else rx.set_focus(RESULTS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def show_flagged(self, visit: Visit) -> Any:
        """«Требуют внимания»: all of them, whatever was looked for."""
        self._clear()
        publish(self, only_flagged=True)
        self._show(visit)
        return rx.set_focus(RESULTS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def reset_search(self, visit: Visit) -> Any:
        """«Сбросить»."""
        self._clear()
        self._show(visit)
        return rx.set_focus(FIELD)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def go_older(self, visit: Visit) -> Any:
        """«Более ранние»."""
        if self.older and self.rows:
            self._before = [*self._before, self.rows[-1].key]
        self._show(visit)
        return rx.set_focus(RESULTS_ID)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def go_newer(self, visit: Visit) -> Any:
        """«Более поздние»."""
        self._before = self._before[:-1]
        self._show(visit)
        return rx.set_focus(RESULTS_ID)

    def _begin(self, visit: Visit) -> None:
        self._clear()
        paid = visit.query(PAID)[:20]
        day = paid or visit.query("day")[:20]
        publish(
            self,
            payee=_id(visit.query("organization")),
            first=day,
            last=day,
            by=PAID if paid else "",
            status=_status(visit.query("status")),
            only_flagged=visit.query("show") == "attention",
        )

    def _clear(self) -> None:
        self._before = []
        publish(
            self, search="", status="", payee="", first="", last="", by="", only_flagged=False, form=self.form + 1,
        )  # fmt: skip

    def _show(self, visit: Visit) -> None:
        publish(visit.account, known=True)
        errors: dict[str, str] = {}
        first, last = read_day(self.first, FIRST, errors), read_day(self.last, LAST, errors)
        wanted = Wanted(
            search=self.search, status=self.status, flagged=self.only_flagged,
            organization_id=row_id(self.payee) if self.payee else None, first=first, last=last,
            paid=self.by == PAID, before=self._before[-1] if self._before else "",
        )  # fmt: skip
        try:
            page = visit.read(orders_page, wanted)
        except Invalid as fault:
            errors |= fault.fields
            page = visit.read(orders_page, Wanted())
        publish(
            self,
            loaded=True,
            faults=[Fault(name, text) for name, text in errors.items()],
            search_error=errors.get(FIELD, ""),
            first_error=errors.get(FIRST, ""),
            last_error=errors.get(LAST, ""),
            rows=[] if errors else [order_row(one) for one in page.orders],
            flagged=page.flagged,
            counts=counted(page),
            payees=[ANY_PAYEE, *(Choice(str(one.organization_id), one.name) for one in page.payees)],
            narrowed=wanted != Wanted(paid=wanted.paid, before=wanted.before),
            older=page.more and not errors,
            newer=bool(self._before),
        )


def _id(text: str) -> str:
    found = row_id(text)
    return str(found) if found else ""


def _by(text: str) -> str:
    return PAID if text == PAID else ""


def _status(text: str) -> str:
    return text if text in frozenset(Status) else ""
