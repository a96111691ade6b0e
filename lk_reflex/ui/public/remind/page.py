"""Показания по ссылке из письма: one button, which uses the link up; or the other ways to the form."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.door import door_page
from lk_reflex.ui.public.remind.state import RemindState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.native import native_form, native_link
from lk_reflex.ui.shared.notices import card, notice, skeleton

TITLE = paths.TITLES[paths.REMIND]
OPEN = "Открыть форму показаний"
ABOUT = (
    "Откроется форма показаний только этого лицевого счета, на 30 минут. Вход в личный кабинет для этого не нужен: "
    "начислений и имён в форме нет."
)
OPENED = "Форма уже открыта до "
OPENED_HOW = "Вы открыли её по этой ссылке в этом браузере."
GO_ON = "Вернуться к форме"
ONCE = "Кнопка срабатывает один раз."
STALE = "Ссылка уже использована или её срок истёк."
OTHER_WAYS = (
    "Передать показания можно и без неё: войдите в личный кабинет или назовите на главной странице номер лицевого "
    "счета, дом и квартиру."
)
SIGN_IN = "Войти в личный кабинет"
WITHOUT = "Передать без регистрации"


def remind_page() -> rx.Component:
    """Whose form it is, and the button."""
    used = rx.cond(RemindState.open_until != "", _opened(), _stale())
    return door_page(TITLE, rx.cond(RemindState.loaded, rx.cond(RemindState.works, _offer(), used), skeleton()))


def _offer() -> rx.Component:
    return card(
        rx.el.p(
            rx.el.b(words.ACCOUNT, " ", rx.el.span(RemindState.number, class_name="num")),
            rx.el.br(),
            rx.el.span(RemindState.organization, class_name="muted"),
        ),
        rx.el.p(ABOUT),
        # A document's navigation: a cookie comes with the answer.
        native_form(
            rx.el.input(type="hidden", name="link", value=RemindState.carried, read_only=True),
            rx.el.button(OPEN, type="submit", class_name="button"),
            action=paths.REMIND_OPEN,
            class_name="row",
        ),
        rx.el.p(
            ONCE, " Ссылка действует до ", rx.el.span(RemindState.until, class_name="num"), ".", class_name="muted"
        ),
    )


def _opened() -> rx.Component:
    said: Any = rx.Var.create(OPENED) + RemindState.open_until
    return notice(
        "info",
        said,
        rx.el.p(OPENED_HOW),
        # A document's navigation: the form's socket begins with the visit's cookie.
        rx.el.div(native_link(GO_ON, href=paths.GUEST, class_name="button"), class_name="row"),
    )


def _stale() -> rx.Component:
    return notice(
        "due",
        STALE,
        rx.el.p(OTHER_WAYS),
        rx.el.div(
            # The server knows whether somebody has signed in, and leads on to the form afterwards.
            native_link(SIGN_IN, href=paths.READINGS, class_name="button"),
            native_link(WITHOUT, href=paths.HOME, class_name="button quiet"),
            class_name="row",
        ),
    )
