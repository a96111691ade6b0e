"""«Почему изменилась сумма?»: a heading that opens, a sentence that turns, a table with the reasons under each row."""

from typing import Any

import reflex as rx

from lk_reflex.ui.cabinet import table_files
from lk_reflex.ui.shared import words as shared
from lk_reflex.ui.shared.frame import Text, present
from lk_reflex.ui.shared.notices import tag
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.why import words
from lk_reflex.ui.why.rows import Cause, WhyRow

BODY_ID = "why-body"
COLUMNS = (
    Column("Услуга", "service"),
    Column("Было (руб.)", "was", numeric=True),
    Column("Стало (руб.)", "now", numeric=True),
    Column("Изменение (руб.)", "change", numeric=True),
)


def why_section(state: Any, lead: Text = "") -> rx.Component:
    """The section over a state with `WhyPart`; `lead` is what it says while it is closed."""
    return rx.el.section(
        rx.el.h2(_opener(state), id="why"),
        rx.cond(~state.why_opened & present(lead), rx.el.p(lead)),
        rx.el.div(rx.cond(state.why_opened, _body(state)), id=BODY_ID, class_name="why-body"),
        class_name="card why",
        custom_attrs={"aria-labelledby": "why"},
    )


def _opener(state: Any) -> rx.Component:
    return rx.el.button(
        words.WHY,
        type="button",
        on_click=state.toggle_why,
        class_name="link-button opener",
        custom_attrs={"aria-expanded": rx.cond(state.why_opened, "true", "false"), "aria-controls": BODY_ID},
    )


def _body(state: Any) -> rx.Component:
    why = state.why
    return rx.fragment(
        rx.el.div(
            _turn(state, words.BY_MONTH, by_year=False),
            _turn(state, words.BY_YEAR, by_year=True),
            role="group",
            aria_label=words.COMPARE,
            class_name="turns",
        ),
        rx.el.p(why.headline, role="status", class_name="headline"),
        rx.foreach(why.notes, lambda note: rx.el.p(note, class_name="small muted")),
        _causes(why.causes),
        rx.cond(
            why.rows.length() > 0,
            data_table(
                COLUMNS,
                why.rows,
                caption=why.caption,
                row_key="service",
                foot=(shared.TOTAL, why.was, why.now, why.change),
                hide_caption=True,
                details=_reasons,
                opened="told",
            ),
        ),
        rx.cond(why.years != "", rx.fragment(rx.el.p(why.years, class_name="headline"), _causes(why.year_causes))),
        table_files("why", words.WHY, label="Скачать за все месяцы:"),
    )


def _turn(state: Any, title: str, *, by_year: bool) -> rx.Component:
    pressed = state.why_by_year if by_year else ~state.why_by_year
    return rx.el.button(
        title,
        type="button",
        on_click=state.turn_why(by_year),
        class_name="turn",
        custom_attrs={"aria-pressed": rx.cond(pressed, "true", "false")},
    )


def _causes(causes: Any) -> rx.Component:
    return rx.cond(causes.length() > 0, rx.el.ul(rx.foreach(causes, _cause), class_name="changes"))


def _cause(cause: Cause) -> rx.Component:
    return rx.el.li(tag(cause.amount, cause.kind), rx.el.span(cause.text))


def _reasons(row: WhyRow) -> rx.Component:
    return rx.el.ul(rx.foreach(row.reasons, lambda reason: rx.el.li(reason)), class_name="reasons")
