"""История оплат: a table for each year; under a payment made here, how far it has come."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import freshness, section_page, table_files
from lk_reflex.ui.open_payments import open_payments
from lk_reflex.ui.resident.payments.state import USUALLY, PaymentRow, PaymentsState, TraceRow, YearTable
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.frame import Text
from lk_reflex.ui.shared.notices import card, empty_state, notice, skeleton, tag
from lk_reflex.ui.shared.tables import Column, data_table

TITLE = paths.TITLES[paths.PAYMENTS]
SIGN = "Оплаты записаны со знаком минус: они уменьшают долг. Возвраты записаны без минуса."
PENDING = "в обработке"
WHY_PENDING = (
    f"Банк принял деньги. Организация учитывает такие платежи {USUALLY}; до этого квитанции показаны без учёта этих "
    "денег. Второй раз платить их не нужно."
)
SHOW_TRACE = "Путь платежа"
HANDED, ACCOUNTED = "Передано в биллинг организации", "Учтено"
NOT_YET = "ещё нет"


def payments_page() -> rx.Component:
    """All payments of the account: those that billing has posted, and those made here that it hasn't yet."""
    return section_page(
        TITLE,
        open_payments(PaymentsState.under_way),
        rx.cond(
            PaymentsState.years.length() > 0,
            rx.el.div(
                rx.cond(PaymentsState.waiting != "", notice("info", PaymentsState.waiting, rx.el.p(WHY_PENDING))),
                rx.el.p(SIGN, class_name="muted"),
                rx.foreach(PaymentsState.years, _year),
                table_files("payments", TITLE),
                class_name="stack",
            ),
            rx.cond(
                PaymentsState.loaded,
                empty_state(
                    "Оплат пока нет",
                    rx.el.p(
                        "Оплата из кабинета появится здесь сразу, остальные — после того, как их обработает "
                        f"организация: {USUALLY}."
                    ),
                ),
                skeleton(),
            ),
        ),
        current=paths.PAYMENTS,
        head_extra=freshness(),
    )


def _year(year: YearTable) -> rx.Component:
    return card(
        data_table(
            COLUMNS,
            year.rows,
            caption=year.title,
            row_key="key",
            turn="cards compact",
            foot=(year.total_title, "", "", year.amount),
            details=_trace,
            opened="ours",
        ),
        rx.cond(year.pending != "", rx.el.p(year.pending, class_name="small muted")),
    )


def _processed(row: PaymentRow) -> rx.Component:
    day = rx.cond(row.processed == "", words.NO_VALUE, row.processed)
    return rx.cond(row.pending, tag(PENDING, "due"), rx.el.span(day))


def _trace(row: PaymentRow) -> rx.Component:
    """Closed until asked for: most people only want to see that the payment is there."""
    trace = row.trace
    return rx.el.details(
        rx.el.summary(
            SHOW_TRACE, rx.el.span(" от ", row.accepted, ", номер платежа ", trace.order, class_name="hidden")
        ),
        rx.el.ol(
            _station(trace.taken, trace.taken_on),
            _station(HANDED, trace.handed_on),
            _station(ACCOUNTED, trace.accounted_on),
            class_name="stations",
        ),
        rx.cond(trace.differs != "", rx.el.p(trace.differs)),
        _order(trace),
        class_name="trace",
    )


def _station(title: Text, day: rx.Var[str]) -> rx.Component:
    """A word for what the mark before it shows."""
    return rx.el.li(
        rx.el.span(title),
        " ",
        rx.el.span(rx.cond(day != "", day, NOT_YET), class_name="num muted"),
        class_name=rx.cond(day != "", "reached", ""),
    )


def _order(trace: TraceRow) -> rx.Component:
    return rx.el.p(
        "Номер платежа: ",
        rx.el.span(trace.order, class_name="tabular"),
        rx.cond(trace.result != "", rx.fragment(". ", rx.el.a("Подробности оплаты", href=trace.result)), "."),
        class_name="small",
    )


COLUMNS = (
    Column("Вид оплаты", "kind"),
    Column("Дата приема", "accepted"),
    Column("Дата обработки", _processed, filled="handled"),
    Column("Сумма (руб.)", "amount", numeric=True),
)
