"""Детализация начислений: a table of operations for each receipt of the month."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import freshness, month_files, month_navigator, section_page
from lk_reflex.ui.resident.accruals.state import AccrualsState, AccrualTable
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.notices import card, empty_state, skeleton
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.why.section import why_section

TITLE = paths.TITLES[paths.ACCRUALS]
COLUMNS = (
    Column("Услуга", "service"),
    Column("Тип операции", "operation"),
    Column("Тариф", "tariff", hide_empty=True),
    Column("Норматив", "norm", hide_empty=True),
    Column("Объем", "volume", hide_empty=True),
    Column("Период расчета", "period", hide_empty=True),
    Column("Сумма (руб.)", "amount", numeric=True),
)


def accruals_page() -> rx.Component:
    """The operations of the month with the navigator beside the heading."""
    return section_page(
        TITLE,
        rx.cond(
            AccrualsState.receipts.length() > 0,
            rx.el.div(
                why_section(AccrualsState),
                rx.foreach(AccrualsState.receipts, _receipt),
                month_files("accruals", TITLE),
                class_name="stack",
            ),
            rx.cond(
                AccrualsState.loaded,
                empty_state("Начислений пока нет", rx.el.p("Они появятся здесь вместе с первой квитанцией.")),
                skeleton(),
            ),
        ),
        current=paths.ACCRUALS,
        head_extra=rx.fragment(freshness(), month_navigator(paths.ACCRUALS)),
    )


def _receipt(receipt: AccrualTable) -> rx.Component:
    return card(
        data_table(
            COLUMNS,
            receipt.rows,
            caption=receipt.title,
            row_key="key",
            foot=(words.TOTAL, "", "", "", "", "", receipt.amount),
        ),
    )
