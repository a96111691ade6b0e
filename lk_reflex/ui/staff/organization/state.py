"""One organization: its forms, its switches, its texts."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError, Invalid, NotFound
from lk_reflex.domain.administration.organization_fields import DETAILS, PAYMENTS, READINGS, of_section
from lk_reflex.domain.administration.organizations import (
    LONGEST_TEXT,
    TEXTS,
    Card,
    organization_card,
    put_text,
    save_section,
    turn_switches,
)
from lk_reflex.domain.identity.access import ADMIN
from lk_reflex.ui import paths
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text, ticked
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

OUTCOME_ID = "outcome"
SAVED, SAME = "Сохранено: {}.", "Ничего не изменилось."
TEXT_KEPT, TEXT_DROPPED = "Текст сохранён.", "Своего текста больше нет: жители видят текст кабинета."
SERVICES = {
    **{section.path.lstrip("/"): section.title for section in paths.SECTIONS if not section.always},
    "sealing": "Заявка на опломбировку",
    "emergency": "Сообщить об аварии",
    "appeal": "Обращение",
}
UNKNOWN = paths.TITLES[paths.STAFF_ORGANIZATION]


class OrganizationState(rx.State):
    """What stands in the forms; an administrator's alone."""

    loaded: bool = False
    missing: bool = False
    heading: str = UNKNOWN
    inn: str = ""
    fields: dict[str, str] = {}
    errors: dict[str, str] = {}
    switches: dict[str, bool] = {}
    texts: dict[str, str] = {}
    faults: list[Fault] = []
    outcome: str = ""
    outcome_kind: str = "good"
    #: Changes where the fields must show something else than was typed.
    form: int = 0
    answers: int = 0

    #: What stood in the fields when they were drawn.
    _seen: dict[str, str] = {}

    @rx.event
    @staff(ADMIN)
    def load(self, visit: Visit) -> None:
        """Show the organization in the address."""
        publish(self, outcome="", faults=[], errors={})
        self._show(visit)

    @rx.event
    @staff(ADMIN, writes=True)
    def save_details(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить» of the bank details and the address."""
        return self._save(visit, DETAILS, form)

    @rx.event
    @staff(ADMIN, writes=True)
    def save_readings(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить» of how readings are taken."""
        return self._save(visit, READINGS, form)

    @rx.event
    @staff(ADMIN, writes=True)
    def save_payments(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить» of how payments are taken."""
        return self._save(visit, PAYMENTS, form)

    @rx.event
    @staff(ADMIN, writes=True)
    def turn(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить» of the switches."""
        on = {name: ticked(form, name) for name in SERVICES}
        return self._done(
            visit, lambda: [SERVICES[name] for name in visit.write(turn_switches, self._id(visit), on, now=visit.now)]
        )

    @rx.event
    @staff(ADMIN, writes=True)
    def keep_text(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить текст»."""
        name = next((one for one in TEXTS if isinstance(form, dict) and one in form), "")
        typed = field_text(form, name, longest=LONGEST_TEXT + 1)

        def kept() -> Sequence[str]:
            visit.write(put_text, self._id(visit), name, typed, now=visit.now)
            return ()

        return self._done(visit, kept, TEXT_KEPT if typed.strip() else TEXT_DROPPED)

    def _save(self, visit: Visit, section: str, form: object) -> Any:
        typed = {
            field.name: ("yes" if ticked(form, field.name) else "") if field.tick else field_text(form, field.name)
            for field in of_section(section)
        }
        return self._done(
            visit, lambda: visit.write(save_section, self._id(visit), section, typed, self._seen, now=visit.now)
        )

    def _done(self, visit: Visit, work: Callable[[], Sequence[str]], said: str = "") -> Any:
        """Do it and say what came of it; what was typed stays in its fields where it can't be taken."""
        self.answers += 1
        try:
            changed = work()
        except Invalid as fault:
            faults = [Fault(name, sentence) for name, sentence in fault.fields.items()]
            publish(self, errors=dict(fault.fields), faults=faults, outcome="")
            return rx.set_focus(SUMMARY_ID)
        except DomainError as fault:
            publish(self, errors={}, faults=[], outcome=fault.sentence, outcome_kind="bad")
            return rx.set_focus(OUTCOME_ID)
        words = said or (SAVED.format(", ".join(f"«{one}»" for one in changed)) if changed else SAME)
        publish(self, errors={}, faults=[], outcome=words, outcome_kind="good")
        self.form += 1
        self._show(visit)
        return rx.set_focus(OUTCOME_ID)

    def _id(self, visit: Visit) -> int:
        return row_id(visit.token)

    def _show(self, visit: Visit) -> None:
        publish(visit.account, known=True)
        try:
            card: Card = visit.read(organization_card, self._id(visit))
        except NotFound:
            publish(self, loaded=True, missing=True, heading=UNKNOWN, fields={}, switches={}, texts={})
            return
        self._seen = dict(card.fields)
        publish(
            self,
            loaded=True,
            missing=False,
            heading=card.name,
            inn=card.inn,
            fields=dict(card.fields),
            switches=dict(card.switches),
            texts=dict(card.texts),
        )
