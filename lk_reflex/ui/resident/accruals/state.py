"""Детализация начислений: by what tariff, norm and volume a month was charged, as ready strings."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.money import format_money
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.accruals import AccrualLine, ReceiptAccruals, accruals_of
from lk_reflex.domain.billing.present import period_text, quantity_text, tariff_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.monthly import account_and_month, shown_account_and_month
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit
from lk_reflex.ui.why.state import WhyPart


@dataclass(frozen=True)
class AccrualRow:
    """One operation; `key` is its place in the receipt."""

    key: int
    service: str
    operation: str
    tariff: str
    norm: str
    volume: str
    period: str
    amount: str


@dataclass(frozen=True)
class AccrualTable:
    """One receipt: its operations and ИТОГО."""

    title: str
    rows: list[AccrualRow]
    amount: str


class AccrualsState(WhyPart, rx.State):
    """The operations of the month in the address."""

    loaded: bool = False
    receipts: list[AccrualTable] = []

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the month that the address asks for, or the newest one."""
        found = account_and_month(visit)
        publish(self, loaded=True, receipts=_receipts(visit, found))
        self._follow_why(visit, found)

    def _about(self, visit: Visit) -> tuple[int, Month] | None:
        return shown_account_and_month(visit)


def _receipts(visit: Visit, found: tuple[int, Month] | None) -> list[AccrualTable]:
    return [_table(receipt) for receipt in visit.read(accruals_of, *found)] if found else []


def _table(receipt: ReceiptAccruals) -> AccrualTable:
    rows = [_row(place, line) for place, line in enumerate(receipt.lines)]
    return AccrualTable(receipt.title, rows, format_money(receipt.amount))


def _row(place: int, line: AccrualLine) -> AccrualRow:
    return AccrualRow(
        place,
        line.service,
        line.operation,
        tariff_text(line.tariff, line.unit),
        quantity_text(line.norm, line.unit),
        quantity_text(line.volume, line.unit),
        period_text(line.period_from, line.period_to, line.months),
        format_money(line.amount),
    )
