"""What the cards of «Настройки» are made of."""

from typing import Any

import reflex as rx

from lk_reflex.ui.resident.settings.state import SettingsState
from lk_reflex.ui.resident.settings.words import CARDS, field_id, summary_id
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import error_summary, form_field
from lk_reflex.ui.shared.frame import Text
from lk_reflex.ui.shared.notices import card
from lk_reflex.ui.shared.password import password_field


def settings_card(name: str, *children: Any) -> rx.Component:
    """A card under its heading, to which the links above lead."""
    return card(*children, title=CARDS[name], card_id=name)


def faults_of(form: str) -> rx.Component:
    """The faults of one form of the page, above it."""
    shown = rx.cond(SettingsState.faulty == form, SettingsState.faults, [])
    return error_summary(shown.to(list[Fault]), summary_id=summary_id(form))


def field(form: str, label: str, name: str, **attrs: Any) -> rx.Component:
    """A field of a form, with its fault."""
    own_id = field_id(form, name)
    return form_field(label, name, field_id=own_id, error=SettingsState.errors[own_id], required=True, **attrs)


def secret(form: str, label: str, name: str, *, new: bool = False, hint: str = "") -> rx.Component:
    """A password of a form, with its fault."""
    own_id = field_id(form, name)
    return password_field(
        label,
        name,
        error=SettingsState.errors[own_id],
        hint=hint,
        auto_complete="new-password" if new else "current-password",
        field_id=own_id,
    )


def form_of(*children: Any, on_submit: Any, number: Any, name: str) -> rx.Component:
    """A form that keeps what is typed until it has been taken."""
    return rx.el.form(
        *children,
        on_submit=on_submit,
        reset_on_submit=False,
        no_validate=True,
        class_name="stack",
        key=rx.Var.create(f"{name}-") + number.to(str),
    )


def button(title: Text, what: Text = "", **attrs: Any) -> rx.Component:
    """A button whose words tell a screen reader also what they are about: «Изменить» of which."""
    more = [rx.el.span(" ", what, class_name="hidden")] if not isinstance(what, str) or what else []
    return rx.el.button(title, *more, **{"type": "button", "class_name": "button quiet", **attrs})


def row(*children: Any) -> rx.Component:
    """Buttons side by side."""
    return rx.el.div(*children, class_name="row")
