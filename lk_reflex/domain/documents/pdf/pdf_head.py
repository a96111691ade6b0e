"""The upper half of a printed receipt: its title, who pays whom, and what is to be paid with the code for it."""

from collections.abc import Sequence

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from lk_reflex.core.clock import format_date
from lk_reflex.core.exact import format_scaled
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.documents.facts import Paper
from lk_reflex.domain.documents.pdf.pdf_blocks import FAINT, INK, LEFT, ROOM, RULE, SHADE, Block, put_lines, put_text
from lk_reflex.domain.documents.pdf.pdf_codes import draw_symbol, module_for
from lk_reflex.domain.documents.pdf.pdf_type import BOLD, REGULAR, width, wrap
from lk_reflex.domain.documents.qr.codes import PaymentCode
from lk_reflex.domain.documents.qr.qr_symbol import QUIET, symbol

FORM = "Платёжный документ для внесения платы за содержание жилого помещения и предоставление коммунальных услуг"
CAPTION = "Оплата по коду: откройте в приложении банка «Оплата по QR» и наведите камеру. Сумма уже в коде."
_LABEL, _VALUE = 7.2, 8.6
_CODE = 44 * mm

Pair = tuple[str, str]


def title_block(paper: Paper) -> Block:
    """The form's name, the receipt's, its number and date of issue."""
    side = 46 * mm
    form = wrap(FORM, ROOM - side, REGULAR, 7.6)
    title = wrap(paper.title, ROOM - side, BOLD, 14)
    about = [f"Дата выпуска {format_date(paper.issued_on)}"]
    number = wrap(f"№ {paper.document_number}", side, REGULAR, 8) if paper.document_number else ()

    def draw(canvas: Canvas, top: float) -> None:
        put_lines(canvas, LEFT, top, form, size=7.6, leading=9.4, gray=FAINT)
        put_lines(canvas, LEFT, top - len(form) * 9.4 - 1, title, size=14, leading=17, font=BOLD)
        baseline = top - 8
        for line in (*number, *about):
            put_text(canvas, LEFT + ROOM - width(line, REGULAR, 8), baseline, line, size=8)
            baseline -= 10.5

    return Block(max(len(form) * 9.4 + len(title) * 17, (len(number) + 1) * 10.5) + 4, draw)


def parties_block(paper: Paper) -> Block:
    """Раздел 1: the payer with the dwelling on the left, the organization with its bank details on the right."""
    half = (ROOM - 6) / 2
    sides = [
        _party("Раздел 1. Сведения о плательщике", _payer(paper), half),
        _party("Исполнитель услуг и получатель платежа", _payee(paper), half),
    ]
    height = max(side.height for side in sides)

    def draw(canvas: Canvas, top: float) -> None:
        canvas.setStrokeGray(RULE)
        canvas.setLineWidth(0.5)
        for place, side in enumerate(sides):
            left = place * (half + 6)
            canvas.roundRect(LEFT + left, top - height, half, height, 3)
            canvas.saveState()
            canvas.translate(left, 0)
            side.draw(canvas, top)
            canvas.restoreState()

    return Block(height, draw)


def pay_block(paper: Paper, code: PaymentCode) -> Block:
    """Раздел 2: the sum and its day, how it comes about, and the code that pays it (or why there is none)."""
    made = symbol(code.text.encode()) if code.text else None
    module = module_for(made, _CODE) if made else 0
    side = made.side(module) if made else 0
    left = ROOM - (side + 14 if made else 12)
    caption = wrap(CAPTION, side - 2 * QUIET * module, REGULAR, 6.6) if made else ()
    sums = _sums(paper, left)
    note = wrap(_note(paper, code), left - 4, REGULAR, 7.8)
    text_height = 52 + sums.height + len(note) * 9.6
    height = max(text_height, side + len(caption) * 7.8 if made else 0) + 7

    def draw(canvas: Canvas, top: float) -> None:
        canvas.setStrokeGray(0.2)
        canvas.setLineWidth(1)
        canvas.roundRect(LEFT, top - height, ROOM, height, 3)
        put_text(
            canvas, LEFT + 8, top - 14, "Раздел 2. Информация для внесения платы получателю платежа", size=9, font=BOLD
        )
        put_text(canvas, LEFT + 8, top - 38, _headline(paper), size=19, font=BOLD)
        put_text(canvas, LEFT + 12 + width(_headline(paper), BOLD, 19), top - 38, _by(paper), size=10)
        sums.draw(canvas, top - 47)
        put_lines(canvas, LEFT + 8, top - 51 - sums.height, note, size=7.8, leading=9.6)
        if made:
            x = LEFT + ROOM - side - 4
            draw_symbol(canvas, made, x, top - side - 3, module)
            put_lines(canvas, x + QUIET * module, top - side - 1, caption, size=6.6, leading=7.8)

    return Block(height, draw)


def _payer(paper: Paper) -> list[Pair]:
    home = paper.dwelling
    facts = [
        ("Плательщик", home.payer),
        # House and flat stay on one line.
        ("Адрес", home.full_address.replace(" - ", "\u00a0-\u00a0")),
        ("Лицевой счет", home.number),
        ("ЕЛС", home.els),
        ("ИЖКУ", home.izhku),
        ("Площадь", f"{format_scaled(home.area, 3, show=0)} м²" if home.area is not None else ""),
        ("Проживает", home.living),
        ("", f"Лицевой счет закрыт {format_date(home.closed_on)}" if home.closed_on else ""),
    ]
    return [fact for fact in facts if fact[1]]


def _payee(paper: Paper) -> list[Pair]:
    payee = paper.payee
    facts = [
        ("Организация", payee.name),
        ("Адрес", payee.address),
        ("Телефон", payee.phone),
        ("ИНН / КПП", " / ".join(filter(None, (payee.inn, payee.kpp)))),
        ("Расчетный счет", payee.bank_account),
        ("Банк", payee.bank),
        ("БИК", payee.bic),
        ("Корр. счет", payee.correspondent_account),
    ]
    return [fact for fact in facts if fact[1]]


def _party(title: str, facts: Sequence[Pair], room: float) -> Block:
    label_room = 62.0
    lines = [(label, wrap(value, room - label_room - 14, REGULAR, _VALUE)) for label, value in facts]
    height = 20 + sum(len(value) * 10 for _, value in lines) + 5

    def draw(canvas: Canvas, top: float) -> None:
        put_text(canvas, LEFT + 7, top - 13, title, size=9, font=BOLD)
        y = top - 20
        for label, value in lines:
            put_text(canvas, LEFT + 7, y - 8, label, size=_LABEL, gray=FAINT)
            put_lines(canvas, LEFT + 7 + label_room, y, value, size=_VALUE, leading=10)
            y -= len(value) * 10

    return Block(height, draw)


def _headline(paper: Paper) -> str:
    if paper.total > 0:
        return f"К оплате {format_roubles(paper.total)}"
    return "Переплата " + format_roubles(-paper.total) if paper.total < 0 else "К оплате 0,00\u00a0руб."


def _by(paper: Paper) -> str:
    return f"до {format_date(paper.due_on)}" if paper.total > 0 else ""


def _note(paper: Paper, code: PaymentCode) -> str:
    if paper.total < 0:
        return f"{code.reason} Переплата уйдёт в следующие квитанции."
    if code.reason:
        return code.reason
    return "За просрочку начисляются пени (ч. 14 ст. 155 Жилищного кодекса РФ)."


def _sums(paper: Paper, room: float) -> Block:
    """The rows of «Общая информация» in its words: the services' sum, the penalty, both."""
    rows = _sum_rows(paper)
    columns = (room - 3 * 62 - 8, 62.0, 62.0, 62.0)
    titles = ("руб.", "По услугам", "Пени", "Всего")
    wrapped = [wrap(row[0], columns[0] - 4, BOLD if row[3] else REGULAR, 7.6) for row in rows]
    heights = [len(lines) * 9.2 + 2.4 for lines in wrapped]
    height = 12 + sum(heights)

    def draw(canvas: Canvas, top: float) -> None:
        left = LEFT + 8
        ends = [left + sum(columns[: place + 1]) - 3 for place in range(4)]
        put_text(canvas, left, top - 8, titles[0], size=6.8, gray=FAINT)
        for title, end in zip(titles[1:], ends[1:], strict=True):
            put_text(canvas, end - width(title, REGULAR, 6.8), top - 8, title, size=6.8, gray=FAINT)
        y = top - 12
        for (_, main, penalty, strong), lines, tall in zip(rows, wrapped, heights, strict=True):
            font = BOLD if strong else REGULAR
            if strong:
                canvas.setFillGray(SHADE)
                canvas.rect(left - 3, y - tall, sum(columns) + 3, tall, stroke=0, fill=1)
            canvas.setStrokeGray(RULE)
            canvas.setLineWidth(0.3)
            canvas.line(left - 3, y, left + sum(columns), y)
            put_lines(canvas, left, y - 1.2, lines, size=7.6, leading=9.2, font=font)
            for kopecks, end in zip((main, penalty, main + penalty), ends[1:], strict=True):
                figure = format_money(kopecks)
                put_text(canvas, end - width(figure, font, 7.6), y - 8.2, figure, size=7.6, font=font, gray=INK)
            y -= tall

    return Block(height, draw)


def _sum_rows(paper: Paper) -> list[tuple[str, int, int, bool]]:
    main, penalty = paper.main, paper.penalty
    rows = [
        ("Долг(+)/переплата(-)", main.debt, penalty.debt, False),
        ("Оплата(-), учтенная в квитанции", main.paid, penalty.paid, False),
        ("Начислено", main.charged, penalty.charged, False),
        ("Итого к оплате", main.total, penalty.total, True),
    ]
    if paper.has_advance:
        rows += [
            (f"Предварительно начислено за {paper.month.shift(1).upper}", paper.advance, paper.advance_penalty, False),
            (
                "К оплате с учетом предварительного начисления (авансом)",
                main.total + paper.advance,
                penalty.total + paper.advance_penalty,
                False,
            ),
        ]
    return rows
