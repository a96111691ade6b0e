"""A bar chart as a picture in the page: no library, no script."""

from typing import Any

import reflex as rx

from lk_reflex.ui.shared.bars import HEIGHT, WIDTH
from lk_reflex.ui.shared.frame import Text, joined


def bar_chart(bars: Any, *, summary: Text, caption: rx.Component | Text) -> rx.Component:
    """Bars of a var of `list[Bar]` (see `bars.lay_out`).

    `summary` is read out instead of the picture; `caption` says the same for everyone, with a link to the table.
    """
    return rx.el.figure(
        rx.el.svg(
            rx.foreach(bars, _bar),
            view_box=f"0 0 {WIDTH} {HEIGHT}",
            class_name="chart",
            role="img",
            aria_label=summary,
        ),
        rx.el.figcaption(caption, class_name="small muted"),
        class_name="sheet",
    )


def _bar(bar: Any) -> rx.Component:
    return rx.el.svg.g(
        rx.el.title(bar.title),
        rx.el.svg.rect(x=bar.x, y=bar.y, width=bar.w, height=bar.h, rx="4", class_name=joined("bar-", bar.kind)),
        rx.el.svg.text(bar.label, x=bar.label_x, y=bar.label_y),
        key=bar.label_x,
    )
