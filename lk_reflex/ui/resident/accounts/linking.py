"""Привязка лицевого счета: found by number, house and flat, then earned by the surname; values outlive every error."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError, Invalid, NotFound
from lk_reflex.domain.accounts.linking import Linked, link_by_surname
from lk_reflex.domain.accounts.look_up import Place, look_up
from lk_reflex.settings import get_settings
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.accounts.listing import AccountsList, Said
from lk_reflex.ui.resident.accounts.rows import FoundRow, closed_words, found_row
from lk_reflex.ui.visit import Visit

FIND, CONFIRM = "find", "confirm"
NOT_FOUND = "Лицевой счет не найден"
NOT_LINKED = "Лицевой счет пока не привязан"
PICK = "Выберите организацию, чей лицевой счет вы привязываете"
LINKING_ID = "linking"
LONGEST = 50


@dataclass(frozen=True)
class Typed:
    """What stands in the fields of the first step when it is drawn."""

    number: str = ""
    house: str = ""
    flat: str = ""


class LinkingSteps(AccountsList, mixin=True):
    """Another `form_id` draws the fields of the first step anew, with `typed` in them."""

    typed: Typed = Typed()
    form_id: int = 0
    found: list[FoundRow] = []

    @rx.event
    @resident
    def open_linking(self, visit: Visit) -> rx.event.EventSpec:
        """«+ Привязать лицевой счет»."""
        self._begin(Typed())
        return rx.set_focus(LINKING_ID)

    @rx.event
    @resident
    def close_linking(self, visit: Visit) -> rx.event.EventSpec:
        """«Отмена»: back to the cards."""
        self._close()
        return rx.set_focus(LINKING_ID)

    @rx.event
    @resident
    def back(self, visit: Visit) -> rx.event.EventSpec:
        """«Назад»: to number, house and flat, as they were typed."""
        self._begin(self.typed)
        return rx.set_focus(LINKING_ID)

    @rx.event
    @resident(writes=True)
    def find(self, visit: Visit, form: dict[str, Any]) -> rx.event.EventSpec:
        """«Найти»."""
        self.typed = Typed(*(field_text(form, name, longest=LONGEST) for name in ("number", "house", "flat")))
        try:
            found = look_up(visit.database, visit.actor, _place(self.typed), client=visit.client, now=visit.now)
        except Invalid as fault:
            return self._refuse(fault.fields)
        except DomainError as refusal:
            return self._refuse({"number": refusal.message}, NOT_FOUND)
        strange = [found_row(one) for one in found if not one.linked]
        if not strange:
            self._close()
            return self._say(_already(found[0].number))
        self._forget()
        publish(self, step=CONFIRM, found=strange)
        return rx.set_focus(LINKING_ID)

    @rx.event
    @resident(writes=True)
    def link(self, visit: Visit, form: dict[str, Any]) -> rx.event.EventSpec | None:
        """«+Привязать лицевой счет»."""
        if self.step != CONFIRM:
            return None  # the second press of an impatient finger
        picked = self.found[0].key if len(self.found) == 1 else field_text(form, "account")
        if picked not in {row.key for row in self.found}:
            return self._refuse({"account": PICK})
        try:
            linked = link_by_surname(
                visit.database, visit.actor, _place(self.typed), row_id(picked), field_text(form, "surname"),
                client=visit.client, site=get_settings().site, now=visit.now,
            )  # fmt: skip
        except Invalid as fault:
            return self._refuse(fault.fields)
        except NotFound as refusal:
            self._begin(self.typed)
            return self._refuse({"number": refusal.message}, NOT_FOUND)
        except DomainError as refusal:
            return self._refuse({"surname": refusal.message}, NOT_LINKED)
        self._close()
        self._show(visit)
        return self._say(self._done(linked))

    def _begin(self, typed: Typed) -> None:
        self._forget()
        publish(self, step=FIND, giving="", typed=typed, found=[], form_id=self.form_id + 1)

    def _close(self) -> None:
        self._forget()
        publish(self, step="", typed=Typed(), found=[])

    def _done(self, linked: Linked) -> Said:
        if linked.already:
            return _already(linked.number)
        chosen = any(row.chosen and row.key == str(linked.account_id) for row in self.rows)
        what_next = (
            "Он выбран: начисления, показания и оплаты в разделах личного кабинета теперь его."
            if chosen
            else "Чтобы увидеть его в разделах личного кабинета, нажмите «Выбрать»."
        )
        closed = closed_words(linked.closed_on)
        text = f"{closed} {what_next}" if closed else what_next
        return Said(f"Лицевой счет {linked.number} привязан.", text, overview=chosen)


def _place(typed: Typed) -> Place:
    return Place(typed.number, typed.house, typed.flat)


def _already(number: str) -> Said:
    return Said(f"Лицевой счет {number} уже привязан к вашему личному кабинету.", kind="info")
