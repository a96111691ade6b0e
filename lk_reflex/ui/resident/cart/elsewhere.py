"""The ways to pay the cart without a card: the organizations' bank details, to be typed anywhere."""

import reflex as rx

from lk_reflex.ui.resident.cart.cards import Detail, OrganizationCard
from lk_reflex.ui.resident.cart.state import CartPageState
from lk_reflex.ui.shared.notices import card, number


def pay_elsewhere() -> rx.Component:
    """Under the cart's own «Оплатить»; nothing where nothing is to be paid."""
    return rx.cond(
        CartPageState.parts.length() > 0,
        card(
            rx.el.p("В банке или в его приложении можно заплатить по реквизитам организации."),
            rx.foreach(CartPageState.parts, _details),
            title="Заплатить иначе",
            card_id="elsewhere",
        ),
    )


def _details(part: OrganizationCard) -> rx.Component:
    return rx.cond(
        part.counts,
        rx.el.details(
            rx.el.summary(rx.el.span("Реквизиты: ", part.name, ",\u00a0"), number(part.amount, "руб.")),
            rx.el.dl(rx.foreach(part.details, _detail), class_name="facts"),
            key=part.key,
        ),
    )


def _detail(detail: Detail) -> rx.Component:
    return rx.el.div(rx.el.dt(detail.name, ":"), rx.el.dd(detail.value))
