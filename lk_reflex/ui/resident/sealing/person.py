"""The upper half of the form: the owner, the document, the phone and the day wished for."""

from typing import Any

import reflex as rx
from reflex.experimental.client_state import ClientStateVar

from lk_reflex.ui.resident.sealing import words
from lk_reflex.ui.resident.sealing.fields import choice_field, text_field
from lk_reflex.ui.resident.sealing.state import SealingState
from lk_reflex.ui.shared.notices import card

#: In which application somebody is at the passport's fields; known to the browser alone, so that a connection that
#: comes back doesn't take the fields from under their hands.
_opened = ClientStateVar.create("sealing_passport", default="")


def person_card() -> rx.Component:
    """Who applies, with what document, and when it would suit them."""
    own, values, at = words.OWN, SealingState.values, SealingState.at
    return card(
        rx.el.div(
            text_field("owner", own["owner"], value=values["owner"], auto_focus=at == "owner"),
            choice_field("document", own["document"], value=values["document"], auto_focus=at == "passport"),
            _passport(),
            text_field("phone", own["phone"], value=values["phone"], type="tel"),
            text_field("wished", own["wished"], value=values["wished"]),
            class_name="fields",
        ),
        title="Собственник",
        card_id="person",
    )


def form_mounts() -> Any:
    """For the form's `on_mount`: a page that is opened anew shows the passport masked."""
    return _opened.set_value("")


def _passport() -> rx.Component:
    is_open: Any = ~SealingState.passport_whole | SealingState.passport_wrong | (_opened.value == SealingState.number)
    return rx.fragment(
        rx.cond(SealingState.passport != "", _masked(is_open)),
        rx.cond(is_open, rx.el.div(*(_secret(name) for name in words.PASSPORT), class_name="inputs wide")),
    )


def _masked(is_open: Any) -> rx.Component:
    """What is known of it may be seen by anybody who looks over a shoulder."""
    change = rx.el.button(
        words.CHANGE, rx.el.span(" паспортные данные", class_name="hidden"), type="button",
        on_click=_opened.set_value(SealingState.number), class_name="button quiet",
    )  # fmt: skip
    return rx.el.div(
        rx.el.p("Серия и номер указаны: ", rx.el.b(SealingState.passport, class_name="num")),
        rx.cond(is_open, rx.el.p("Заполните, что изменилось: пустые поля останутся как были."), change),
        class_name="passport",
    )


def _secret(name: str) -> rx.Component:
    return text_field(name, words.PASSPORT[name], on_focus=_opened.set_value(SealingState.number))
