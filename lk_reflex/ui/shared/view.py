"""«Крупный шрифт» and «Контраст»: two buttons of a plain form; the server keeps the choice in a cookie."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.native import native_form


def view_switches() -> rx.Component:
    """The two switches. Posts `switch=text` or `switch=contrast`; the way back is the Referer.

    The server stamps `data-text="large"` and `data-contrast="more"` on `<html>`; the stylesheet shows which words hold.
    """
    return native_form(
        _switch("text", words.LARGE_TEXT),
        _switch("contrast", words.CONTRAST),
        action=paths.VIEW,
        class_name="switches",
        custom_attrs={"aria-label": words.VIEW},
    )


def _switch(value: str, title: str) -> rx.Component:
    return rx.el.button(
        rx.el.span(title, class_name="off"),
        rx.el.span(f"{title}: {words.SWITCHED_ON}", class_name="on"),
        type="submit",
        name="switch",
        value=value,
        class_name=f"link-button switch {value}",
    )
