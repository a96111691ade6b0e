"""Сверка с банком: each day of each organization, and the orders that billing doesn't confirm."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import card, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.totals.rows import DayRow, OrderLink
from lk_reflex.ui.staff.totals.state import OUTCOME_ID, TotalsState

TITLE = paths.TITLES[paths.STAFF_TOTALS]
HOW = (
    "Заказы стоят в том дне, когда их приняли в банке, по времени организации; возвраты относятся к дню оплаты. "
    "Суммы банка такие, какими он назвал их при последней проверке."
)
NOBODY, NOBODY_HOW = "За эти дни никто не платил.", "Посмотрите более ранние дни."
SLOW = "Переданы в биллинг больше пяти дней назад и не учтены"
DIFFERS = "В биллинге другая сумма"


def staff_totals_page() -> rx.Component:
    """The totals."""
    return staff_page(
        TITLE,
        outcome_area(
            OUTCOME_ID, rx.cond(TotalsState.outcome != "", notice(TotalsState.outcome_kind, TotalsState.outcome))
        ),
        rx.cond(
            TotalsState.loaded,
            rx.el.div(
                _orders(TotalsState.differing, DIFFERS, "differs"),
                _orders(TotalsState.unaccounted, SLOW, "slow"),
                _days(),
                class_name="stack",
            ),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_TOTALS,
    )


def _orders(orders: Any, title: str, card_id: str) -> rx.Component:
    lines = rx.el.ul(rx.foreach(orders, _order), class_name="taken")
    return rx.cond(orders.length() > 0, card(lines, title=title, card_id=card_id))


def _order(one: OrderLink) -> rx.Component:
    return rx.el.li(rx.el.a(one.number, href=one.href), ": ", one.how, key=one.number)


def _days() -> rx.Component:
    table = data_table(COLUMNS, TotalsState.days, caption="Дни, новые сверху", row_key="key", hide_caption=True,
                       turn="cards-wide")  # fmt: skip
    sheet = rx.el.div(table, role="region", aria_label="Дни: таблица", class_name="dense")
    return card(
        rx.el.p(HOW, class_name="small"),
        rx.cond(TotalsState.days.length() > 0, sheet, rx.el.p(rx.el.b(NOBODY), " ", NOBODY_HOW)),
        rx.el.div(
            rx.cond(TotalsState.later, _press("Более поздние дни", TotalsState.go_later)),
            _press("Более ранние дни", TotalsState.go_earlier),
            _press("Обновить", TotalsState.refresh),
            class_name="row",
        ),
        title=joined("По дням: ", TotalsState.span),
        card_id="days",
    )


def _press(title: str, handler: Any) -> rx.Component:
    return rx.el.button(title, type="button", on_click=handler, class_name="button quiet")


def _two(first: rx.Component, more: Any) -> rx.Component:
    return rx.el.span(first, rx.cond(more != "", rx.fragment(rx.el.br(), rx.el.span(more, class_name="small"))))


def _difference(row: DayRow) -> rx.Component:
    """Nothing agrees while the bank may have taken money that we don't know of."""
    undecided = rx.el.span(row.open, rx.el.br(), row.looked, class_name="small")
    agrees = rx.cond(row.open != "", undecided, tag("сходится", "good"))
    differs = rx.fragment(tag(row.difference, "bad"), rx.cond(row.open != "", rx.fragment(rx.el.br(), undecided)))
    return rx.cond(row.differs, differs, agrees)


def _ways(row: DayRow) -> rx.Component:
    of = rx.el.span(" за ", row.day, ", ", row.organization, class_name="hidden")
    files = (
        native_link(title, of, href=joined(f"/api/staff/payments.{suffix}?", row.query))
        for title, suffix in (("XLSX", "xlsx"), ("CSV", "csv"))
    )
    return rx.el.div(
        rx.el.button("Перепроверить день", of, type="button", on_click=TotalsState.look_up(row.key),
                     class_name="button quiet"),
        rx.el.p("Скачать: ", *files, class_name="take-away"),
        class_name="stack tight actions",
    )  # fmt: skip


COLUMNS = (
    Column("День", lambda row: _two(rx.el.a(row.day, href=row.href), row.organization)),
    Column("Заказов", lambda row: _two(rx.el.span(row.orders), row.flagged), numeric=True),
    Column("По данным банка (руб.)", lambda row: _two(rx.el.span(row.captured), row.refunded), numeric=True),
    Column("По нашим проводкам (руб.)", lambda row: _two(rx.el.span(row.paid), row.back), numeric=True),
    Column("Разница (руб.)", _difference, numeric=True),
    Column("Действия", _ways),
)
