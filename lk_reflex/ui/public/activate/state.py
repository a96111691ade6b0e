"""Активация аккаунта: the press that makes a login out of a registration."""

import reflex as rx

from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit


class ActivateState(rx.State):
    """Opening the page changes nothing: mail programs open links, too."""

    loaded: bool = False

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """Show the button."""
        publish(self, loaded=True)
