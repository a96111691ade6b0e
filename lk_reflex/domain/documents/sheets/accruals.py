"""Детализация начислений as a table: a row an operation, the figures apart from their units."""

from decimal import Decimal

from lk_reflex.core.db import Reader
from lk_reflex.domain.billing.accruals import AccrualLine, accruals_of
from lk_reflex.domain.billing.months import months_of
from lk_reflex.domain.billing.tables import PLACES
from lk_reflex.domain.documents.sheets.model import Asked, Column, Sheet, Value, sheet_of
from lk_reflex.domain.identity.access import Actor

COLUMNS = (
    Column("Месяц", "month"),
    Column("Квитанция", width=46),
    Column("Услуга", width=40),
    Column("Тип операции", width=16),
    Column("Тариф (руб.)", "number"),
    Column("Норматив", "number"),
    Column("Объем", "number"),
    Column("Единица", width=12),
    Column("Период расчета с", "month"),
    Column("Период расчета по", "month"),
    Column("Месяцев (k)", "number"),
    Column("Сумма (руб.)", "money"),
)


def accruals_sheet(db: Reader, actor: Actor, asked: Asked) -> Sheet:
    """The months asked for, oldest first, without ИТОГО."""
    account_id = asked.account.account_id
    rows = [
        (month, receipt.title, *_row(line))
        for month in asked.within(months_of(db, actor, account_id))
        for receipt in accruals_of(db, actor, account_id, month)
        for line in receipt.lines
    ]
    return sheet_of(asked, "Детализация начислений", "начисления", COLUMNS, rows, span=True)


def _row(line: AccrualLine) -> tuple[Value, ...]:
    return (
        line.service,
        line.operation,
        _exact(line.tariff),
        _exact(line.norm),
        _exact(line.volume),
        line.unit,
        line.period_from,
        line.period_to or line.period_from,
        line.months,
        line.amount,
    )


def _exact(millionths: int | None) -> Decimal | None:
    """Without the zeros at its end: «13,2», «16»."""
    if millionths is None:
        return None
    value = Decimal(millionths).scaleb(-PLACES)
    return value.quantize(Decimal(1)) if value == value.to_integral_value() else value.normalize()
