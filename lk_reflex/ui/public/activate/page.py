"""Активация аккаунта."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.public.activate.state import ActivateState
from lk_reflex.ui.shared.layout import public_page

TITLE = paths.TITLES[paths.ACTIVATE]


def activate_page() -> rx.Component:
    """One press."""
    return public_page(TITLE, rx.cond(ActivateState.loaded, rx.el.p("Аккаунт ждёт активации.")))
