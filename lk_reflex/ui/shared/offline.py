"""The bar that says the connection is lost, in place of Reflex's English one."""

import reflex as rx
from reflex_components_core.core.banner import connection_error, has_too_many_connection_errors

from lk_reflex.ui.shared import words

#: Its slot in `rx.App(extra_app_wraps={OFFLINE_SLOT: offline_bar})`.
OFFLINE_SLOT = (5, "Overlay")


@rx.memo
def lost_connection() -> rx.Component:
    """The container stays in the page, so that the sentence is said aloud when it comes.

    A server that refuses the connection says why (`api/edge/sockets.py`); else it can't be reached.
    """
    return rx.el.div(
        rx.match(
            connection_error,
            *((reason, _bar(sentence)) for reason, sentence in words.REFUSED_SOCKETS.items()),
            rx.cond(has_too_many_connection_errors, _bar(words.OFFLINE)),
        ),
        role="alert",
    )


def _bar(sentence: str) -> rx.Component:
    return rx.el.div(rx.el.p(sentence), class_name="offline")


def offline_bar(stateful: bool) -> rx.Component | None:
    """The wrap of the app; pages without a state have no connection to lose."""
    return rx.fragment(lost_connection()) if stateful else None
