"""The few pictures of the interface, drawn in line: no icon library travels to the browser."""

from typing import Final

import reflex as rx

_PATHS: Final = {
    "home": "M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z",
    "gauge": "M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0M12 12l3.5-4M7 15h10",
    "card": "M5 6h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8a2 2 0 0 1 2-2M3 10h18M7 15h4",
    "cart": "M3 4h2l2.5 11h10L20 7H6M7.5 19a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0"
    "M14.5 19a1.5 1.5 0 1 0 3 0 1.5 1.5 0 1 0-3 0",
    "printer": "M7 8V3h10v5M7 17H5a1 1 0 0 1-1-1v-6a2 2 0 0 1 2-2h12a2 2 0 0 1 2 2v6a1 1 0 0 1-1 1h-2M7 14h10v7H7z",
    "request": "M9 4h6v3H9zM9 5H6v16h12V5h-3M9 12h6M9 16h4",
    "alarm": "M12 4 2.5 20h19zM12 10v5M12 17.5h.01",
    "letter": "M5 5h14a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2M3.5 7l8.5 6 8.5-6",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
}
_HIDDEN: Final = {"aria-hidden": "true", "focusable": "false"}


def icon(name: str) -> rx.Component:
    """A line picture of 24×24; decoration only, the words stand beside it."""
    return rx.el.svg(
        rx.el.svg.path(d=_PATHS[name]),
        view_box="0 0 24 24",
        class_name="icon more" if name == "more" else "icon",
        custom_attrs=_HIDDEN,
    )


def drop() -> rx.Component:
    """The product's sign."""
    return rx.el.svg(
        rx.el.svg.rect(width="36", height="36", rx="9", custom_attrs={"fill": "#0a5a78"}),
        rx.el.svg.path(d="M18 6c5 6.2 8 10 8 14a8 8 0 0 1-16 0c0-4 3-7.8 8-14z", custom_attrs={"fill": "#fff"}),
        rx.el.svg.path(
            d="M13.5 20.5a4.5 4.5 0 0 0 4.5 4.5",
            custom_attrs={"fill": "none", "stroke": "#0a5a78", "strokeWidth": "2", "strokeLinecap": "round"},
        ),
        view_box="0 0 36 36",
        custom_attrs=_HIDDEN,
    )
