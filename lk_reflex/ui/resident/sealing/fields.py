"""Fields of the application that save themselves: after a pause while one types, and when they are left."""

from typing import Any

import reflex as rx

from lk_reflex.ui.resident.sealing import words
from lk_reflex.ui.resident.sealing.state import SealingState
from lk_reflex.ui.resident.sealing.words import Words
from lk_reflex.ui.shared.forms import described, form_field
from lk_reflex.ui.shared.frame import joined

#: Milliseconds without a key. Each name of a field has a pause of its own: Reflex puts off the events of one handler
#: and one pause together, and the last of them alone would be sent.
_PAUSE = 700
_NAMES = (*words.OWN, *words.PASSPORT, *words.METER)


def text_field(name: str, field: Words, *, row: Any = None, value: Any = None, **attrs: Any) -> rx.Component:
    """A line to type in; of a meter's row where one is given."""
    own_id = _id(name, row)
    return _framed(
        own_id,
        form_field(
            field.label, "", field_id=own_id, required=field.required, hint=_hint(field), short=field.short,
            error=SealingState.errors[own_id],
            control=rx.el.input(
                **_described(own_id, field), **_typed(name, own_id), placeholder=field.placeholder,
                auto_complete=field.auto_complete, input_mode=field.input_mode or "text",
                **({} if value is None else {"default_value": value}), **attrs,
            ),
        ),
    )  # fmt: skip


def long_field(name: str, field: Words, *, row: Any = None, value: Any = None) -> rx.Component:
    """Several lines."""
    own_id = _id(name, row)
    control = rx.el.textarea(
        **_described(own_id, field), **_typed(name, own_id), rows=3, placeholder=field.placeholder,
        default_value=value, key=own_id,
    )  # fmt: skip
    return _framed(
        own_id,
        form_field(
            field.label, "", field_id=own_id, required=field.required, hint=_hint(field), control=control,
            error=SealingState.errors[own_id],
        ),
    )  # fmt: skip


def choice_field(name: str, field: Words, *, row: Any = None, value: Any = None, **attrs: Any) -> rx.Component:
    """A native dropdown. What it begins with is part of its key: a browser takes no other one later."""
    own_id = _id(name, row)
    control = rx.el.select(
        rx.el.option(words.CHOOSE, value=""),
        rx.foreach(SealingState.choices[name], lambda title: rx.el.option(title, value=title, key=title)),
        **_described(own_id, field),
        on_change=lambda text: SealingState.type_field(SealingState.number, own_id, text),
        default_value=value,
        key=joined(own_id, "=", value),
        **attrs,
    )
    return _framed(
        own_id,
        form_field(
            field.label, "", field_id=own_id, required=field.required, hint=_hint(field), control=control,
            error=SealingState.errors[own_id],
        ),
    )  # fmt: skip


def mark(name: Any) -> rx.Component:
    """«Оператор просит исправить это поле»."""
    return rx.cond(SealingState.marks[name], rx.el.p(words.MARK, class_name="asked"))


def _framed(own_id: Any, field: rx.Component) -> rx.Component:
    return rx.el.div(mark(own_id), field, class_name=rx.cond(SealingState.marks[own_id], "marked", ""))


def _id(name: str, row: Any) -> Any:
    return name if row is None else joined(row.key, ".", name)


def _typed(name: str, own_id: Any) -> dict[str, Any]:
    pause = _PAUSE + _NAMES.index(name)
    return {
        "on_change": lambda text: SealingState.type_field(SealingState.number, own_id, text).debounce(pause),
        "on_blur": lambda text: SealingState.leave_field(SealingState.number, own_id, text),
    }


def _described(own_id: Any, field: Words) -> dict[str, Any]:
    return described(own_id, own_id, SealingState.errors[own_id], field.hint, field.required)


def _hint(field: Words) -> str:
    return field.hint
