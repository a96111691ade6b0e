"""The tables of a printed receipt: charges, the balance by service, meters, recalculations; and the way online."""

from collections.abc import Iterator

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from lk_reflex.core.clock import format_date
from lk_reflex.core.exact import format_scaled
from lk_reflex.core.money import format_money
from lk_reflex.domain.billing.present import period_text, printed_unit
from lk_reflex.domain.billing.tables import PLACES
from lk_reflex.domain.documents.facts import MeterLine, Paper, ServiceLine
from lk_reflex.domain.documents.pdf.pdf_blocks import LEFT, ROOM, RULE, Block, Column, heading, put_lines, table
from lk_reflex.domain.documents.pdf.pdf_codes import MODULE, draw_symbol
from lk_reflex.domain.documents.pdf.pdf_type import BOLD, REGULAR, wrap
from lk_reflex.domain.documents.qr.codes import linking_address
from lk_reflex.domain.documents.qr.qr_symbol import symbol

TOTAL, NOTHING = "ИТОГО", "—"
_CHARGES = (
    Column("Услуга", ROOM - 3 * 58 - 40 - 52 - 62 - 50),
    Column("Ед. изм.", 40, "center"),
    Column("Норматив", 50, "right"),
    Column("Объем", 52, "right"),
    Column("Тариф (руб.)", 62, "right"),
    Column("Начислено (руб.)", 58, "right"),
    Column("Перерасчет (руб.)", 58, "right"),
    Column("Всего начислено (руб.)", 58, "right"),
)
_BALANCE = (
    Column("Услуга", ROOM - 4 * 76),
    Column("Долг (+) / Переплата (-) (руб.)", 76, "right"),
    Column("Оплачено (-) (руб.)", 76, "right"),
    Column("Начислено (руб.)", 76, "right"),
    Column("Итого к оплате (руб.)", 76, "right"),
)
#: A line with its penalties.
_WITH_PENALTIES = (
    Column("Услуга (суммы в рублях)", ROOM - 8 * 50),
    Column("Долг (+) / Переплата (-)", 50, "right"),
    Column("Оплачено (-)", 50, "right"),
    Column("Начислено", 50, "right"),
    Column("Итого к оплате", 50, "right"),
    Column("Пени: долг (+) / переплата (-)", 50, "right"),
    Column("Пени: оплачено (-)", 50, "right"),
    Column("Пени: начислено", 50, "right"),
    Column("Пени: итого к оплате", 50, "right"),
)
_METERS = (
    Column("Прибор учёта", ROOM - 68 - 2 * 98 - 66 - 58),
    Column("Номер", 68),
    Column("Предыдущее показание", 98, "right"),
    Column("Текущее показание", 98, "right"),
    Column("Расход", 66, "right"),
    Column("Дата поверки", 58, "center"),
)
_RECALCULATIONS = (
    Column("Услуга", ROOM - 110 - 170 - 66),
    Column("Основание", 110),
    Column("За какой период", 170),
    Column("Сумма (руб.)", 66, "right"),
)


def charges_blocks(paper: Paper) -> Iterator[Block]:
    """Раздел 3, as on «Детализация начислений»; nothing where billing gave no accruals."""
    if not paper.services:
        return
    yield heading("Раздел 3. Расчет размера платы за содержание жилого помещения и коммунальные услуги")
    foot = (TOTAL, "", "", "", "", *map(format_money, (paper.charged, paper.recalculated, paper.accrued)))
    yield from table(_CHARGES, [_service(line) for line in paper.services], foot=foot)


def balance_blocks(paper: Paper) -> Iterator[Block]:
    """The lines of «Детализация по услугам», with the penalties beside them where there are any."""
    if not paper.balance:
        return
    yield heading("Состояние расчетов по услугам")
    if not paper.penalty and not any(line.penalty for line in paper.balance):
        rows = [(line.service, *map(format_money, line.main)) for line in paper.balance]
        yield from table(_BALANCE, rows, foot=(TOTAL, *map(format_money, paper.main)))
        return
    rows = [(line.service, *map(format_money, (*line.main, *line.penalty))) for line in paper.balance]
    yield from table(_WITH_PENALTIES, rows, foot=(TOTAL, *map(format_money, (*paper.main, *paper.penalty))))


def meter_blocks(paper: Paper) -> Iterator[Block]:
    """Раздел 4: what the dials showed, as billing counted it in the month."""
    if not paper.meters:
        return
    yield heading("Раздел 4. Справочная информация: показания индивидуальных приборов учёта")
    yield from table(_METERS, [_meter(line) for line in paper.meters])


def recalculation_blocks(paper: Paper) -> Iterator[Block]:
    """Раздел 5: for which months the recalculations are."""
    if not paper.recalculations:
        return
    yield heading("Раздел 5. Сведения о перерасчетах (доначисления +, уменьшения -)")
    rows = [
        (line.service, line.operation, period_text(line.period_from, line.period_to, line.months),
         format_money(line.amount))
        for line in paper.recalculations
    ]  # fmt: skip
    yield from table(_RECALCULATIONS, rows)


def online_block(paper: Paper, site: str, *, tight: bool = False) -> Block:
    """The code that leads to the cabinet, with words about what is there; `tight` takes as little room as it can."""
    address = linking_address(paper, site)
    made = symbol(address.encode())
    module = MODULE if tight else max(MODULE, 25 * mm / (made.modules + 8))
    side = made.side(module)
    room, size, leading = ROOM - side - 18, 7.4 if tight else 8, 9 if tight else 10.2
    title = wrap("Эта квитанция есть в личном кабинете", room, BOLD, 9)
    text = wrap(
        "Наведите камеру телефона на код: откроется личный кабинет с уже заполненными номером лицевого счета и "
        "адресом. Чтобы привязать лицевой счет, понадобится фамилия собственника или нанимателя. В кабинете — "
        "начисления и квитанции за все месяцы, передача показаний и напоминания о них.",
        room, REGULAR, size,
    )  # fmt: skip
    where = wrap(f"Адрес кабинета: {site}", room, REGULAR, size)
    words = 14 + len(title) * 12 + (len(text) + len(where)) * leading
    height = max(side, words) + (0 if tight else 6)

    def draw(canvas: Canvas, top: float) -> None:
        canvas.setStrokeGray(RULE)
        canvas.setLineWidth(0.5)
        canvas.roundRect(LEFT, top - height, ROOM, height, 3)
        draw_symbol(canvas, made, LEFT + 3, top - height + (height - side) / 2, module)
        x, y = LEFT + side + 10, top - 9
        put_lines(canvas, x, y, title, size=9, leading=12, font=BOLD)
        put_lines(canvas, x, y - len(title) * 12 - 2, text, size=size, leading=leading)
        put_lines(canvas, x, y - len(title) * 12 - 5 - len(text) * leading, where, size=size, leading=leading)

    return Block(height, draw)


def _service(line: ServiceLine) -> tuple[str, ...]:
    sums = (line.charged, line.recalculated, line.total)
    return (
        line.service,
        printed_unit(line.unit),
        _plain(line.norm),
        _plain(line.volume),
        _price(line.tariff),
        *map(format_money, sums),
    )


def _price(tariff: int | None) -> str:
    return "" if tariff is None else format_scaled(tariff, PLACES, show=2)


def _plain(value: int | None) -> str:
    return "" if value is None else format_scaled(value, PLACES, show=0)


def _meter(line: MeterLine) -> tuple[str, ...]:
    volume = f"{line.figure(line.volume)}\u00a0{line.unit}" if line.volume is not None else NOTHING
    return (
        line.called,
        line.serial,
        _dial(line, line.previous, format_date(line.previous_on)),
        _dial(line, line.current, format_date(line.current_on)),
        volume,
        format_date(line.verification_due) or NOTHING,
    )


def _dial(line: MeterLine, value: int | None, day: str) -> str:
    return NOTHING if value is None else f"{line.figure(value)} ({day})"
