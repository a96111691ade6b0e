"""Детализация по услугам: a table for each receipt of the month."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import freshness, month_files, month_navigator, section_page
from lk_reflex.ui.resident.charges.state import ChargesState, ReceiptTable
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.notices import action_link, card, empty_state, skeleton
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.why.section import why_section

TITLE = paths.TITLES[paths.CHARGES]
COLUMNS = (
    Column("Услуга", 0),
    Column("Долг (+) / Переплата (-)", 1, numeric=True),
    Column("Оплачено (-) (руб.)", 2, numeric=True),
    Column("Начислено (руб.)", 3, numeric=True),
    Column("Итого к оплате (руб.)", 4, numeric=True),
)


def charges_page() -> rx.Component:
    """The receipts of the month with the navigator beside the heading."""
    return section_page(
        TITLE,
        rx.cond(
            ChargesState.receipts.length() > 0,
            rx.el.div(
                why_section(ChargesState),
                rx.foreach(ChargesState.receipts, _receipt),
                month_files("charges", TITLE),
                rx.el.div(action_link("Начислено за 13 месяцев", paths.YEAR, quiet=True), class_name="row"),
                class_name="stack",
            ),
            rx.cond(
                ChargesState.loaded,
                empty_state("Квитанций пока нет", rx.el.p("Они появятся здесь, как только организация их выпустит.")),
                skeleton(),
            ),
        ),
        current=paths.CHARGES,
        head_extra=rx.fragment(freshness(), month_navigator(paths.CHARGES)),
    )


def _receipt(receipt: ReceiptTable) -> rx.Component:
    return card(
        data_table(
            COLUMNS,
            receipt.rows,
            caption=receipt.title,
            row_key=0,
            foot=(words.TOTAL, receipt.debt, receipt.paid, receipt.charged, receipt.total),
        ),
        rx.cond(receipt.balance != "", rx.el.p(receipt.balance)),
        rx.cond(receipt.penalty != "", rx.el.p(receipt.penalty)),
    )
