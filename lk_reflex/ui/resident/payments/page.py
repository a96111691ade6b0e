"""История оплат: a table for each year."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import freshness, section_page, table_files
from lk_reflex.ui.resident.payments.state import PaymentsState, YearTable
from lk_reflex.ui.shared.notices import card, empty_state, skeleton
from lk_reflex.ui.shared.tables import Column, data_table

TITLE = paths.TITLES[paths.PAYMENTS]
SIGN = "Оплаты записаны со знаком минус: они уменьшают долг."
COLUMNS = (
    Column("Вид оплаты", "kind"),
    Column("Дата приема", "accepted"),
    Column("Дата обработки", "processed", hide_empty=True),
    Column("Сумма (руб.)", "amount", numeric=True),
)


def payments_page() -> rx.Component:
    """All payments that billing has posted to the account."""
    return section_page(
        TITLE,
        rx.cond(
            PaymentsState.years.length() > 0,
            rx.el.div(
                rx.el.p(SIGN, class_name="muted"),
                rx.foreach(PaymentsState.years, _year),
                table_files("payments", TITLE),
                class_name="stack",
            ),
            rx.cond(
                PaymentsState.loaded,
                empty_state(
                    "Оплат пока нет",
                    rx.el.p("Оплата появится здесь после того, как её обработает организация: обычно за 3–5 дней."),
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
        ),
    )
