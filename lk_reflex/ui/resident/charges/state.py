"""Детализация по услугам: one month's receipts as ready strings. The month switch is the hottest path of all."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.charges import ReceiptCharges, ServiceCharge, charges_of
from lk_reflex.domain.billing.sums import Sums
from lk_reflex.ui.guard import resident
from lk_reflex.ui.monthly import account_and_month, shown_account_and_month
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit
from lk_reflex.ui.why.state import WhyPart

#: Услуга, Долг / Переплата, Оплачено, Начислено, Итого к оплате. A tuple: the month switch sends no field names.
Row = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class ReceiptTable:
    """One receipt: its rows, ИТОГО, and sentences about the debt or overpayment and the penalties in it."""

    title: str
    rows: list[Row]
    debt: str
    paid: str
    charged: str
    total: str
    balance: str
    penalty: str


class ChargesState(WhyPart, rx.State):
    """The receipts of the month in the address."""

    loaded: bool = False
    receipts: list[ReceiptTable] = []

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the month that the address asks for, or the newest one."""
        found = account_and_month(visit)
        publish(self, loaded=True, receipts=_receipts(visit, found))
        self._follow_why(visit, found)

    def _about(self, visit: Visit) -> tuple[int, Month] | None:
        return shown_account_and_month(visit)


def _receipts(visit: Visit, found: tuple[int, Month] | None) -> list[ReceiptTable]:
    return [_table(receipt) for receipt in visit.read(charges_of, *found)] if found else []


def _table(receipt: ReceiptCharges) -> ReceiptTable:
    rows = [_row(line) for line in receipt.lines]
    return ReceiptTable(
        receipt.title, rows, *map(format_money, receipt.main), _balance(receipt.main), _penalty(receipt)
    )


def _row(line: ServiceCharge) -> Row:
    debt, paid, charged, total = line.main
    return line.service, format_money(debt), format_money(paid), format_money(charged), format_money(total)


def _balance(main: Sums) -> str:
    """What the signs of ИТОГО mean."""
    if main.total < 0:
        return f"Итого переплата: {format_roubles(-main.total)} Она уйдёт в следующие квитанции."
    if main.debt < 0:
        return f"Переплата за прошлые месяцы уже вычтена: {format_roubles(-main.debt)}"
    return f"В том числе долг: {format_roubles(main.debt)}" if main.debt else ""


def _penalty(receipt: ReceiptCharges) -> str:
    """The manual's table has no penalties, yet they are to be paid with the rest; those already paid are not."""
    if not receipt.penalty.total:
        return ""
    penalty, whole = receipt.penalty.total, receipt.main.total + receipt.penalty.total
    return f"Кроме того, пени: {format_roubles(penalty)} Всего по квитанции с пенями: {format_roubles(whole)}"
