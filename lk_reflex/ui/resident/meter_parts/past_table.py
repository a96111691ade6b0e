"""The table of a meter's earlier readings, with the manual's columns and the fate of one's own."""

from typing import Any

import reflex as rx

from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Text
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.tables import Column, data_table

NONE_YET = "Показаний по этому прибору ещё не было"
COLUMNS = (
    Column("Дата учета", "accounted"),
    Column("Дата снятия", "taken"),
    Column("Источник", "source"),
    Column("Показание", "value", numeric=True),
    Column("Состояние", "fate", hide_empty=True),
)


def past_readings(past: Any, caption: Text) -> rx.Component:
    """The earlier readings (a var of `PastList`), or that there are none."""
    columns = (*COLUMNS, Column("Фото", _photo, filled="has_photo", shown=past.photos))
    return rx.cond(
        past.rows.length() > 0,
        rx.fragment(
            data_table(columns, past.rows, caption=caption, row_key="key", hide_caption=True),
            rx.cond(
                past.earlier.length() > 0,
                rx.el.details(
                    rx.el.summary(past.earlier_title),
                    data_table(columns, past.earlier, caption=past.earlier_title, row_key="key", hide_caption=True),
                ),
            ),
        ),
        rx.el.p(NONE_YET, class_name="muted"),
    )


def _photo(row: Any) -> rx.Component:
    shown = native_link("Фото", rx.el.span(" к показанию ", row.value, class_name="hidden"), href=row.photo,
                        target="_blank", rel="noopener")  # fmt: skip
    return rx.cond(row.has_photo, shown, rx.fragment())


def show_button(opened: rx.Var[bool], of: Text, on_click: Any) -> rx.Component:
    """«Показать» or «Скрыть», with the meter's name for those who don't see where it stands."""
    return rx.el.button(
        rx.cond(opened, words.HIDE, words.SHOW),
        rx.el.span(" ", of, class_name="hidden"),
        type="button",
        on_click=on_click,
        class_name="link-button",
        custom_attrs={"aria-expanded": rx.cond(opened, "true", "false")},
    )
