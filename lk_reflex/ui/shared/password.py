"""A password's field with «Показать пароль»: the switch lives in the browser, and what is typed stays where it is."""

from typing import Any, Final

import reflex as rx
from reflex.experimental.client_state import ClientStateVar

from lk_reflex.ui.shared.forms import described, form_field
from lk_reflex.ui.shared.frame import Text

SHOW: Final = "Показать пароль"
HIDE: Final = "Скрыть пароль"


def password_field(
    label: Text,
    name: str,
    *,
    error: Text,
    hint: Text = "",
    auto_complete: str = "new-password",
    field_id: str = "",
    beside: rx.Component | None = None,
) -> rx.Component:
    """A required password. `field_id` is the name unless given, and tells fields of one page apart.

    `beside` stands next to «Показать пароль».

    `password_field("Пароль", "password", error=State.password_error, hint=HINT)`; for signing in
    `auto_complete="current-password"`.
    """
    own_id = field_id or name
    shown = ClientStateVar.create(f"shown_{own_id.replace('-', '_')}", default=False)
    # The field alone changes its type: whatever is typed stays, since no state holds it.
    field = rx.el.input(
        **described(name, own_id, error, hint, required=True),
        type=rx.cond(shown.value, "text", "password"),
        auto_complete=auto_complete,
        auto_capitalize="none",
        spell_check=False,
    )
    return form_field(
        label,
        name,
        field_id=own_id,
        error=error,
        hint=hint,
        required=True,
        control=rx.el.div(
            field, rx.el.div(_switch(shown, own_id), *([beside] if beside else [])), class_name="password"
        ),
    )


def _switch(shown: Any, field_id: str) -> rx.Component:
    return rx.el.button(
        rx.cond(shown.value, HIDE, SHOW),
        type="button",
        on_click=shown.set_value(~shown.value),
        class_name="link-button",
        custom_attrs={"aria-controls": field_id},
    )
