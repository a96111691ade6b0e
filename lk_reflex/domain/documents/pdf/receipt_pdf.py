"""Draws receipts as a PDF after the model form of a payment document (приказ Минстроя России 43/пр of 26.01.2018)."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from lk_reflex.domain.documents.facts import Paper
from lk_reflex.domain.documents.pdf.pdf_blocks import (
    BOTTOM,
    FAINT,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    ROOM,
    Block,
    gap,
    pages,
    put_text,
)
from lk_reflex.domain.documents.pdf.pdf_head import parties_block, pay_block, title_block
from lk_reflex.domain.documents.pdf.pdf_tables import (
    balance_blocks,
    charges_blocks,
    meter_blocks,
    online_block,
    recalculation_blocks,
)
from lk_reflex.domain.documents.pdf.pdf_type import REGULAR, clean, load_fonts, width, wrap
from lk_reflex.domain.documents.qr.codes import payment_code

PRODUCT = "Личный кабинет абонента"


def render(papers: Sequence[Paper], site: str, *, title: str = "") -> bytes:
    """One PDF of all these receipts, each from a page of its own; the same bytes for the same facts.

    `site` is the cabinet's address (settings.site) for the code that leads there. Takes 10-20 ms of one core
    a receipt: never on the event loop. Raises ValueError for no receipts.
    """
    if not papers:
        raise ValueError("nothing to print")
    canvas, out = _canvas(clean(title) or _title(papers), clean(papers[0].payee.called))
    for place, paper in enumerate(papers):
        key = f"receipt-{place}"
        canvas.bookmarkPage(key)
        canvas.addOutlineEntry(bookmark(paper, papers), key)
        _draw(canvas, paper, site)
    canvas.save()
    return out.getvalue()


def render_part(papers: Sequence[Paper], site: str) -> tuple[bytes, list[int]]:
    """Receipts as a part of a longer print: a PDF without bookmarks, and how many pages each receipt has."""
    canvas, out = _canvas("", "")
    counts = [_draw(canvas, paper, site) for paper in papers]
    canvas.save()
    return out.getvalue(), counts


def _canvas(title: str, author: str) -> tuple[Canvas, io.BytesIO]:
    load_fonts()
    out = io.BytesIO()
    # invariant: no time of making and no random identifier, so that the same receipt is the same file.
    options: dict[str, Any] = {"invariant": 1, "lang": "ru-RU", "pageCompression": 1, "initialFontName": REGULAR}
    canvas = Canvas(out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), **options)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    canvas.setSubject("Платёжный документ")
    canvas.setCreator(PRODUCT)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    return canvas, out


def bookmark(paper: Paper, among: Sequence[Paper]) -> str:
    """What a receipt is called in the list of a PDF's contents: with its account where there are several."""
    one = all(other.dwelling.account_id == paper.dwelling.account_id for other in among)
    return clean(paper.title if one else f"{paper.dwelling.address}, л/с {paper.dwelling.number}: {paper.title}")


def _title(papers: Sequence[Paper]) -> str:
    first, last = papers[0], papers[-1]
    if len(papers) == 1:
        return clean(f"{first.title}, лицевой счет {first.dwelling.number}")
    months = first.month.title if first.month == last.month else f"{first.month.title} — {last.month.title}"
    return f"Квитанции: {months}"


def _paged(paper: Paper, site: str) -> list[list[tuple[Block, float]]]:
    """The receipt's pages; no sheet is printed for the way online alone where it can be made to fit."""
    blocks = list(_blocks(paper))
    made = pages([*blocks, gap(8), online_block(paper, site)])
    if len(made) > 1:
        tight = pages([*blocks, gap(2), online_block(paper, site, tight=True)])
        return tight if len(tight) < len(made) else made
    return made


def _blocks(paper: Paper) -> Iterator[Block]:
    yield title_block(paper)
    yield parties_block(paper)
    yield gap(6)
    yield pay_block(paper, payment_code(paper))
    yield from charges_blocks(paper)
    yield from balance_blocks(paper)
    yield from meter_blocks(paper)
    yield from recalculation_blocks(paper)


def _draw(canvas: Canvas, paper: Paper, site: str) -> int:
    """Draw a receipt and return the number of its pages."""
    made = _paged(paper, site)
    for place, page in enumerate(made, 1):
        for block, top in page:
            block.draw(canvas, top)
        _footer(canvas, paper, f"Страница {place} из {len(made)}")
        canvas.showPage()
    return len(made)


def _footer(canvas: Canvas, paper: Paper, right: str) -> None:
    size, y = 7, BOTTOM - 14
    room = ROOM - width(right, REGULAR, size) - 10
    left = wrap(f"Лицевой счет {paper.dwelling.number}. {paper.title}", room, REGULAR, size)[0]
    put_text(canvas, LEFT, y, left, size=size, gray=FAINT)
    put_text(canvas, LEFT + ROOM - width(right, REGULAR, size), y, right, size=size, gray=FAINT)
