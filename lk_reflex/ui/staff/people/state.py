"""Сотрудники: the list, and the form of one: a new one's or of a line that is open."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.core.errors import DomainError, Invalid
from lk_reflex.domain.administration.organizations import organizations
from lk_reflex.domain.administration.people import (
    DUTIES,
    EMAIL,
    NAME,
    ROLE,
    Colleague,
    add_colleague,
    change_colleague,
    colleagues,
    invite_again,
    let_in,
    shut_out,
)
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.settings import get_settings
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text, ticked
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

OUTCOME_ID = "outcome"
#: What the fields of the open line are called: those of a new colleague have the names alone.
OPEN = "open-"
ROLES = {OPERATOR: "Оператор", ADMIN: "Администратор"}
ADDED = "Сотрудник заведён. Приглашение со ссылкой для пароля отправлено на {}."
CHANGED, INVITED = "Сохранено.", "Приглашение отправлено ещё раз."
SHUT_OUT, LET_IN = "Доступ закрыт: сотрудник вышел на всех устройствах.", "Доступ возвращён."
EVERYTHING = "все организации"


@dataclass(frozen=True)
class Payee:
    """An organization to tick: for a new colleague, and whether it is ticked for the open line."""

    key: str
    title: str
    ticked: bool


@dataclass(frozen=True)
class PersonRow:
    """One of the staff."""

    key: str
    name: str
    email: str
    role: str
    role_key: str
    duties: str
    state: str
    kind: str
    seen: str
    opened: bool
    blocked: bool
    waiting: bool


class PeopleState(rx.State):
    """The staff; an administrator's alone."""

    loaded: bool = False
    rows: list[PersonRow] = []
    payees: list[Payee] = []
    errors: dict[str, str] = {}
    faults: list[Fault] = []
    outcome: str = ""
    outcome_kind: str = "good"
    form: int = 0
    answers: int = 0

    _opened: int = 0

    @rx.event
    @staff(ADMIN)
    def load(self, visit: Visit) -> None:
        """Show everybody."""
        self._opened = 0
        publish(self, outcome="", errors={}, faults=[])
        self._show(visit)

    @rx.event
    @staff(ADMIN)
    def open_line(self, visit: Visit, key: str) -> Any:
        """«Изменить…»; a second press closes it."""
        wanted = row_id(key)
        self._opened = 0 if self._opened == wanted else wanted
        publish(self, outcome="", errors={}, faults=[])
        self._show(visit)
        return rx.set_focus(f"{OPEN}{NAME}") if self._opened else None

    @rx.event
    @staff(ADMIN, writes=True)
    def add(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Завести сотрудника»."""
        self.answers += 1
        email = field_text(form, EMAIL)
        given = (email, field_text(form, NAME), field_text(form, ROLE), _duties(form, ""))
        said = ADDED.format(email.strip())
        return self._done(visit, add_colleague, *given, said=said, fields="", site=get_settings().site)

    @rx.event
    @staff(ADMIN, writes=True)
    def change(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить» of the open line."""
        given = (self._opened, field_text(form, f"{OPEN}{NAME}"), field_text(form, f"{OPEN}{ROLE}"),
                 _duties(form, OPEN))  # fmt: skip
        return self._done(visit, change_colleague, *given, said=CHANGED, fields=OPEN)

    @rx.event
    @staff(ADMIN, writes=True)
    def close_access(self, visit: Visit, key: str) -> Any:
        """«Закрыть доступ»."""
        return self._done(visit, shut_out, row_id(key), said=SHUT_OUT)

    @rx.event
    @staff(ADMIN, writes=True)
    def give_access(self, visit: Visit, key: str) -> Any:
        """«Вернуть доступ»."""
        return self._done(visit, let_in, row_id(key), said=LET_IN)

    @rx.event
    @staff(ADMIN, writes=True)
    def invite(self, visit: Visit, key: str) -> Any:
        """«Отправить приглашение ещё раз»."""
        return self._done(visit, invite_again, row_id(key), said=INVITED, site=get_settings().site)

    def _done(self, visit: Visit, service: Any, *given: Any, said: str, fields: str = "", **more: Any) -> Any:
        """Do it and say what came of it; `fields` begins the names of the form's fields."""
        try:
            visit.write(service, *given, now=visit.now, **more)
        except Invalid as fault:
            faults = {f"{fields}{name}": sentence for name, sentence in fault.fields.items()}
            publish(self, errors=faults, faults=[Fault(*one) for one in faults.items()], outcome="")
            return rx.set_focus(SUMMARY_ID)
        except DomainError as fault:
            publish(self, outcome=fault.sentence, outcome_kind="bad", errors={}, faults=[])
        else:
            self._opened = 0
            self.form += 1
            publish(self, outcome=said, outcome_kind="good", errors={}, faults=[])
        self._show(visit)
        return rx.set_focus(OUTCOME_ID)

    def _show(self, visit: Visit) -> None:
        publish(visit.account, known=True)
        names = {one.organization_id: one.name for one in visit.read(organizations)}
        people = visit.read(colleagues)
        mine = next((one.duties for one in people if one.user_id == self._opened), frozenset())
        publish(
            self,
            loaded=True,
            payees=[Payee(str(key), name, key in mine) for key, name in names.items()],
            rows=[_row(one, names, one.user_id == self._opened) for one in people],
        )


def _duties(form: object, prefix: str) -> tuple[int, ...]:
    names = form if isinstance(form, dict) else {}
    begins = f"{prefix}{DUTIES}-"
    return tuple(
        row_id(name.removeprefix(begins)) for name in names
        if isinstance(name, str) and name.startswith(begins) and ticked(form, name)
    )  # fmt: skip


def _state(one: Colleague) -> tuple[str, str]:
    if one.blocked:
        return "доступ закрыт", "bad"
    return ("приглашён", "due") if one.waiting else ("работает", "good")


def _row(one: Colleague, names: dict[int, str], opened: bool) -> PersonRow:
    state, kind = _state(one)
    seen = format_date(local_date(one.seen_at, get_settings().time_zone)) if one.seen_at else ""
    duties = [name for key, name in names.items() if key in one.duties]
    return PersonRow(
        str(one.user_id),
        one.name or one.email,
        one.email if one.name else "",
        ROLES[one.role],
        one.role,
        EVERYTHING if one.role == ADMIN else ", ".join(duties),
        state,
        kind,
        seen,
        opened,
        one.blocked,
        one.waiting and not one.blocked,
    )
