"""Сотрудники: the list with a form below the open line, and the form of a new one."""

from typing import Any

import reflex as rx

from lk_reflex.domain.administration.people import DUTIES, EMAIL, NAME, ROLE
from lk_reflex.domain.identity.access import OPERATOR
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import described, error_summary, field_error, form_field, submit
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import card, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.people.state import OPEN, OUTCOME_ID, ROLES, Payee, PeopleState, PersonRow

TITLE = paths.TITLES[paths.STAFF_PEOPLE]
HOW = "Сотрудник получит письмо со ссылкой, по которой задаст пароль. Администратору видны все организации."
SEEN_AS = "Так его увидят коллеги и журнал действий"


def staff_people_page() -> rx.Component:
    """The page."""
    return staff_page(
        TITLE,
        outcome_area(
            OUTCOME_ID, rx.cond(PeopleState.outcome != "", notice(PeopleState.outcome_kind, PeopleState.outcome))
        ),
        error_summary(PeopleState.faults),
        rx.cond(PeopleState.loaded, rx.el.div(_list(), _adding(), class_name="stack"), skeleton()),
        frame=cabinet_frame(),
        current=paths.STAFF_PEOPLE,
    )


def _list() -> rx.Component:
    table = data_table(COLUMNS, PeopleState.rows, caption=TITLE, row_key="key", hide_caption=True,
                       turn="cards-wide", details=_changing, opened="opened")  # fmt: skip
    return card(rx.el.div(table, role="region", aria_label="Сотрудники: таблица", class_name="dense"))


def _adding() -> rx.Component:
    press = sending("colleague", PeopleState.answers)
    return card(
        rx.el.p(HOW, class_name="small"),
        rx.el.form(
            rx.el.div(
                form_field(
                    "Электронная почта:", EMAIL, required=True, error=PeopleState.errors.get(EMAIL, ""), type="email",
                    auto_complete="off", spell_check=False,
                ),
                _name("", ""),
                class_name="pair",
            ),
            _role("", OPERATOR),
            _duties("", ticks=False),
            rx.el.div(submit("Завести сотрудника", busy=press.now), class_name="row"),
            on_submit=[press.pressed, PeopleState.add],
            no_validate=True,
            class_name="fields",
            key=PeopleState.form.to_string(),
        ),
        title="Новый сотрудник",
        card_id="adding",
    )  # fmt: skip


def _changing(row: PersonRow) -> rx.Component:
    return rx.el.form(
        _name(OPEN, row.name),
        _role(OPEN, row.role_key),
        _duties(OPEN, ticks=True),
        rx.el.div(submit("Сохранить"), class_name="row"),
        on_submit=PeopleState.change,
        no_validate=True,
        class_name="inner stack",
        key=row.key,
    )


def _name(prefix: str, value: Any) -> rx.Component:
    name = f"{prefix}{NAME}"
    return form_field(
        "Фамилия и инициалы:", name, required=True, hint=SEEN_AS, error=PeopleState.errors.get(name, ""),
        default_value=value, auto_complete="off",
    )  # fmt: skip


def _role(prefix: str, value: Any) -> rx.Component:
    name = f"{prefix}{ROLE}"
    options = (rx.el.option(title, value=role) for role, title in ROLES.items())
    error = PeopleState.errors.get(name, "")
    select = rx.el.select(*options, default_value=value, **described(name, name, error, "", required=True))
    return form_field("Роль:", name, required=True, error=error, control=select)


def _duties(prefix: str, *, ticks: bool) -> rx.Component:
    group = f"{prefix}{DUTIES}"

    def box(one: Payee) -> rx.Component:
        name = joined(f"{group}-", one.key)
        checked: Any = one.ticked if ticks else False
        return rx.el.div(
            rx.el.input(type="checkbox", value="yes", id=name, name=name, default_checked=checked),
            rx.el.label(one.title, html_for=name),
            class_name="check",
            key=one.key,
        )

    return rx.el.fieldset(
        rx.el.legend("Организации, с которыми работает оператор *"),
        rx.foreach(PeopleState.payees, box),
        field_error(group, PeopleState.errors.get(group, "")),
        id=group,
        tab_index=-1,
        class_name="field",
        custom_attrs={"aria-describedby": f"{group}-error"},
    )


def _two(row: PersonRow) -> rx.Component:
    below = rx.fragment(rx.el.br(), rx.el.span(row.email, class_name="small muted"))
    return rx.el.span(rx.el.b(row.name), rx.cond(row.email != "", below))


def _state(row: PersonRow) -> rx.Component:
    seen = rx.fragment(rx.el.br(), rx.el.span("заходил ", row.seen, class_name="small muted"))
    return rx.el.span(tag(row.state, row.kind), rx.cond(row.seen != "", seen))


def _ways(row: PersonRow) -> rx.Component:
    return rx.el.div(
        _press("Изменить…", row, PeopleState.open_line(row.key), expanded=row.opened),
        rx.cond(row.waiting, _press("Отправить приглашение ещё раз", row, PeopleState.invite(row.key))),
        rx.cond(
            row.blocked,
            _press("Вернуть доступ", row, PeopleState.give_access(row.key)),
            _press("Закрыть доступ", row, PeopleState.close_access(row.key)),
        ),
        class_name="stack tight actions",
    )


def _press(title: str, row: PersonRow, handler: Any, *, expanded: Any = None) -> rx.Component:
    attrs = {} if expanded is None else {"aria-expanded": rx.cond(expanded, "true", "false")}
    return rx.el.button(
        title, rx.el.span(" ", row.name, class_name="hidden"), type="button", on_click=handler,
        class_name="button quiet", custom_attrs=attrs,
    )  # fmt: skip


COLUMNS = (
    Column("Сотрудник", _two),
    Column("Роль", "role"),
    Column("Организации", "duties"),
    Column("Состояние", _state),
    Column("Что сделать", _ways),
)
