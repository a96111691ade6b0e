"""Подтверждение адреса: one press."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.door import door_page
from lk_reflex.ui.public.confirm_email.state import ASKS, DONE, OUTCOME_ID, STALE, ConfirmEmailState
from lk_reflex.ui.shared.notices import action_link, card, skeleton

TITLE = paths.TITLES[paths.CONFIRM_EMAIL]


def confirm_email_page() -> rx.Component:
    """What a press would do, or what has become of it."""
    return door_page(
        TITLE,
        # Never leaves the page, so that the focus always finds it.
        rx.el.div(
            rx.match(
                ConfirmEmailState.stage,
                (ASKS, _asks()),
                (DONE, _done()),
                (STALE, _stale()),
                skeleton(),
            ),
            id=OUTCOME_ID,
            tab_index=-1,
            role="status",
        ),
    )


def _asks() -> rx.Component:
    return card(
        rx.el.p("Новый логин личного кабинета: ", rx.el.b(ConfirmEmailState.email)),
        rx.el.p("После подтверждения входить с прежним адресом будет нельзя. Пароль остаётся прежним."),
        rx.el.div(
            rx.el.button("Подтвердить адрес", type="button", class_name="button", on_click=ConfirmEmailState.confirm),
            class_name="row",
        ),
    )


def _done() -> rx.Component:
    return card(
        rx.el.p(rx.el.b("Адрес подтверждён.")),
        rx.el.p("Теперь ваш логин: ", rx.el.b(ConfirmEmailState.email)),
        _onward(),
    )


def _stale() -> rx.Component:
    return card(
        rx.el.p(rx.el.b("Ссылка устарела или уже сработала.")),
        rx.el.p(
            "Если логин ещё не изменился, запросите новую ссылку: откройте «Настройки» и укажите адрес ещё раз. "
            "Ссылка действует 72 часа и срабатывает один раз."
        ),
        _onward(),
    )


def _onward() -> rx.Component:
    return rx.el.div(
        rx.cond(
            ConfirmEmailState.signed_in,
            action_link("К настройкам", paths.SETTINGS),
            action_link("Войти в личный кабинет", paths.HOME),
        ),
        class_name="row",
    )
