"""What such forms draw alike: the frame around form and check page, and the lines that are read once more."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.request_form.state import OUTCOME_ID, Fact
from lk_reflex.ui.shared.forms import error_summary, submit
from lk_reflex.ui.shared.frame import Text, joined, present
from lk_reflex.ui.shared.notices import action_link, empty_state, notice, outcome_area, skeleton
from lk_reflex.ui.shared.sending import sending

SAVE, SEND, WORK, CHANGE = "Сохранить", "Отправить", "Отправляем…", "Изменить"
CLOSED, ON = "Заполнять нечего", "К разделу «Услуги»"


def draft_page(state: Any, *, fill: rx.Component, check: rx.Component, opens: str) -> rx.Component:
    """One draft: filled in, checked, sent. `opens` is what leads to it where it has been sent."""
    return section_page(
        state.heading,
        error_summary(state.faults),
        outcome_area(OUTCOME_ID, rx.cond(present(state.outcome), notice(state.outcome_kind, state.outcome))),
        rx.cond(
            state.number != "",
            rx.cond(state.checking, check, fill),
            rx.cond(state.loaded, _closed(state, opens), skeleton()),
        ),
        current=paths.SERVICES,
        needs_account=False,
    )


def _closed(state: Any, opens: str) -> rx.Component:
    onward = rx.cond(state.closed_href == paths.SERVICES, ON, opens)
    way = rx.el.div(action_link(onward, state.closed_href), class_name="row")
    return empty_state(CLOSED, rx.el.p(state.closed), way)


def send_and_save(state: Any, *, busy: rx.Var[bool]) -> rx.Component:
    """The two buttons of the form."""
    return rx.el.div(
        submit(SEND, busy=busy, busy_title=WORK),
        rx.el.button(SAVE, type="button", on_click=state.save, class_name="button quiet"),
        class_name="row",
    )


def send_checked(state: Any, name: str) -> rx.Component:
    """The one button of the check page; `name` tells its pressing from other forms'."""
    sent = sending(name, state.answers)
    return rx.el.form(
        rx.el.div(submit(SEND, busy=sent.now, busy_title=WORK), class_name="row"),
        on_submit=[sent.pressed, state.send],
        no_validate=True,
    )


def fact_line(fact: Fact, change: rx.Component) -> rx.Component:
    """A field as it will be sent, and the way back to it."""
    return rx.el.div(
        rx.el.dt(fact.label, ":"),
        rx.el.dd(rx.el.span(fact.value, class_name="said"), " ", change),
        key=fact.field_id,
    )


def change_link(form: str, number: Text, what: Text, field_id: Text) -> rx.Component:
    """Back to the form under the address `form`; the browser's «back» leads there as well."""
    return rx.el.a(
        CHANGE,
        rx.el.span(": ", what, class_name="hidden"),
        href=joined(f"{form}/", number, "#", field_id),
    )
