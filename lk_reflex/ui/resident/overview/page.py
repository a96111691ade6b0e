"""Общая информация: what a person came for on top, the manual's tables below, the year at the end."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.announcements import announcements
from lk_reflex.ui.cabinet import freshness, section_page
from lk_reflex.ui.consumption.cards import hint_note
from lk_reflex.ui.open_payments import open_payments
from lk_reflex.ui.pay_elsewhere.parts import bill_elsewhere
from lk_reflex.ui.resident.overview.receipts import SummaryRow, SummaryTable
from lk_reflex.ui.resident.overview.state import OverviewState, Warning
from lk_reflex.ui.resident.overview.year_cards import year_cards
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, big_sum, card, empty_state, notice, skeleton, tag
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.why.section import why_section

TITLE = paths.TITLES[paths.OVERVIEW]
FIGURES = (
    Column("Показатель", "label"),
    Column("Сумма по основным услугам (руб.)", "main", numeric=True),
    Column("Сумма пени (руб.)", "penalty", numeric=True),
)


def overview_page() -> rx.Component:
    """The account at a glance."""
    return section_page(
        TITLE,
        rx.cond(
            OverviewState.loaded,
            rx.el.div(
                announcements(OverviewState.announcements),
                _newest(),
                open_payments(OverviewState.under_way),
                rx.el.div(_bill(), _readings(), class_name="pair"),
                rx.cond(OverviewState.receipts.length() > 0, why_section(OverviewState, OverviewState.why_lead)),
                rx.foreach(OverviewState.warnings, _warning),
                rx.foreach(OverviewState.hints, hint_note),
                rx.foreach(OverviewState.receipts, _receipt),
                year_cards(),
                class_name="stack",
            ),
            skeleton(),
        ),
        current=paths.OVERVIEW,
        head_extra=freshness(),
    )


def _newest() -> rx.Component:
    """«Новое: …» leads to the feed."""
    return rx.cond(
        OverviewState.newest != "",
        rx.el.p(
            tag(paths.TITLES[paths.NOTIFICATIONS], "due"),
            " ",
            rx.el.a(OverviewState.newest, href=paths.NOTIFICATIONS),
            class_name="newest",
        ),
    )


def _bill() -> rx.Component:
    bill = OverviewState.bill
    return rx.cond(
        bill.title != "",
        card(
            big_sum(bill.amount),
            rx.cond(bill.pending != "", notice("good", bill.pending)),
            rx.el.p(bill.due),
            rx.foreach(bill.notes, lambda note: rx.el.p(note, class_name="small muted")),
            rx.cond(
                bill.payable,
                rx.el.div(
                    rx.el.button(
                        "Перейти к оплате",
                        type="button",
                        on_click=OverviewState.pay,
                        class_name="button",
                    ),
                    class_name="row",
                ),
            ),
            rx.cond(bill.owed, bill_elsewhere(bill.payable)),
            title=bill.title,
            card_id="due",
        ),
        empty_state("Квитанций пока нет", rx.el.p("Сумма к оплате появится с первой квитанцией.")),
    )


def _readings() -> rx.Component:
    readings = OverviewState.readings
    return rx.cond(
        readings.title != "",
        card(
            rx.cond(readings.number != "", big_sum(readings.number, readings.unit)),
            rx.el.p(readings.window),
            rx.el.p(readings.waiting),
            rx.el.div(action_link("Передать показания", paths.READINGS, quiet=True), class_name="row"),
            title=readings.title,
            card_id="readings",
        ),
    )


def _warning(warning: Warning) -> rx.Component:
    return notice(
        warning.kind,
        warning.title,
        rx.el.ul(rx.foreach(warning.meters, lambda meter: rx.el.li(meter))),
        rx.el.p(warning.note),
    )


def _receipt(receipt: SummaryTable) -> rx.Component:
    paying = (*FIGURES, Column("Корзина", _cart_cell, filled="offer"))
    return card(
        rx.cond(OverviewState.takes_payments, _table(receipt, paying), _table(receipt, FIGURES)),
        rx.el.p(
            rx.el.a("Открыть квитанцию", rx.el.span(" ", receipt.title, class_name="hidden"), href=receipt.page),
            native_link(
                "Квитанция для печати",
                rx.el.span(" ", receipt.title, class_name="hidden"),
                href=receipt.pdf,
                target="_blank",
                rel="noopener",
            ),
            class_name="take-away",
        ),
    )


def _table(receipt: SummaryTable, columns: tuple[Column, ...]) -> rx.Component:
    return data_table(columns, receipt.rows, caption=receipt.title, row_key="label", strong="strong")


def _cart_cell(row: SummaryRow) -> rx.Component:
    """One button that changes its words, so that the focus stays where the finger was."""
    return rx.cond(
        row.offer,
        rx.el.button(
            rx.cond(row.in_cart, "В корзине ✓ Убрать", "Добавить в корзину"),
            rx.el.span(row.label, class_name="hidden"),
            type="button",
            on_click=rx.cond(
                row.in_cart, OverviewState.take_out(row.receipt), OverviewState.put(row.receipt, row.advance)
            ),
            class_name="button quiet",
        ),
    )
