"""Заявка на опломбировку: the form, or the page that is checked before sending."""

import reflex as rx
from reflex.experimental.client_state import ClientStateVar

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.sealing import words
from lk_reflex.ui.resident.sealing.check import check_page
from lk_reflex.ui.resident.sealing.meters import meter_list
from lk_reflex.ui.resident.sealing.person import form_mounts, person_card
from lk_reflex.ui.resident.sealing.state import CLOSED_ID, INTENT, KEEP, KEPT_ID, SEND, SealingState
from lk_reflex.ui.shared.forms import error_summary, required_note, told_anew, typed_in
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, card, notice, outcome_area, skeleton

FORM_ID = "sealing"
_intent = ClientStateVar.create("sealing_intent", default=KEEP)


def sealing_page() -> rx.Component:
    """One application while it may be changed."""
    return section_page(
        SealingState.heading,
        rx.cond(
            SealingState.gone != "",
            _gone(),
            rx.cond(
                SealingState.loaded,
                rx.cond(SealingState.checking, check_page(), _form_page()),
                skeleton(),
            ),
        ),
        current=paths.SERVICES,
        needs_account=False,
    )


def _gone() -> rx.Component:
    return notice(
        "due", SealingState.gone, rx.el.div(action_link("Посмотреть", SealingState.gone_href), class_name="row")
    )


def _closed() -> rx.Component:
    way = rx.el.div(action_link("Посмотреть заявку", SealingState.gone_href), class_name="row")
    return notice("bad", SealingState.closed, way)


def _form_page() -> rx.Component:
    return rx.el.div(
        error_summary(SealingState.faults),
        _asked(),
        outcome_area(CLOSED_ID, rx.cond(SealingState.closed != "", _closed())),
        rx.cond(SealingState.account != "", rx.el.p("Лицевой счет заявки: ", rx.el.b(SealingState.account))),
        rx.el.form(
            required_note(),
            rx.el.input(type="hidden", name=INTENT, value=_intent.value, read_only=True),
            person_card(),
            meter_list(),
            _ways(),
            id=FORM_ID,
            on_submit=SealingState.submit,
            on_mount=form_mounts(),
            no_validate=True,
            class_name="stack",
            key=SealingState.number,
        ),
        told_anew(SealingState.connection, SealingState.catch_up(typed_in(FORM_ID))),
        class_name="stack sealing",
    )


def _asked() -> rx.Component:
    """What the operator wants corrected, with links to the fields."""
    return rx.cond(
        SealingState.asked,
        rx.el.section(
            rx.el.h2(words.ASKED),
            rx.cond(SealingState.comment != "", rx.el.p(SealingState.comment, class_name="said")),
            rx.el.ul(
                rx.foreach(
                    SealingState.named,
                    lambda one: rx.el.li(
                        native_link(one.message, href=rx.Var.create("#") + one.field_id), key=one.field_id
                    ),
                )
            ),
            class_name="notice due",
        ),
    )


def _ways() -> rx.Component:
    return card(
        rx.el.div(
            rx.cond(
                SealingState.more,
                rx.el.button(words.ADD, type="button", on_click=SealingState.add_row, class_name="button quiet"),
                rx.el.p(words.FULL),
            ),
            rx.el.button(words.KEEP, type="submit", on_click=_intent.set_value(KEEP), class_name="button quiet"),
            rx.el.button(words.SEND, type="submit", on_click=_intent.set_value(SEND), class_name="button"),
            class_name="row",
        ),
        rx.el.p(SealingState.saved, role="status", class_name="small muted saved"),
        outcome_area(
            KEPT_ID,
            rx.cond(SealingState.kept != "", notice("good", SealingState.kept + ".", rx.el.p(SealingState.kept_how))),
        ),
    )
