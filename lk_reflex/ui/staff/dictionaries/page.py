"""Справочники: one list at a time, its lines and what may be done to them."""

from typing import Any

import reflex as rx

from lk_reflex.domain.administration.dictionaries import TITLE
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import check_field, described, error_summary, form_field, submit
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import card, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.dictionaries.state import KINDS, OUTCOME_ID, RENAME, DictionariesState, Line

PAGE_TITLE = paths.TITLES[paths.STAFF_DICTIONARIES]
HOW = "Убранную строку жители больше не могут выбрать; в поданных заявках она остаётся."


def staff_dictionaries_page() -> rx.Component:
    """The page."""
    said = notice(DictionariesState.outcome_kind, DictionariesState.outcome)
    return staff_page(
        PAGE_TITLE,
        outcome_area(OUTCOME_ID, rx.cond(DictionariesState.outcome != "", said)),
        error_summary(DictionariesState.faults),
        rx.cond(
            DictionariesState.loaded,
            rx.el.div(_choice(), _list(), _adding(), class_name="stack", key=DictionariesState.form.to_string()),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_DICTIONARIES,
    )


def _choice() -> rx.Component:
    kinds = (rx.el.option(title, value=kind) for kind, title in KINDS.items())
    payees = rx.foreach(DictionariesState.payees, lambda one: rx.el.option(one.title, value=one.key))
    kind = rx.el.select(*kinds, default_value=DictionariesState.kind, **described("kind", "kind"))
    whose = rx.el.select(
        rx.el.option("Общий для всех", value=""), payees, default_value=DictionariesState.organization,
        **described("organization", "organization"),
    )  # fmt: skip
    return card(
        rx.el.form(
            rx.el.div(
                form_field("Список:", "kind", control=kind),
                form_field("Чей:", "organization", control=whose),
                class_name="pair",
            ),
            rx.el.div(submit("Показать", quiet=True), class_name="row"),
            on_submit=DictionariesState.choose,
            no_validate=True,
            class_name="fields",
        ),
        title="Какой список",
        card_id="which",
    )


def _list() -> rx.Component:
    table = data_table(COLUMNS, DictionariesState.lines, caption="Строки списка", row_key="key", hide_caption=True,
                       turn="cards-wide", details=_renaming, opened="renaming")  # fmt: skip
    back = rx.el.button("Вернуть прежний список", type="button", on_click=DictionariesState.drop,
                        class_name="button quiet")  # fmt: skip
    return card(
        rx.el.p(DictionariesState.about, " ", HOW, class_name="small"),
        rx.el.div(table, role="region", aria_label="Строки списка: таблица", class_name="dense"),
        rx.cond(DictionariesState.own, rx.el.div(back, class_name="row")),
        title="Строки",
        card_id="lines",
    )


def _adding() -> rx.Component:
    press = sending("line", DictionariesState.answers)
    return card(
        rx.el.form(
            form_field("Название:", TITLE, required=True, error=DictionariesState.error, auto_complete="off"),
            rx.cond(DictionariesState.marks_new, check_field("Новый прибор: акт поверки не нужен", "new_meter")),
            rx.el.div(submit("Добавить строку", busy=press.now), class_name="row"),
            on_submit=[press.pressed, DictionariesState.add],
            no_validate=True,
            class_name="fields",
        ),
        title="Новая строка",
        card_id="adding",
    )


def _renaming(row: Line) -> rx.Component:
    return rx.el.form(
        form_field(
            "Новое название:", RENAME, required=True, error=DictionariesState.rename_error, default_value=row.key,
            auto_complete="off",
        ),
        rx.el.div(submit("Сохранить"), class_name="row"),
        on_submit=DictionariesState.rename,
        no_validate=True,
        class_name="inner stack",
    )  # fmt: skip


def _name(row: Line) -> rx.Component:
    return rx.el.span(
        row.key,
        rx.cond(row.meaning != "", rx.fragment(rx.el.br(), rx.el.span(row.meaning, class_name="small muted"))),
        rx.cond(row.hidden, rx.fragment(" ", tag("убрана", "info"))),
    )


def _ways(row: Line) -> rx.Component:
    return rx.el.div(
        rx.cond(
            row.hidden,
            _press("Вернуть", row, DictionariesState.restore(row.key)),
            rx.fragment(
                _press("Выше", row, DictionariesState.move_up(row.key)),
                _press("Ниже", row, DictionariesState.move_down(row.key)),
                _press("Переименовать…", row, DictionariesState.open_rename(row.key)),
                _press("Убрать", row, DictionariesState.hide(row.key)),
            ),
        ),
        class_name="stack tight actions",
    )


def _press(title: str, row: Line, handler: Any) -> rx.Component:
    of = rx.el.span(" строку «", row.key, "»", class_name="hidden")
    return rx.el.button(title, of, type="button", on_click=handler, class_name="button quiet")


COLUMNS = (Column("Строка", _name), Column("Что сделать", _ways))
