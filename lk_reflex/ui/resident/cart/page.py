"""Корзина: the manual's lines by receipt, the sum, and honestly how it can be paid."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.cart.state import CartPageState, Detail, OrganizationCard, ReceiptCard
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.notices import action_link, big_sum, card, empty_state, notice, number, skeleton
from lk_reflex.ui.shared.tables import Column, data_table

TITLE = paths.TITLES[paths.CART]
NO_CARDS = "Оплата банковской картой из личного кабинета пока не подключена."
HOW = "Заплатите в банке или в его приложении по реквизитам организации; деньги из корзины сами никуда не уходят."
COMMISSION = "Информация о комиссии: её берёт банк, через который вы платите, и называет до оплаты."


def cart_page() -> rx.Component:
    """The person's cart over all accounts."""
    return section_page(
        TITLE,
        rx.cond(
            CartPageState.parts.length() > 0,
            rx.el.div(rx.foreach(CartPageState.parts, _part), _total(), class_name="stack"),
            rx.cond(CartPageState.loaded, _empty(), skeleton()),
        ),
        current=paths.CART,
    )


def _empty() -> rx.Component:
    return empty_state(
        "В корзине пусто",
        rx.el.p("Квитанции добавляют в корзину на странице «Общая информация»."),
        rx.el.div(action_link("Перейти к общей информации", paths.OVERVIEW), class_name="row"),
    )


def _part(part: OrganizationCard) -> rx.Component:
    return card(
        rx.foreach(part.receipts, _receipt),
        rx.cond(
            part.payable,
            rx.el.details(
                rx.el.summary(rx.el.span("Реквизиты для оплаты:\u00a0"), number(part.amount, "руб.")),
                rx.el.dl(rx.foreach(part.details, _detail), class_name="facts"),
            ),
        ),
        title=part.name,
    )


def _receipt(receipt: ReceiptCard) -> rx.Component:
    return rx.el.div(
        rx.cond(receipt.note != "", notice("due", receipt.note)),
        data_table(
            (Column("Услуга", "service"), Column("Сумма (руб.)", "amount", numeric=True)),
            receipt.rows,
            caption=receipt.title,
            row_key="service",
            foot=(f"{words.TOTAL}:", receipt.amount),
            turn="fits",
        ),
        rx.el.p(receipt.account, class_name="small muted"),
        rx.el.div(
            rx.el.button(
                "Убрать",
                rx.el.span(" из корзины: ", receipt.title, ". ", receipt.account, class_name="hidden"),
                type="button",
                on_click=CartPageState.take_out(receipt.key),
                class_name="button quiet",
            ),
            class_name="row",
        ),
        class_name="stack",
        key=receipt.key,
    )


def _detail(detail: Detail) -> rx.Component:
    return rx.el.div(rx.el.dt(detail.name, ":"), rx.el.dd(detail.value))


def _total() -> rx.Component:
    return card(
        big_sum(CartPageState.total),
        rx.el.p(COMMISSION),
        notice("info", NO_CARDS, rx.el.p(HOW)),
        title="Итого к оплате",
        card_id="total",
    )
