"""The bar that says the connection is lost, in place of Reflex's English one."""

import reflex as rx
from reflex_components_core.core.banner import has_too_many_connection_errors

from lk_reflex.ui.shared import words

#: Its slot in `rx.App(extra_app_wraps={OFFLINE_SLOT: offline_bar})`.
OFFLINE_SLOT = (5, "Overlay")


@rx.memo
def lost_connection() -> rx.Component:
    """The container stays in the page, so that the sentence is said aloud when it comes."""
    return rx.el.div(
        rx.cond(has_too_many_connection_errors, rx.el.div(rx.el.p(words.OFFLINE), class_name="offline")),
        role="alert",
    )


def offline_bar(stateful: bool) -> rx.Component | None:
    """The wrap of the app; pages without a state have no connection to lose."""
    return rx.fragment(lost_connection()) if stateful else None
