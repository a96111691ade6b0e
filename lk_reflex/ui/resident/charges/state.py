"""Детализация по услугам: one month's receipts as ready strings. The month switch is the hottest path of all."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.money import NBSP, format_money
from lk_reflex.domain.billing.charges import ReceiptCharges, ServiceCharge, charges_of
from lk_reflex.domain.billing.months import months_around
from lk_reflex.ui.guard import Visit, resident
from lk_reflex.ui.month import show_month
from lk_reflex.ui.publish import publish

#: Услуга, Долг / Переплата, Оплачено, Начислено, Итого к оплате. A tuple: the month switch sends no field names.
Row = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class ReceiptTable:
    """One receipt: its rows, ИТОГО, and a sentence about penalties where there are any."""

    title: str
    rows: list[Row]
    debt: str
    paid: str
    charged: str
    total: str
    penalty: str


class ChargesState(rx.State):
    """The receipts of the month in the address."""

    loaded: bool = False
    receipts: list[ReceiptTable] = []

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the month that the address asks for, or the newest one."""
        publish(self, loaded=True, receipts=_receipts(visit))


def _receipts(visit: Visit) -> list[ReceiptTable]:
    account = visit.chosen()
    wanted = visit.query("month")
    months = visit.read(months_around, account.account_id, wanted) if account else ()
    month = show_month(visit.month, wanted, months)
    if account is None or month is None:
        return []
    return [_table(receipt) for receipt in visit.read(charges_of, account.account_id, month)]


def _table(receipt: ReceiptCharges) -> ReceiptTable:
    rows = [_row(line) for line in receipt.lines]
    return ReceiptTable(receipt.title, rows, *map(format_money, receipt.main), _penalty(receipt))


def _row(line: ServiceCharge) -> Row:
    debt, paid, charged, total = line.main
    return line.service, format_money(debt), format_money(paid), format_money(charged), format_money(total)


def _penalty(receipt: ReceiptCharges) -> str:
    """The manual's table has no penalties, yet they are to be paid with the rest."""
    if not receipt.penalty:
        return ""
    penalty, whole = receipt.penalty.total, receipt.main.total + receipt.penalty.total
    return f"Кроме того, пени: {_roubles(penalty)} Всего по квитанции с пенями: {_roubles(whole)}"


def _roubles(kopecks: int) -> str:
    return f"{format_money(kopecks)}{NBSP}руб."
