"""Bar charts as pictures in the page: no library, no script. The table beside a chart is what it says in figures."""

from typing import Any

import reflex as rx

from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.bars import HEIGHT, LEFT, WIDTH
from lk_reflex.ui.shared.frame import Text, joined

#: How a series is told from its neighbours without its colour: by number, laid over the fill.
TEXTURES = {
    "2": "M0 8L8 0",
    "4": "M4 0V8",
    "6": "M0 4H8",
    "7": "M0 8L8 0M0 0L8 8",
    "spread": "M0 8L8 0",
}


def chart_textures() -> rx.Component:
    """The patterns that charts are filled with: once on a page that has charts."""
    return rx.el.svg(
        rx.el.svg.defs(*(_texture(kind, path) for kind, path in TEXTURES.items())),
        width="0",
        height="0",
        class_name="textures",
        custom_attrs={"aria-hidden": "true", "focusable": "false"},
    )


def bar_chart(chart: Any, *, summary: Text) -> rx.Component:
    """A var of `bars.Chart` as one picture. `summary`: the sentence that is read out in its place."""
    return rx.el.figure(
        rx.el.svg(
            rx.el.svg.g(rx.foreach(chart.levels, _level), class_name="levels"),
            rx.foreach(chart.pieces, _piece),
            rx.cond(chart.average != "", rx.el.svg.path(d=chart.average, class_name="average")),
            rx.el.svg.g(rx.foreach(chart.slots, _slot), class_name="slots"),
            view_box=f"0 0 {WIDTH} {HEIGHT}",
            class_name="chart",
            role="img",
            aria_label=summary,
        ),
        rx.el.figcaption(
            rx.el.ul(
                rx.foreach(chart.pieces, _key),
                rx.cond(chart.average != "", rx.el.li(_swatch_of_average(), chart.average_name)),
                class_name="keys",
            )
        ),
        class_name="sheet",
    )


def chart_wait(count: Any = 1) -> rx.Component:
    """As much room as so many charts will take, until they come."""
    return rx.el.div(
        rx.el.span(words.LOADING, class_name="hidden", role="status"),
        rx.foreach(
            rx.Var.range(count), lambda place: rx.el.i(key=place, custom_attrs={"aria-hidden": "true"})
        ),
        class_name="skeleton chart-wait",
    )  # fmt: skip


def chart_put_off(show: Any, what: Text) -> rx.Component:
    """What stands in a chart's place while there is no time for it; «Показать» (the event `show`) asks again."""
    return rx.el.div(
        rx.el.p(words.CHART_PUT_OFF),
        rx.el.button(
            words.SHOW, rx.el.span(": ", what, class_name="hidden"), type="button", on_click=show,
            class_name="button quiet",
        ),
        class_name="use",
    )  # fmt: skip


def _texture(kind: str, path: str) -> rx.Component:
    return rx.el.svg.pattern(
        rx.el.svg.path(d=path), id=f"texture-{kind}", width=8, height=8, pattern_units="userSpaceOnUse"
    )


def _piece(piece: Any) -> rx.Component:
    """The bars twice: the fill, and the texture over it."""
    return rx.el.svg.g(
        rx.el.svg.path(d=piece.path, class_name="fill"),
        rx.el.svg.path(d=piece.path, class_name="texture", custom_attrs={"fill": _over(piece.kind)}),
        class_name=joined("piece tone-", piece.kind),
        key=piece.kind,
    )


def _over(kind: Any) -> Any:
    return joined("url(#texture-", kind, ")")


def _key(piece: Any) -> rx.Component:
    """What a fill means; the swatch is drawn as the bars are."""
    square = "M1 1h22v16h-22z"
    return rx.el.li(
        rx.el.svg(
            rx.el.svg.g(
                rx.el.svg.path(d=square, class_name="fill"),
                rx.el.svg.path(d=square, class_name="texture", custom_attrs={"fill": _over(piece.kind)}),
                class_name=joined("piece tone-", piece.kind),
            ),
            view_box="0 0 24 18",
            class_name="chart swatch",
            custom_attrs={"aria-hidden": "true"},
        ),
        piece.name,
        key=piece.kind,
    )


def _swatch_of_average() -> rx.Component:
    return rx.el.svg(
        rx.el.svg.path(d="M0 9H24", class_name="average"),
        view_box="0 0 24 18",
        class_name="chart swatch",
        custom_attrs={"aria-hidden": "true"},
    )


def _level(level: Any) -> rx.Component:
    return rx.el.svg.g(
        rx.el.svg.path(
            d=joined(f"M{LEFT - 8} ", level.y.to_string(), f"H{WIDTH}"), class_name=rx.cond(level.zero, "zero", "")
        ),
        rx.el.svg.text(level.label, x=LEFT - 12, y=level.y + 5),
        key=level.y,
    )


def _slot(slot: Any) -> rx.Component:
    return rx.el.svg.g(
        rx.el.title(slot.title),
        rx.el.svg.rect(x=slot.x, y=0, width=slot.width, height=HEIGHT, class_name="touch"),
        rx.el.svg.text(slot.label, x=slot.middle, y=HEIGHT - 10),
        key=slot.x,
    )
