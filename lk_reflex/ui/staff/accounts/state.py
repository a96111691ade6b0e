"""Лицевые счета: what is looked for, and the accounts found among those that the person works with."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid
from lk_reflex.domain.accounts.staff_search import FIELD, MOST, FoundByStaff, search_accounts
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

RESULTS_ID = "accounts"
MORE = f"Показаны первые {MOST}. Уточните поиск: введите номер, фамилию или адрес полнее."


@dataclass(frozen=True)
class AccountRow:
    """One account that was found."""

    key: str
    number: str
    href: str
    address: str
    person: str
    organization: str
    closed: bool


class AccountSearchState(rx.State):
    """The search; nothing of it is kept for anybody but staff."""

    loaded: bool = False
    search: str = ""
    searched: bool = False
    rows: list[AccountRow] = []
    more: str = ""
    faults: list[Fault] = []
    error: str = ""
    #: Changes where the field must show something else than was typed.
    form: int = 0
    answers: int = 0

    @rx.event
    @staff(OPERATOR, ADMIN)
    def load(self, visit: Visit) -> None:
        """An empty search; or what was found, for whoever comes back from one of the accounts."""
        if not visit.came_from.startswith(f"{paths.STAFF_ACCOUNTS}/"):
            publish(self, search="", form=self.form + 1)
        self._show(visit)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def look_for(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Найти»."""
        publish(self, search=field_text(form, FIELD, longest=20_000), answers=self.answers + 1)
        self._show(visit, pressed=True)
        return rx.set_focus(SUMMARY_ID if self.faults else RESULTS_ID)

    def _show(self, visit: Visit, *, pressed: bool = False) -> None:
        publish(visit.account, known=True)
        wanted = pressed or self.search != ""
        rows, more, errors = [], False, {}
        try:
            found = visit.read(search_accounts, self.search) if wanted else None
            rows, more = ([_row(one) for one in found.accounts], found.more) if found else ([], False)
        except Invalid as fault:
            errors = fault.fields
        publish(
            self,
            loaded=True,
            searched=wanted and not errors,
            rows=rows,
            more=MORE if more else "",
            faults=[Fault(name, text) for name, text in errors.items()],
            error=errors.get(FIELD, ""),
        )


def _row(one: FoundByStaff) -> AccountRow:
    return AccountRow(
        str(one.account_id), one.number, paths.staff_account(one.account_id), one.address, one.person,
        one.organization, one.closed,
    )  # fmt: skip
