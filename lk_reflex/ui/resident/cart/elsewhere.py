"""The ways to pay the cart otherwise: a code for the bank's application, a link for others, the bank details."""

import reflex as rx

from lk_reflex.ui.pay_elsewhere.parts import receipt_elsewhere
from lk_reflex.ui.resident.cart.cards import Detail, OrganizationCard, ReceiptCard
from lk_reflex.ui.resident.cart.state import CartPageState
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.notices import card, number


def pay_elsewhere() -> rx.Component:
    """Under the cart's own «Оплатить»; nothing where nothing is to be paid."""
    return rx.cond(
        CartPageState.parts.length() > 0,
        card(
            rx.el.p("В приложении банка по коду, чужой картой по ссылке или в любом банке по реквизитам организации."),
            rx.foreach(CartPageState.parts, _part),
            title="Заплатить иначе",
            card_id="elsewhere",
        ),
    )


def _part(part: OrganizationCard) -> rx.Component:
    return rx.fragment(rx.foreach(part.receipts, _receipt), _details(part), key=part.key)


def _receipt(receipt: ReceiptCard) -> rx.Component:
    about = joined(receipt.title, ". ", receipt.account)
    return rx.cond(
        ~receipt.superseded & (receipt.amount != "0,00"),
        rx.el.div(
            rx.el.h3(receipt.title, ":\u00a0", number(receipt.amount, "руб.")),
            receipt_elsewhere(receipt.key, receipt.amount, about),
            class_name="stack",
            key=receipt.key,
        ),
    )


def _details(part: OrganizationCard) -> rx.Component:
    return rx.cond(
        part.counts,
        rx.el.details(
            rx.el.summary(rx.el.span("Реквизиты: ", part.name, ",\u00a0"), number(part.amount, "руб.")),
            rx.el.dl(rx.foreach(part.details, _detail), class_name="facts"),
        ),
    )


def _detail(detail: Detail) -> rx.Component:
    return rx.el.div(rx.el.dt(detail.name, ":"), rx.el.dd(detail.value))
