"""История оплат: what billing has posted and what was paid here since, by year, as ready strings."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.clock import format_date
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.payments.history import Paid, PaidYear, Trace, paid_years
from lk_reflex.domain.payments.orders.present import grouped, result_path
from lk_reflex.ui.fresh import show_fresh
from lk_reflex.ui.guard import resident
from lk_reflex.ui.open_payments import OpenPayment, shown_open
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit

TAKEN, GIVEN_BACK = "Принято банком", "Возвращено банком"
#: How long organizations take; said wherever somebody waits for it. The days never part at a line's end.
USUALLY = "обычно за 3–\u20605\u00a0рабочих дней"


@dataclass(frozen=True)
class TraceRow:
    """How far a payment made here has come: a day for each station, empty where it hasn't reached it."""

    order: str = ""
    taken: str = ""
    taken_on: str = ""
    handed_on: str = ""
    accounted_on: str = ""
    differs: str = ""
    result: str = ""


@dataclass(frozen=True)
class PaymentRow:
    """One payment; `key` is its place in the year. `ours`: it was made here and has a trace."""

    key: int
    kind: str
    accepted: str
    processed: str
    amount: str
    pending: bool = False
    handled: bool = False
    ours: bool = False
    trace: TraceRow = TraceRow()


@dataclass(frozen=True)
class YearTable:
    """One year, newest payment first, with its sum; `pending` tells how much of it billing hasn't recorded."""

    title: str
    total_title: str
    rows: list[PaymentRow]
    amount: str
    pending: str = ""


class PaymentsState(rx.State):
    """The payments of the chosen account."""

    loaded: bool = False
    years: list[YearTable] = []
    #: The person's own payments, for whatever account, whose fate the bank hasn't told.
    under_way: list[OpenPayment] = []
    #: «В обработке 1 200,00 руб.»: what was paid here and isn't in the books yet.
    waiting: str = ""

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show all years, newest first."""
        account = visit.chosen()
        show_fresh(visit, account)
        years = visit.read(paid_years, account.account_id) if account else ()
        publish(
            self,
            loaded=True,
            years=[_year(year) for year in years],
            waiting=_waiting(years),
            under_way=shown_open(visit),
        )


def _waiting(years: tuple[PaidYear, ...]) -> str:
    """Net of what was given back and isn't in the books, either."""
    paid = -sum(year.pending for year in years)
    return f"В обработке {format_roubles(paid)}" if paid > 0 else ""


def _year(year: PaidYear) -> YearTable:
    rows = [_row(place, payment) for place, payment in enumerate(year.payments)]
    pending = f"В том числе в обработке: {format_roubles(year.pending)}" if year.pending else ""
    return YearTable(f"{year.year} год", f"Итого за {year.year} год", rows, format_money(year.amount), pending)


def _row(place: int, payment: Paid) -> PaymentRow:
    return PaymentRow(
        place,
        payment.kind,
        format_date(payment.accepted_on),
        format_date(payment.processed_on),
        format_money(payment.amount),
        pending=payment.pending,
        handled=payment.pending or payment.processed_on is not None,
        ours=payment.trace is not None,
        trace=_trace(payment, payment.trace) if payment.trace else TraceRow(),
    )


def _trace(payment: Paid, trace: Trace) -> TraceRow:
    return TraceRow(
        order=grouped(trace.number),
        taken=TAKEN if trace.amount < 0 else GIVEN_BACK,
        taken_on=format_date(trace.accepted_on),
        handed_on=format_date(trace.handed_on),
        accounted_on=format_date(trace.accounted_on),
        differs=_difference(payment, trace),
        result=result_path(trace.number) if trace.mine else "",
    )


def _difference(payment: Paid, trace: Trace) -> str:
    """Billing's sum is the one that counts; that ours is another must not stay unsaid."""
    if payment.pending or trace.billed == trace.amount:
        return ""
    taken = "принял" if trace.amount < 0 else "вернул"
    return (
        f"Банк {taken} {format_roubles(abs(trace.amount))}, а организация учла "
        f"{format_roubles(abs(trace.billed))}. Разницу объяснит организация: назовите ей номер платежа."
    )
