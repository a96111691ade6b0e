"""История оплат: what billing has posted, by year, as ready strings."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.clock import format_date
from lk_reflex.core.money import format_money
from lk_reflex.domain.billing.posted import Payment, PaymentYear, payments_of
from lk_reflex.ui.fresh import show_fresh
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit


@dataclass(frozen=True)
class PaymentRow:
    """One payment; `key` is its place in the year."""

    key: int
    kind: str
    accepted: str
    processed: str
    amount: str


@dataclass(frozen=True)
class YearTable:
    """One year, newest payment first, with its sum."""

    title: str
    total_title: str
    rows: list[PaymentRow]
    amount: str


class PaymentsState(rx.State):
    """The payments of the chosen account."""

    loaded: bool = False
    years: list[YearTable] = []

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show all years, newest first."""
        account = visit.chosen()
        show_fresh(visit, account)
        years = visit.read(payments_of, account.account_id) if account else ()
        publish(self, loaded=True, years=[_year(year) for year in years])


def _year(year: PaymentYear) -> YearTable:
    rows = [_row(place, payment) for place, payment in enumerate(year.payments)]
    return YearTable(f"{year.year} год", f"Итого за {year.year} год", rows, format_money(year.amount))


def _row(place: int, payment: Payment) -> PaymentRow:
    return PaymentRow(
        place,
        payment.kind,
        format_date(payment.accepted_on),
        format_date(payment.processed_on),
        format_money(payment.amount),
    )
