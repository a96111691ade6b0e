"""Объявления и отключения: a form with its houses, the check page, and what has been published."""

from typing import Any

import reflex as rx

from lk_reflex.domain.announcements import rules
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import described, error_summary, field_error, form_field, submit
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import card, empty_state, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.shared.words import WAIT
from lk_reflex.ui.staff.announcements.rows import KINDS, AnnouncedRow, Choice, HouseRow, StreetRow
from lk_reflex.ui.staff.announcements.state import CHECK_ID, OUTCOME_ID, STREET, STREETS_ID, AnnouncementsState

TITLE = paths.TITLES[paths.STAFF_ANNOUNCEMENTS]
S = AnnouncementsState
NOBODY, NOBODY_HOW = (
    "Нет ни одной организации",
    "Администратор назначает сотруднику организации, с которыми он работает.",
)
NOTHING = "Объявлений ещё не было."
FORM_ID = "announcement"
HOW = (
    "Жители увидят объявление на странице «Общая информация», получат уведомление и письмо, если не отказались от них."
)
HOW_HOUSES = (
    "Найдите улицу и добавьте её целиком или отметьте отдельные дома. Нужно, если выбрано «Только выбранным домам»."
)


def staff_announcements_page() -> rx.Component:
    """The page."""
    return staff_page(
        TITLE,
        outcome_area(OUTCOME_ID, rx.cond(S.outcome != "", notice(S.outcome_kind, S.outcome))),
        error_summary(S.faults),
        rx.cond(
            S.loaded,
            rx.cond(
                S.organizations.length() > 0,
                rx.el.div(rx.cond(S.check_title != "", _check(), _form()), _list(), class_name="stack"),
                empty_state(NOBODY, rx.el.p(NOBODY_HOW)),
            ),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_ANNOUNCEMENTS,
    )


def _form() -> rx.Component:
    press = sending("announcement", S.answers)
    fields = rx.el.form(
        rx.el.p(HOW, class_name="small"),
        rx.el.div(
            _select("Организация:", "organization", S.organization, rx.foreach(S.organizations, _option),
                    on_change=S.choose_organization, disabled=S.editing != ""),
            _select("Что это:", rules.KIND, S.fields.kind, *(_plain(key, title) for key, title in KINDS.items())),
            class_name="inputs",
        ),
        form_field("Заголовок:", rules.TITLE, required=True, error=S.errors[rules.TITLE], max_length=300,
                   default_value=S.fields.title, hint="Например: Отключение холодной воды", auto_complete="off"),
        rx.el.fieldset(
            rx.el.legend("Срок отключения"),
            rx.el.div(
                _when("с, день:", rules.FROM_DAY, S.fields.from_day, "Например, 20.11.2026"),
                _when("с, время:", rules.FROM_TIME, S.fields.from_time, "Например, 09:30"),
                _when("до, день:", rules.TO_DAY, S.fields.to_day, "Пусто, если срок неизвестен"),
                _when("до, время:", rules.TO_TIME, S.fields.to_time, "Например, 18:00"),
                class_name="inputs",
            ),
            rx.el.p("Для объявления срок не нужен.", class_name="small muted"),
        ),
        form_field(
            "Текст:", rules.BODY, error=S.errors[rules.BODY], hint="Что случилось, что делать, куда звонить",
            control=rx.el.textarea(
                **described(rules.BODY, rules.BODY, S.errors[rules.BODY], "да"), rows=4, default_value=S.fields.body,
            ),
        ),
        rx.el.fieldset(
            rx.el.legend("Кому показать"),
            _where(rules.EVERYBODY, "Всем жителям организации"),
            _where(rules.HOUSES, "Только выбранным домам"),
            field_error(rules.PLACES, S.errors[rules.PLACES]),
            id=rules.PLACES,
            tab_index=-1,
        ),
        on_submit=[press.pressed, S.check],
        id=FORM_ID,
        no_validate=True,
        class_name="fields",
        key=S.form.to_string(),
    )  # fmt: skip
    title = rx.cond(S.editing != "", joined("Изменить: ", S.editing), "Новое объявление")
    # The button is the form's, but comes when the houses have been chosen: forms don't stand in forms.
    check = rx.el.button(
        rx.cond(press.now, WAIT, "Проверить"), type="submit", form=FORM_ID, class_name="button",
        custom_attrs={"aria-busy": rx.cond(press.now, "true", "false")},
    )  # fmt: skip
    return rx.fragment(
        card(fields, title=title, card_id="form-card"),
        _houses(),
        rx.el.div(check, rx.cond(S.editing != "", _quiet("Не изменять", S.leave)), class_name="row"),
    )


def _select(label: str, name: str, chosen: Any, *options: rx.Component, **attrs: Any) -> rx.Component:
    control = rx.el.select(*options, default_value=chosen, **described(name, name), **attrs)
    return form_field(label, name, control=control)


def _option(one: Choice) -> rx.Component:
    return _plain(one.key, one.title)


def _plain(key: Any, title: Any) -> rx.Component:
    return rx.el.option(title, value=key)


def _when(label: str, name: str, value: Any, hint: str) -> rx.Component:
    return form_field(label, name, error=S.errors[name], hint=hint, default_value=value, auto_complete="off")


def _where(key: str, title: str) -> rx.Component:
    own = f"where-{key}"
    return rx.el.div(
        rx.el.input(type="radio", id=own, name=rules.WHERE, value=key, default_checked=S.fields.where == key),
        rx.el.label(title, html_for=own),
        class_name="check",
    )


def _houses() -> rx.Component:
    search = rx.el.form(
        form_field("Улица:", STREET, type="search", default_value=S.street_typed, auto_complete="off", max_length=100),
        rx.el.div(submit("Найти улицу", quiet=True), class_name="row"),
        on_submit=S.find_streets,
        no_validate=True,
        class_name="fields",
        key=joined("streets-", S.form.to_string()),
    )
    found = rx.el.div(
        rx.cond(S.street_told != "", rx.el.p(S.street_told, ".")),
        rx.el.ul(rx.foreach(S.streets, _street), class_name="plain-list stack tight"),
        id=STREETS_ID,
        tab_index=-1,
    )
    chosen = rx.cond(
        S.chosen.length() > 0,
        rx.el.div(
            rx.el.h3("Выбрано домов: ", S.chosen.length().to_string()),
            rx.el.ul(rx.foreach(S.chosen, _chosen), class_name="plain-list"),
            rx.el.div(_quiet("Убрать все дома", S.remove_all), class_name="row"),
        ),
        rx.el.p("Дома пока не выбраны.", class_name="muted"),
    )
    return card(rx.el.p(HOW_HOUSES, class_name="small"), search, found, chosen, title="Дома", card_id="houses-card")


def _street(one: StreetRow) -> rx.Component:
    opened = S.street == one.key
    of = rx.el.span(" ", one.title, class_name="hidden")
    return rx.el.li(
        rx.el.span(one.title, " "),
        rx.el.button("Добавить всю улицу", of, type="button", on_click=S.add_street(one.key), class_name="link-button"),
        " ",
        rx.el.button(
            rx.cond(opened, "Закрыть дома", "Выбрать дома"), of, type="button", on_click=S.open_street(one.key),
            class_name="link-button", custom_attrs={"aria-expanded": rx.cond(opened, "true", "false")},
        ),
        rx.cond(opened, rx.el.div(rx.foreach(S.houses, _house), class_name="inputs")),
        key=one.key,
    )  # fmt: skip


def _house(one: HouseRow) -> rx.Component:
    own = joined("house-", one.key)
    return rx.el.div(
        rx.el.input(type="checkbox", id=own, checked=one.chosen, on_change=S.toggle_house(one.key)),
        rx.el.label(one.address, html_for=own),
        class_name="check",
        key=one.key,
    )


def _chosen(one: HouseRow) -> rx.Component:
    return rx.el.li(
        one.address,
        " ",
        rx.el.button(
            "Убрать", rx.el.span(" ", one.address, class_name="hidden"), type="button",
            on_click=S.toggle_house(one.key), class_name="link-button",
        ),
        key=one.key,
    )  # fmt: skip


def _check() -> rx.Component:
    """What residents will read, and how many of them."""
    return rx.el.section(
        rx.el.h2("Проверьте перед публикацией", id=CHECK_ID, tab_index=-1),
        rx.el.dl(
            _fact(S.check_kind, rx.el.b(S.check_title)),
            rx.cond(S.check_when != "", _fact("Срок:", S.check_when)),
            rx.cond(S.check_body != "", _fact("Текст:", rx.el.span(S.check_body, class_name="said"))),
            _fact("Кому:", S.check_places),
            class_name="facts",
        ),
        notice("info", S.check_count),
        rx.el.div(
            rx.el.button(
                rx.cond(S.editing != "", "Сохранить изменения", "Опубликовать"), type="button", on_click=S.send,
                class_name="button",
            ),
            _quiet("Изменить", S.go_back),
            class_name="row",
        ),
        class_name="card",
        custom_attrs={"aria-labelledby": CHECK_ID},
    )  # fmt: skip


def _fact(label: Any, value: Any) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(value))


def _quiet(title: str, handler: Any) -> rx.Component:
    return rx.el.button(title, type="button", on_click=handler, class_name="button quiet")


def _list() -> rx.Component:
    table = data_table(
        COLUMNS, S.rows, caption="Объявления, новые сверху", row_key="key", hide_caption=True, turn="cards-wide"
    )  # fmt: skip
    sheet = rx.el.div(table, role="region", aria_label="Объявления: таблица", class_name="dense")
    return card(
        rx.cond(S.rows.length() > 0, sheet, rx.el.p(NOTHING)), title="Опубликованные", card_id="published"
    )  # fmt: skip


def _two(first: Any, more: Any) -> rx.Component:
    return rx.el.span(first, rx.cond(more != "", rx.fragment(rx.el.br(), rx.el.span(more, class_name="small muted"))))


def _deeds(row: AnnouncedRow) -> rx.Component:
    of = rx.el.span(" «", row.title, "»", class_name="hidden")

    def press(title: str, handler: Any) -> rx.Component:
        return rx.el.button(title, of, type="button", on_click=handler(row.key), class_name="button quiet")

    return rx.cond(
        row.alive,
        rx.el.div(
            press("Изменить", S.edit),
            rx.cond(row.outage, press("Завершить", S.end)),
            press("Скрыть", S.hide),
            class_name="stack tight actions",
        ),
        "—",
    )


COLUMNS = (
    Column("Объявление", lambda row: _two(rx.el.b(row.title), row.when)),
    Column("Что это", lambda row: _two(row.kind, row.where)),
    Column("Организация", "organization"),
    Column("Опубликовано", "published"),
    Column("Состояние", lambda row: tag(row.state, row.state_kind)),
    Column("Действия", _deeds),
)
