"""Учётная запись удалена: what has happened, what comes yet, and where to go from here."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.shared.layout import public_page
from lk_reflex.ui.shared.notices import action_link, card

TITLE = paths.TITLES[paths.FAREWELL]


def farewell_page() -> rx.Component:
    """The end of a login."""
    return public_page(
        TITLE,
        card(
            rx.el.p(
                "Ваши логин, телефон, пароль, сеансы, привязки и доступы удалены, согласие на обработку персональных "
                "данных отозвано. На прежний адрес придёт письмо об этом, и больше писем не будет."
            ),
            rx.el.p(
                "Начисления, оплаты и показания лицевых счетов хранит ваша организация. Передавать показания можно и "
                "без регистрации."
            ),
            rx.el.div(action_link("На главную", paths.HOME), class_name="row"),
        ),
    )
