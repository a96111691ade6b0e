"""The printed page as a column of blocks: each knows its height, pages are filled from above, headers come again."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from lk_reflex.domain.documents.pdf.pdf_type import BOLD, REGULAR, clean, width, wrap

PAGE_WIDTH, PAGE_HEIGHT = 210 * mm, 297 * mm
LEFT, RIGHT, TOP, BOTTOM = 13 * mm, 13 * mm, 11 * mm, 14 * mm
ROOM = PAGE_WIDTH - LEFT - RIGHT
_COLUMN = PAGE_HEIGHT - TOP - BOTTOM
INK, FAINT, RULE, SHADE = 0.0, 0.38, 0.62, 0.93

Draw = Callable[[Canvas, float], None]
Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Block:
    """Something of that height, drawn below a given y. `keep` points must follow it on the same page.

    `again` is drawn first where the block begins a new page: a table's header.
    """

    height: float
    draw: Draw
    keep: float = 0
    again: "Block | None" = None


@dataclass(frozen=True, slots=True)
class Column:
    """A table's column; its width in points."""

    title: str
    width: float
    align: Align = "left"


def gap(height: float) -> Block:
    """Empty space."""
    return Block(height, lambda _canvas, _top: None)


def pages(blocks: Sequence[Block]) -> list[list[tuple[Block, float]]]:
    """Blocks with the y of their upper edge, page by page."""
    made: list[list[tuple[Block, float]]] = [[]]
    left = _COLUMN
    for block in blocks:
        if block.height + block.keep > left and made[-1]:
            made.append([])
            left = _COLUMN
            if block.again is not None:
                left = _put(made[-1], block.again, left)
        left = _put(made[-1], block, left)
    return made


def _put(page: list[tuple[Block, float]], block: Block, left: float) -> float:
    page.append((block, BOTTOM + left))
    return left - block.height


def put_text(
    canvas: Canvas, x: float, baseline: float, text: str, *, size: float, font: str = REGULAR, gray: float = INK
) -> None:
    """One line."""
    canvas.setFillGray(gray)
    canvas.setFont(font, size)
    canvas.drawString(x, baseline, text)


def put_lines(
    canvas: Canvas, x: float, top: float, lines: Sequence[str], *,
    size: float, leading: float, font: str = REGULAR, gray: float = INK,
) -> None:  # fmt: skip
    """Lines one below the other, the first right under `top`."""
    if not lines:
        return
    canvas.setFillGray(gray)
    text = canvas.beginText(x, top - 0.5 * (leading - size) - 0.8 * size)
    text.setFont(font, size, leading)
    for line in lines:
        text.textLine(line)
    canvas.drawText(text)


def heading(text: str, *, keep: float = 40) -> Block:
    """The name of a section, never alone at a page's end."""
    lines = wrap(text, ROOM, BOLD, 9)

    def draw(canvas: Canvas, top: float) -> None:
        put_lines(canvas, LEFT, top - 5, lines, size=9, leading=11, font=BOLD)

    return Block(len(lines) * 11 + 7, draw, keep=keep)


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, foot: Sequence[str] = ()) -> Iterator[Block]:
    """A ruled table whose header comes again on each page; `foot` is ИТОГО. Columns fill the page's width."""
    head = _row(columns, [column.title for column in columns], header=True)
    first, *others = [_row(columns, row, again=head) for row in rows] or [gap(0)]
    yield Block(head.height, head.draw, keep=first.height)
    yield from (first, *others)
    if foot:
        yield _row(columns, foot, again=head, bold=True)


_PAD, _EDGE, _SIZE, _LEADING = 2.2, 1.1, 7.4, 8.7


def _row(
    columns: Sequence[Column], cells: Sequence[str], *, header: bool = False, bold: bool = False,
    again: Block | None = None,
) -> Block:  # fmt: skip
    size, leading = (6.6, 7.8) if header else (_SIZE, _LEADING)
    font = BOLD if bold else REGULAR
    fitted = [_fitted(cell, column, font, size, header) for cell, column in zip(cells, columns, strict=True)]
    height = max(len(lines) for lines, _ in fitted) * leading + 2 * _EDGE
    edges = [LEFT]
    for column in columns:
        edges.append(edges[-1] + column.width)

    def draw(canvas: Canvas, top: float) -> None:
        bottom = top - height
        if header or bold:
            canvas.setFillGray(SHADE)
            canvas.rect(LEFT, bottom, edges[-1] - LEFT, height, stroke=0, fill=1)
        _rules(canvas, edges, top, bottom)
        canvas.setFillGray(INK)
        for column, (lines, chosen), (start, end) in zip(columns, fitted, pairwise(edges), strict=True):
            align: Align = "center" if header and column.align != "left" else column.align
            _cell(canvas, lines, align, start + _PAD, end - _PAD, top - _EDGE, chosen, leading, font)

    return Block(height, draw, again=again)


def _fitted(cell: str, column: Column, font: str, size: float, header: bool) -> tuple[Sequence[str], float]:
    """A text in lines; a figure whole, in smaller type if need be: a sum broken in two would be read as two."""
    room = column.width - 2 * _PAD
    if header or column.align != "right":
        return wrap(cell, room, font, size), size
    figure = clean(cell)
    length = width(figure, font, size)
    return (figure,), size if length <= room else size * room / length


def _rules(canvas: Canvas, edges: Sequence[float], top: float, bottom: float) -> None:
    canvas.setStrokeGray(RULE)
    canvas.setLineWidth(0.4)
    path = canvas.beginPath()
    path.rect(edges[0], bottom, edges[-1] - edges[0], top - bottom)
    for edge in edges[1:-1]:
        path.moveTo(edge, bottom)
        path.lineTo(edge, top)
    canvas.drawPath(path)


def _cell(
    canvas: Canvas, lines: Sequence[str], align: Align, start: float, end: float, top: float,
    size: float, leading: float, font: str,
) -> None:  # fmt: skip
    canvas.setFont(font, size)
    baseline = top - 0.5 * (leading - size) - 0.8 * size
    for line in lines:
        x = start
        if align != "left":
            spare = end - start - width(line, font, size)
            x += spare if align == "right" else spare / 2
        canvas.drawString(x, baseline, line)
        baseline -= leading
