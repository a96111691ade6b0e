"""Draws the confirmation of a payment, with the letters and blocks of the printed receipt."""

import io
from collections.abc import Iterator, Sequence
from typing import Any

from reportlab.pdfgen.canvas import Canvas

from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.documents.pdf.pdf_blocks import (
    BOTTOM,
    FAINT,
    LEFT,
    PAGE_HEIGHT,
    PAGE_WIDTH,
    ROOM,
    RULE,
    Block,
    Column,
    gap,
    heading,
    pages,
    put_lines,
    put_text,
    table,
)
from lk_reflex.domain.documents.pdf.pdf_type import BOLD, REGULAR, load_fonts, width, wrap
from lk_reflex.domain.payments.confirmation.words import COMMISSION, TITLE, moment_words, no_till
from lk_reflex.domain.payments.orders.own import OwnOrder
from lk_reflex.domain.payments.orders.present import grouped, masked_card

PRODUCT = "Личный кабинет абонента"
_LABEL_ROOM, _SIZE, _LEADING = 112.0, 9.2, 12.0

Pair = tuple[str, str]


def render(order: OwnOrder) -> bytes:
    """The PDF; the same bytes for the same facts. Never on the event loop."""
    load_fonts()
    out = io.BytesIO()
    # invariant: no time of making and no random identifier.
    options: dict[str, Any] = {"invariant": 1, "lang": "ru-RU", "pageCompression": 1, "initialFontName": REGULAR}
    canvas = Canvas(out, pagesize=(PAGE_WIDTH, PAGE_HEIGHT), **options)
    canvas.setTitle(f"{TITLE} № {order.number}")
    canvas.setAuthor(order.payee.name)
    canvas.setSubject(TITLE)
    canvas.setCreator(PRODUCT)
    canvas.setViewerPreference("DisplayDocTitle", "true")
    made = pages(list(_blocks(order)))
    for place, page in enumerate(made, 1):
        for block, top in page:
            block.draw(canvas, top)
        _footer(canvas, order, f"Страница {place} из {len(made)}")
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _blocks(order: OwnOrder) -> Iterator[Block]:
    yield _title(order)
    yield gap(6)
    yield _headline(order)
    yield gap(4)
    yield from _facts("Платёж", _about(order))
    yield from _facts("Получатель", _payee(order))
    yield from _facts("Плательщик", _payer(order))
    yield heading("За что заплачено")
    yield from _lines(order)
    if order.refunds:
        yield heading("Возвращено на карту")
        yield from _refunds(order)
    yield gap(10)
    yield _note(no_till(order))


def _title(order: OwnOrder) -> Block:
    number = f"№ {grouped(order.number)}"

    def draw(canvas: Canvas, top: float) -> None:
        put_text(canvas, LEFT, top - 17, TITLE, size=17, font=BOLD)
        put_text(canvas, LEFT + ROOM - width(number, REGULAR, 10), top - 17, number, size=10)

    return Block(24, draw)


def _headline(order: OwnOrder) -> Block:
    """What was paid, and what of it has been given back since."""
    paid = f"Оплачено {format_roubles(order.captured)}"
    back = f"Из них возвращено {format_roubles(order.refunded)}" if order.refunded else ""
    height = 46.0 if back else 32.0

    def draw(canvas: Canvas, top: float) -> None:
        canvas.setStrokeGray(0.2)
        canvas.setLineWidth(1)
        canvas.roundRect(LEFT, top - height, ROOM, height, 3)
        put_text(canvas, LEFT + 8, top - 22, paid, size=17, font=BOLD)
        if back:
            put_text(canvas, LEFT + 8, top - 38, back, size=10)

    return Block(height, draw)


def _about(order: OwnOrder) -> list[Pair]:
    return [
        ("Дата и время", moment_words(order.paid_at or order.created_at, order.time_zone)),
        ("Номер платежа", order.number),
        ("Номер в банке", order.bank_id),
        ("Карта", masked_card(order.card)),
    ]


def _payee(order: OwnOrder) -> list[Pair]:
    payee = order.payee
    return [
        ("Организация", payee.name),
        ("ИНН", payee.inn),
        ("КПП", payee.kpp),
        ("Расчетный счет", payee.bank_account),
        ("Банк", payee.bank),
        ("БИК", payee.bic),
        ("Корр. счет", payee.correspondent_account),
        ("Телефон", payee.phone),
    ]


def _payer(order: OwnOrder) -> list[Pair]:
    """Accounts and addresses, not a name: whoever paid need not be whom billing has written down."""
    homes = dict.fromkeys((line.account, line.address) for line in order.lines)
    # House and flat stay on one line.
    return [("Лицевой счет", f"{account}, {address}".replace(" - ", "\u00a0-\u00a0")) for account, address in homes]


def _lines(order: OwnOrder) -> Iterator[Block]:
    columns = (
        Column("Лицевой счет", 82),
        Column("Квитанция", 178),
        Column("Услуга", ROOM - 82 - 178 - 84),
        Column("Сумма (руб.)", 84, "right"),
    )
    rows = [(line.account, line.receipt, line.called, format_money(line.amount)) for line in order.lines]
    if order.commission:
        rows.append(("", "", COMMISSION, format_money(order.commission)))
    return table(columns, rows, foot=("ИТОГО:", "", "", format_money(order.total)))


def _refunds(order: OwnOrder) -> Iterator[Block]:
    columns = (Column("Дата и время", ROOM - 84), Column("Сумма (руб.)", 84, "right"))
    rows = [(moment_words(back.at, order.time_zone), format_money(-back.amount)) for back in order.refunds]
    return table(columns, rows, foot=("Осталось оплачено:", format_money(order.kept)))


def _facts(title: str, facts: Sequence[Pair]) -> Iterator[Block]:
    yield heading(title)
    for label, value in facts:
        if value:
            yield _fact(label, value)


def _fact(label: str, value: str) -> Block:
    labels = wrap(label, _LABEL_ROOM - 6, REGULAR, _SIZE)
    lines = wrap(value, ROOM - _LABEL_ROOM, REGULAR, _SIZE)

    def draw(canvas: Canvas, top: float) -> None:
        put_lines(canvas, LEFT, top, labels, size=_SIZE, leading=_LEADING, gray=FAINT)
        put_lines(canvas, LEFT + _LABEL_ROOM, top, lines, size=_SIZE, leading=_LEADING)

    return Block(max(len(labels), len(lines)) * _LEADING, draw)


def _note(text: str) -> Block:
    lines = wrap(text, ROOM, REGULAR, _SIZE)

    def draw(canvas: Canvas, top: float) -> None:
        canvas.setStrokeGray(RULE)
        canvas.setLineWidth(0.5)
        canvas.line(LEFT, top, LEFT + ROOM, top)
        put_lines(canvas, LEFT, top - 4, lines, size=_SIZE, leading=_LEADING)

    return Block(len(lines) * _LEADING + 4, draw)


def _footer(canvas: Canvas, order: OwnOrder, right: str) -> None:
    size, y = 7, BOTTOM - 14
    left = f"{PRODUCT}. {TITLE} № {order.number}"
    put_text(canvas, LEFT, y, left, size=size, gray=FAINT)
    put_text(canvas, LEFT + ROOM - width(right, REGULAR, size), y, right, size=size, gray=FAINT)
