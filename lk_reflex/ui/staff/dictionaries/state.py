"""Справочники: which list is open, and what is done to its lines."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError, Invalid
from lk_reflex.domain.administration.dictionaries import (
    TITLE,
    add_entry,
    dictionary,
    drop_own,
    hide_entry,
    move_entry,
    rename_entry,
)
from lk_reflex.domain.administration.organizations import organizations
from lk_reflex.domain.identity.access import ADMIN
from lk_reflex.domain.requests.dictionaries import APPLICATION, BRAND, DAMAGE, METER_TYPE, NEW, PLACE, TOPIC
from lk_reflex.ui.form_texts import field_text, ticked
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

OUTCOME_ID, RENAME = "outcome", "renamed"
KINDS = {
    APPLICATION: "Опломбировка: тип заявки",
    METER_TYPE: "Опломбировка: тип прибора учета",
    BRAND: "Опломбировка: марка",
    PLACE: "Опломбировка: место установки",
    DAMAGE: "Авария: тип повреждений",
    TOPIC: "Обращение: тема",
}
OWN = "Это свой список организации."
SHARED_OWN = "Это общий список, уже изменённый вами."
FROM_SHARED = "Своего списка у организации нет: её жители видят общий. Первая же правка сделает его своим."
FIRST_CONTENTS = "Это начальный список кабинета. Первая же правка сохранит его вместе с ней."
DONE, DROPPED = "Сохранено: жители увидят это сразу.", "Своего списка больше нет."


@dataclass(frozen=True)
class Line:
    """One line of the list; `key` is its title."""

    key: str
    meaning: str
    hidden: bool
    renaming: bool


@dataclass(frozen=True)
class Choice:
    """An organization, or nobody's: the shared list."""

    key: str
    title: str


class DictionariesState(rx.State):
    """One list at a time; an administrator's alone."""

    loaded: bool = False
    kind: str = APPLICATION
    organization: str = ""
    payees: list[Choice] = []
    lines: list[Line] = []
    about: str = ""
    own: bool = False
    marks_new: bool = True
    error: str = ""
    rename_error: str = ""
    faults: list[Fault] = []
    outcome: str = ""
    outcome_kind: str = "good"
    form: int = 0
    answers: int = 0

    _renaming: str = ""

    @rx.event
    @staff(ADMIN)
    def load(self, visit: Visit) -> None:
        """Show the list that was open, or the first one."""
        self._renaming = ""
        publish(self, outcome="", error="", rename_error="", faults=[])
        self._show(visit)

    @rx.event
    @staff(ADMIN)
    def choose(self, visit: Visit, form: dict[str, Any]) -> None:
        """«Показать» another list."""
        kind = field_text(form, "kind")
        publish(self, kind=kind if kind in KINDS else APPLICATION, organization=field_text(form, "organization"))
        self._renaming = ""
        self.form += 1
        publish(self, outcome="", error="", rename_error="", faults=[])
        self._show(visit)

    @rx.event
    @staff(ADMIN, writes=True)
    def add(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Добавить»."""
        self.answers += 1
        return self._done(visit, add_entry, field_text(form, TITLE), new_meter=ticked(form, "new_meter"))

    @rx.event
    @staff(ADMIN)
    def open_rename(self, visit: Visit, key: str) -> Any:
        """«Переименовать…»; a second press closes it."""
        self._renaming = "" if not isinstance(key, str) or self._renaming == key else key
        publish(self, rename_error="", outcome="", faults=[])
        self._show(visit)
        return rx.set_focus(RENAME) if self._renaming else None

    @rx.event
    @staff(ADMIN, writes=True)
    def rename(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить» a line's new name."""
        return self._done(visit, rename_entry, self._renaming, field_text(form, RENAME), field=RENAME)

    @rx.event
    @staff(ADMIN, writes=True)
    def hide(self, visit: Visit, key: str) -> Any:
        """«Убрать»: offered no more; requests keep it."""
        return self._done(visit, hide_entry, _text(key), hidden=True)

    @rx.event
    @staff(ADMIN, writes=True)
    def restore(self, visit: Visit, key: str) -> Any:
        """«Вернуть»."""
        return self._done(visit, hide_entry, _text(key), hidden=False)

    @rx.event
    @staff(ADMIN, writes=True)
    def move_up(self, visit: Visit, key: str) -> Any:
        """«Выше»."""
        return self._done(visit, move_entry, _text(key), up=True)

    @rx.event
    @staff(ADMIN, writes=True)
    def move_down(self, visit: Visit, key: str) -> Any:
        """«Ниже»."""
        return self._done(visit, move_entry, _text(key), up=False)

    @rx.event
    @staff(ADMIN, writes=True)
    def drop(self, visit: Visit) -> Any:
        """«Вернуть общий список»."""
        return self._done(visit, drop_own, said=DROPPED)

    def _done(self, visit: Visit, service: Any, *given: Any, field: str = TITLE, said: str = DONE, **more: Any) -> Any:
        try:
            visit.write(service, self.kind, self._organization(), *given, now=visit.now, **more)
        except Invalid as fault:
            sentence = fault.fields[TITLE]
            at = {"rename_error": sentence} if field == RENAME else {"error": sentence}
            publish(self, outcome="", faults=[Fault(field, sentence)], **at)
            return rx.set_focus(SUMMARY_ID)
        except DomainError as fault:
            said, kind = fault.sentence, "bad"
        else:
            kind, self._renaming = "good", ""
            self.form += 1
        publish(self, outcome=said, outcome_kind=kind, error="", rename_error="", faults=[])
        self._show(visit)
        return rx.set_focus(OUTCOME_ID)

    def _organization(self) -> int | None:
        return int(self.organization) if self.organization else None

    def _show(self, visit: Visit) -> None:
        publish(visit.account, known=True)
        payees = [Choice(str(one.organization_id), one.name) for one in visit.read(organizations)]
        if self.organization not in {one.key for one in payees}:
            publish(self, organization="")
        found = visit.read(dictionary, self.kind, self._organization())
        if self.organization:
            about = OWN if found.own else FROM_SHARED
        else:
            about = SHARED_OWN if found.own else FIRST_CONTENTS
        publish(
            self,
            loaded=True,
            payees=payees,
            own=found.own,
            about=about,
            marks_new=self.kind == APPLICATION,
            lines=[
                Line(one.title, "акт поверки не нужен" if one.meaning == NEW else "", one.hidden,
                     one.title == self._renaming)
                for one in found.entries
            ],
        )  # fmt: skip


def _text(key: object) -> str:
    return key if isinstance(key, str) else ""
