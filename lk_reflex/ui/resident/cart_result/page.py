"""Результат оплаты: paid, not paid and why, still being checked, or waiting at the bank; and the way on."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.cart_result.state import CartResultState
from lk_reflex.ui.resident.cart_result.words import Fact, ReceiptPart
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, big_sum, card, empty_state, notice, outcome_area, skeleton
from lk_reflex.ui.shared.tables import Column, data_table

OUTCOME_ID = "outcome"
GONE = "Платёж не найден"
GONE_HOW = "Среди ваших платежей такого нет: ссылка устарела, или платил кто-то другой."
LINES = (Column("Услуга", "service"), Column("Сумма (руб.)", "amount", numeric=True))


def cart_result_page() -> rx.Component:
    """One payment, or that there is none."""
    shown = CartResultState.result
    return section_page(
        CartResultState.heading,
        rx.cond(
            shown.kind != "",
            rx.el.div(_outcome(), _remainder(), _rest(), _payment(), class_name="stack"),
            rx.cond(CartResultState.loaded, _gone(), skeleton()),
        ),
        current=paths.CART,
        needs_account=False,
    )


def _gone() -> rx.Component:
    ways = rx.el.div(action_link("История оплат", paths.PAYMENTS), class_name="row")
    return empty_state(GONE, rx.el.p(GONE_HOW), ways)


def _outcome() -> rx.Component:
    """What happened and what to do. It turns by itself, so its container stays and is read aloud."""
    shown = CartResultState.result
    return card(
        big_sum(shown.amount),
        outcome_area(
            OUTCOME_ID,
            notice(
                shown.kind,
                shown.lead,
                rx.foreach(shown.notes, lambda note: rx.el.p(note)),
                rx.cond(CartResultState.checked != "", rx.el.p(CartResultState.checked)),
            ),
        ),
        _ways(),
    )


def _ways() -> rx.Component:
    shown = CartResultState.result
    return rx.el.div(
        rx.cond(
            shown.pdf != "",
            rx.fragment(
                native_link(
                    "Скачать подтверждение", href=shown.pdf, target="_blank", rel="noopener", class_name="button"
                ),
                action_link("История оплат", paths.PAYMENTS, quiet=True),
            ),
        ),
        rx.cond(shown.bank != "", native_link("Перейти на страницу банка", href=shown.bank, class_name="button")),
        rx.cond(
            shown.open,
            rx.el.button("Проверить ещё раз", type="button", on_click=CartResultState.check, class_name="button quiet"),
        ),
        rx.cond(
            shown.cancels,
            rx.el.button("Отменить платёж", type="button", on_click=CartResultState.cancel, class_name="button quiet"),
        ),
        rx.cond(
            shown.again,
            rx.fragment(
                action_link("Вернуться к оплате", paths.CART_CHECK),
                action_link("В корзину", paths.CART, quiet=True),
            ),
        ),
        class_name="row",
    )


def _remainder() -> rx.Component:
    left = CartResultState.result.remainder
    return rx.cond(
        left != "",
        notice(
            "info",
            left,
            rx.el.p("Положите остаток в корзину в разделе ", rx.el.a("«Общая информация»", href=paths.OVERVIEW), "."),
        ),
    )


def _rest() -> rx.Component:
    rest = CartResultState.result.rest
    return rx.cond(
        rest != "",
        notice("info", rest, rx.el.p(rx.el.a("Перейти к следующему платежу", href=paths.CART_CHECK))),
    )


def _payment() -> rx.Component:
    return card(
        _facts(CartResultState.facts),
        rx.el.div(rx.foreach(CartResultState.receipts, _receipt), class_name="stack"),
        rx.cond(CartResultState.sums.length() > 0, _facts(CartResultState.sums)),
        title="О платеже",
        card_id="payment",
    )


def _receipt(receipt: ReceiptPart) -> rx.Component:
    return rx.el.div(
        data_table(
            LINES,
            receipt.rows,
            caption=receipt.title,
            row_key="key",
            foot=(f"{words.TOTAL}:", receipt.amount),
            turn="fits",
        ),
        rx.el.p(receipt.account, class_name="small muted"),
        key=receipt.key,
    )


def _facts(facts: Any) -> rx.Component:
    return rx.el.dl(rx.foreach(facts, _fact), class_name="facts")


def _fact(fact: Fact) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label, ":"), rx.el.dd(fact.value), key=fact.label)
