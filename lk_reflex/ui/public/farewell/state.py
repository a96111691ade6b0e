"""After a deleted login: nothing is known of anybody any more."""

import reflex as rx

from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.visit import Visit


class FarewellState(rx.State):
    """Nothing to show: the page says the same to everybody."""

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """The way out ends here."""
        visit.session._way_out = ""
