"""Joins the frame around a public page with what it shares: why the last action failed, and whom to ask."""

import reflex as rx

from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared.layout import public_page
from lk_reflex.ui.shared.notices import message_area


def door_page(title: str, *children: rx.Component) -> rx.Component:
    """A page for everyone that has handlers: `door_page("Регистрация", …)`."""
    return public_page(
        title,
        message_area(SessionState.fault, "bad"),
        *children,
        help_name=SessionState.help_name,
        help_phone=SessionState.help_phone,
    )
