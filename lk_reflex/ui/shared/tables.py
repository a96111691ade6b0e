"""The one table helper: a real table whose rows become cards where there is no room for the columns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import reflex as rx

from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Text

Cell = rx.Component | rx.Var | str
Render = Callable[[Any], Cell]
#: A row's field: the name in a dataclass, or the place in a tuple, which costs a third on hot paths.
Field = str | int
Turn = Literal["cards", "cards-wide", "cards-slim", "cards compact", "fits"]


@dataclass(frozen=True)
class Column:
    """One column: its header is also the label of its cell on a card, so that the two can't part.

    `cell` is the row's field, or a function from the row to what is shown. An empty field is shown as «—»
    on a desktop; `hide_empty` leaves it out of the card on a phone. `filled` does the same for a drawn cell: it names
    the row's boolean field that tells whether there is anything to draw. `shown` is a var of whether the table has
    this column at all.
    """

    header: Text
    cell: Field | Render
    numeric: bool = False
    hide_empty: bool = False
    filled: str = ""
    shown: Any = None


def data_table(
    columns: Sequence[Column],
    rows: Any,
    *,
    caption: Text,
    row_key: Field,
    foot: Sequence[Cell] | None = None,
    turn: Turn = "cards",
    hide_caption: bool = False,
    strong: str = "",
    details: Render | None = None,
    opened: str = "",
) -> rx.Component:
    """A table of a var of row dataclasses; the first column heads its row.

    `turn`: from which width on rows are cards ("cards-wide" for more than six columns, "cards-slim" up to three;
    "cards compact" stays a table of two lines a row while three columns fit; "fits" for two narrow columns stays a
    table everywhere).
    `foot`: one cell a column, the first one spans the empty ones after it.
    `strong`: name of a boolean field that makes a row bold.
    `details` draws what stands below a row while the row's boolean field `opened` is true.
    """

    def one(row: Any) -> rx.Component:
        line = _row(columns, row, row_key, strong)
        if details is None:
            return line
        below = rx.el.tr(rx.el.td(details(row), col_span=len(columns), role="cell"), role="row", class_name="details")
        return rx.fragment(line, rx.cond(getattr(row, opened), below), key=_field(row, row_key))

    return rx.el.div(
        rx.el.table(
            rx.el.caption(caption, class_name="hidden" if hide_caption else ""),
            rx.el.thead(rx.el.tr(*(_head(column) for column in columns), role="row"), role="rowgroup"),
            rx.el.tbody(rx.foreach(rows, one), role="rowgroup"),
            *([_foot(columns, foot)] if foot is not None else []),
            role="table",
            class_name=turn,
        ),
        class_name="sheet",
    )


def _head(column: Column) -> rx.Component:
    head = rx.el.th(column.header, scope="col", role="columnheader", class_name="num" if column.numeric else "")
    return head if column.shown is None else rx.cond(column.shown, head)


def _row(columns: Sequence[Column], row: Any, row_key: Field, strong: str) -> rx.Component:
    first, *others = columns
    return rx.el.tr(
        rx.el.th(_shown(first, row), scope="row", role="rowheader"),
        *(_cell(column, row) for column in others),
        role="row",
        key=_field(row, row_key),
        class_name=rx.cond(getattr(row, strong), "strong", "") if strong else "",
    )


def _cell(column: Column, row: Any) -> rx.Component:
    name = "num" if column.numeric else ""
    if column.hide_empty and not callable(column.cell):
        name = rx.cond(_field(row, column.cell) == "", f"{name} empty".strip(), name)
    if column.filled:
        name = rx.cond(getattr(row, column.filled), name, f"{name} empty".strip())
    cell = rx.el.td(_shown(column, row), role="cell", class_name=name, custom_attrs={"data-label": column.header})
    return cell if column.shown is None else rx.cond(column.shown, cell)


def _shown(column: Column, row: Any) -> Cell:
    if callable(column.cell):
        return column.cell(row)
    value = _field(row, column.cell)
    return rx.cond(value == "", words.NO_VALUE, value)


def _field(row: Any, field: Field) -> Any:
    return row[field] if isinstance(field, int) else getattr(row, field)


def _foot(columns: Sequence[Column], foot: Sequence[Cell]) -> rx.Component:
    first, *others = foot
    # Empty cells would be labels without a value on a card, so the heading takes their room.
    spanned = next((place for place, value in enumerate(others) if not (isinstance(value, str) and value == "")), 0)
    cells = [
        rx.el.td(
            value, role="cell", class_name="num" if column.numeric else "", custom_attrs={"data-label": column.header}
        )
        for column, value in list(zip(columns[1:], others, strict=True))[spanned:]
    ]
    heading = rx.el.th(first, scope="row", role="rowheader", col_span=1 + spanned)
    return rx.el.tfoot(rx.el.tr(heading, *cells, role="row"), role="rowgroup")
