"""Платежи: a search over all orders, those that need somebody to look, and the list."""

import reflex as rx

from lk_reflex.domain.payments.desk.search import FIELD
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import described, error_summary, form_field, submit
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import card, empty_state, notice, skeleton, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.days import day_field
from lk_reflex.ui.staff.payments.rows import DAY_CHOICES, STATUS_CHOICES, Choice, OrderRow
from lk_reflex.ui.staff.payments.state import BY, FIRST, LAST, RESULTS_ID, OrdersDeskState

TITLE = paths.TITLES[paths.STAFF_PAYMENTS]
WHAT = "Номер заказа, номер лицевого счета, адрес почты плательщика, сумма «539,20» или номер у банка"
NOTHING, NOTHING_HOW = "Ничего не найдено", "Проверьте, что введено в поиск, или сбросьте условия."
NO_ORDERS, NO_ORDERS_HOW = "Заказов ещё не было", "Они появятся здесь, когда жители начнут платить, новые сверху."


def staff_payments_page() -> rx.Component:
    """The list of orders."""
    return staff_page(
        TITLE,
        error_summary(OrdersDeskState.faults),
        rx.cond(
            OrdersDeskState.loaded,
            rx.el.div(_attention(), _search(), _results(), class_name="stack"),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_PAYMENTS,
    )


def _attention() -> rx.Component:
    waiting = rx.el.div(
        rx.el.button(
            joined("Показать требующие внимания: ", OrdersDeskState.flagged.to_string()),
            type="button", on_click=OrdersDeskState.show_flagged, class_name="button quiet",
        ),
        class_name="row",
    )  # fmt: skip
    return rx.fragment(
        rx.cond(
            (OrdersDeskState.flagged > 0) & ~OrdersDeskState.only_flagged,
            notice("due", "Есть платежи, которые нужно посмотреть.", waiting),
        ),
        rx.cond(
            OrdersDeskState.counts.length() > 0,
            rx.el.p(rx.foreach(OrdersDeskState.counts, lambda words: rx.el.span(words, ". "))),
        ),
    )


def _search() -> rx.Component:
    press = sending("orders", OrdersDeskState.answers)
    return card(
        rx.el.form(
            form_field(
                "Найти:", FIELD, hint=WHAT, error=OrdersDeskState.search_error, type="search",
                default_value=OrdersDeskState.search, auto_complete="off", spell_check=False,
            ),
            rx.el.div(
                _select("Состояние:", "status", OrdersDeskState.status, [_option(one) for one in STATUS_CHOICES]),
                _select("Организация:", "payee", OrdersDeskState.payee,
                        [rx.foreach(OrdersDeskState.payees, lambda one: rx.el.option(one.title, value=one.key))]),
                _select("По дню:", BY, OrdersDeskState.by, [_option(one) for one in DAY_CHOICES]),
                day_field("с:", FIRST, OrdersDeskState.first, OrdersDeskState.first_error),
                day_field("по:", LAST, OrdersDeskState.last, OrdersDeskState.last_error),
                class_name="inputs",
            ),
            rx.el.div(
                rx.el.input(
                    type="checkbox", value="yes", id="flagged", name="flagged",
                    default_checked=OrdersDeskState.only_flagged,
                ),
                rx.el.label("Только требующие внимания", html_for="flagged"),
                class_name="check",
            ),
            rx.el.div(
                submit("Найти", busy=press.now),
                rx.cond(
                    OrdersDeskState.narrowed,
                    rx.el.button("Сбросить", type="button", on_click=OrdersDeskState.reset_search,
                                 class_name="button quiet"),
                ),
                class_name="row",
            ),
            on_submit=[press.pressed, OrdersDeskState.look_for],
            no_validate=True,
            class_name="fields",
            key=OrdersDeskState.form.to_string(),
        ),
        title="Поиск",
        card_id="search-card",
    )  # fmt: skip


def _select(label: str, name: str, chosen: rx.Var[str], options: list[rx.Component]) -> rx.Component:
    control = rx.el.select(*options, default_value=chosen, **described(name, name))
    return form_field(label, name, control=control)


def _option(one: Choice) -> rx.Component:
    return rx.el.option(one.title, value=one.key)


def _results() -> rx.Component:
    nothing = rx.cond(
        OrdersDeskState.narrowed,
        empty_state(NOTHING, rx.el.p(NOTHING_HOW)),
        empty_state(NO_ORDERS, rx.el.p(NO_ORDERS_HOW)),
    )
    return rx.el.div(
        rx.cond(
            OrdersDeskState.rows.length() > 0,
            _found(),
            rx.cond(OrdersDeskState.faults.length() > 0, rx.fragment(), nothing),
        ),
        id=RESULTS_ID,
        tab_index=-1,
    )


def _found() -> rx.Component:
    table = data_table(COLUMNS, OrdersDeskState.rows, caption="Заказы, новые сверху", row_key="key", hide_caption=True,
                       turn="cards-wide")  # fmt: skip
    return card(
        rx.el.div(table, role="region", aria_label="Заказы: таблица", class_name="dense"),
        rx.el.div(
            rx.cond(OrdersDeskState.newer, _turn("Более поздние", OrdersDeskState.go_newer)),
            rx.cond(OrdersDeskState.older, _turn("Более ранние", OrdersDeskState.go_older)),
            class_name="row",
        ),
        title="Заказы",
        card_id="found",
    )


def _turn(title: str, handler: rx.event.EventCallback) -> rx.Component:
    return rx.el.button(title, type="button", on_click=handler, class_name="button quiet")


def _two(strong: rx.Component, more: rx.Var[str]) -> rx.Component:
    return rx.el.span(strong, rx.el.br(), rx.el.span(more, class_name="small muted"))


def _status(row: OrderRow) -> rx.Component:
    return rx.el.span(
        tag(row.status, row.kind),
        rx.cond(row.flag != "", rx.fragment(rx.el.br(), tag(row.flag, "due"))),
    )


def _paid(row: OrderRow) -> rx.Component:
    shown = rx.cond(row.paid != "", row.paid, "—")
    return rx.el.span(shown, rx.cond(row.back != "", rx.fragment(rx.el.br(), rx.el.span(row.back, class_name="small"))))


COLUMNS = (
    Column("Заказ", lambda row: _two(rx.el.a(row.number, href=row.href), row.created)),
    Column("Сумма (руб.)", "total", numeric=True),
    Column("Состояние", _status),
    Column("Оплачен", _paid),
    Column("Лицевой счет", "accounts"),
    Column("Плательщик", "payer"),
    Column("Организация", "organization"),
)
