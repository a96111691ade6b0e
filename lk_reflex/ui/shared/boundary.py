"""What stands in place of a page whose drawing failed in the browser."""

from typing import Any

import reflex as rx
from reflex_components_core.base.error_boundary import ErrorBoundary

from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.native import native_link

#: Its slot in `rx.App(extra_app_wraps={BOUNDARY_SLOT: error_boundary})`.
BOUNDARY_SLOT = (55, "ErrorBoundary")


def error_boundary(stateful: bool) -> rx.Component:
    """The wrap of the app: a sentence and a way on; no stack of the program."""
    handlers: dict[str, Any] = {} if stateful else {"on_error": rx.noop()}
    return ErrorBoundary.create(fallback_render=_broken(), **handlers)


def _broken() -> rx.Component:
    return rx.el.main(
        rx.el.div(
            rx.el.h1(words.BROKEN_TITLE),
            rx.el.p(words.BROKEN_TEXT),
            rx.el.div(
                native_link(words.RELOAD, href="", class_name="button"),
                native_link(words.GO_HOME, href="/", class_name="button quiet"),
                class_name="row",
            ),
            class_name="card",
        ),
        class_name="plain",
    )
