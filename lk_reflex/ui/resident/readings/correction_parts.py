"""The form of a request to correct a reading, its button on a meter's card, and the list of requests."""

import reflex as rx

from lk_reflex.domain.metering.correcting.corrections import EXPLANATION, READING, TAKEN_ON
from lk_reflex.ui.meter_form.rows import ScaleRow
from lk_reflex.ui.resident.readings.correction import (
    DONE_ID,
    FORM_ID,
    SUMMARY_ID,
    YES,
    CorrectionRow,
    CorrectionState,
    field_id,
)
from lk_reflex.ui.shared.forms import described, error_summary, form_field, required_note, submit
from lk_reflex.ui.shared.notices import card, notice, outcome_area, tag
from lk_reflex.ui.shared.tables import Column, data_table

CORRECT = "Исправить"
HOW = "Показание уже ушло на расчёт, поэтому исправить его может только оператор. Напишите, какое показание верное."
TITLE = "Просьбы исправить показания"
WAITS = "Просьба исправить: ждёт оператора"
#: Of the form's fields: the page's other form has fields of the same names.
_READING, _TAKEN_ON, _WHY = field_id(READING), field_id(TAKEN_ON), field_id(EXPLANATION)


def correct_button(scale: ScaleRow) -> rx.Component:
    """«Исправить» under a scale whose reading an operator may be asked about, or that one has been asked."""
    button = rx.el.button(
        CORRECT,
        rx.el.span(" переданное показание ", scale.label, class_name="hidden"),
        type="button",
        on_click=CorrectionState.start(scale.correct),
        class_name="button quiet",
    )
    asked = rx.el.p(tag(WAITS, "due"))
    zone = rx.cond(scale.label != "", rx.el.span(scale.label, " ", custom_attrs={"aria-hidden": "true"}))
    return rx.cond(
        scale.correct != "",
        rx.el.div(
            zone, rx.cond(CorrectionState.waiting.contains(scale.correct), asked, button), class_name="row",
            key=f"correct-{scale.row}",
        ),
    )  # fmt: skip


def correction_area() -> rx.Component:
    """The open form, or what has become of it. The containers never leave the page: the focus goes there."""
    return rx.fragment(
        outcome_area(
            DONE_ID,
            rx.cond(
                CorrectionState.done != "",
                notice("good", CorrectionState.done + ".", rx.el.p(CorrectionState.done_how)),
            ),
        ),
        rx.el.div(rx.cond(CorrectionState.form.sent != "", _form()), id=FORM_ID, tab_index=-1, class_name="message"),
    )


def correction_list() -> rx.Component:
    """What was asked in the last 30 days; nothing where nothing was."""
    return rx.cond(
        CorrectionState.rows.length() > 0,
        card(
            data_table(COLUMNS, CorrectionState.rows, caption=TITLE, row_key="key", hide_caption=True),
            title=TITLE,
            card_id="corrections",
        ),
    )


def _form() -> rx.Component:
    form, errors = CorrectionState.form, CorrectionState.errors
    return rx.el.section(
        rx.el.h2(form.title, id="correction-title"),
        rx.el.p(form.was),
        rx.el.p(HOW, class_name="small"),
        error_summary(CorrectionState.faults, summary_id=SUMMARY_ID),
        rx.el.form(
            required_note(),
            form_field(
                "Верное показание:", _READING, required=True, error=errors[READING], hint=form.hint, short=True,
                input_mode="decimal", auto_complete="off",
            ),
            rx.cond(CorrectionState.question != "", _question()),
            form_field(
                "Дата снятия верного показания:", _TAKEN_ON, error=errors[TAKEN_ON], hint="Например 20.11.2026",
                short=True, default_value=form.taken_on, auto_complete="off",
            ),
            form_field(
                "Что было не так:", _WHY, required=True, error=errors[EXPLANATION],
                hint="Например: перепутаны две последние цифры", control=_why(),
            ),
            rx.el.div(
                submit("Отправить оператору"),
                rx.el.button("Отменить", type="button", on_click=CorrectionState.cancel, class_name="button quiet"),
                class_name="row",
            ),
            on_submit=CorrectionState.send,
            no_validate=True,
            class_name="stack",
            key=form.key,
        ),
        class_name="card",
        custom_attrs={"aria-labelledby": "correction-title"},
    )  # fmt: skip


def _why() -> rx.Component:
    attrs = described(_WHY, _WHY, CorrectionState.errors[EXPLANATION], "Например", required=True)
    return rx.el.textarea(**attrs, rows=3, max_length=500)


def _question() -> rx.Component:
    """Another question is another tick."""
    question = CorrectionState.question
    return rx.el.div(
        rx.el.p(question, id="correction-question"),
        rx.el.div(
            rx.el.input(
                type="checkbox", value="yes", id=YES, name=YES,
                custom_attrs={"aria-describedby": "correction-question"},
            ),
            rx.el.label("Да, показание верное", html_for=YES),
            class_name="check",
        ),
        class_name="notice due",
        key=question,
    )  # fmt: skip


def _fate(row: CorrectionRow) -> rx.Component:
    said = rx.cond(row.comment != "", rx.fragment(rx.el.br(), row.comment))
    return rx.el.span(tag(row.fate, row.kind), said)


def _withdraw(row: CorrectionRow) -> rx.Component:
    return rx.cond(
        row.mine,
        rx.el.button(
            "Отозвать",
            rx.el.span(" просьбу: ", row.meter, class_name="hidden"),
            type="button",
            on_click=CorrectionState.withdraw(row.key),
            class_name="link-button",
        ),
    )


COLUMNS = (
    Column("Прибор учёта", "meter"),
    Column("Было передано", "was"),
    Column("Верное показание", "asked"),
    Column("Объяснение", "why", hide_empty=True),
    Column("Состояние", _fate),
    Column("Отозвать", _withdraw, filled="mine"),
)
