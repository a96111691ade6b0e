"""Активация аккаунта."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.door import door_page
from lk_reflex.ui.public.activate.state import OUTCOME_ID, ActivateState
from lk_reflex.ui.shared.forms import error_summary, form_field, submit
from lk_reflex.ui.shared.notices import action_link, card, notice, outcome_area, skeleton

TITLE = paths.TITLES[paths.ACTIVATE]
ACTIVATE = "Активировать аккаунт"
NOT_YOU = (
    "Если форму заполняли не вы, телефон или профиль Госуслуг не ваш, закройте эту страницу: без нажатия аккаунт не "
    "появится."
)
NEW_LINK = "Получить новую ссылку"
NEW_LINK_HOW = "Укажите адрес электронной почты, с которым вы регистрировались: мы отправим письмо с новой ссылкой."
IF_FILLED_BEFORE = rx.Var.create("Если с адресом ")
IF_FILLED_AFTER = " заполняли форму регистрации, мы отправили на него письмо с новой ссылкой."
NOT_COME = "Письмо обычно приходит за несколько минут. Если его нет, посмотрите в папке «Спам»."


def activate_page() -> rx.Component:
    """One press; or, where the link is dead, a way to a new one."""
    return door_page(
        TITLE,
        error_summary(ActivateState.faults),
        _outcome(),
        rx.cond(
            ActivateState.loaded,
            rx.cond(ActivateState.login != "", _press(), rx.cond(ActivateState.active, _ways_in(), _new_link())),
            skeleton(),
        ),
    )


def _outcome() -> rx.Component:
    return outcome_area(
        OUTCOME_ID,
        rx.cond(
            ActivateState.sent_to != "",
            notice("good", IF_FILLED_BEFORE + ActivateState.sent_to + IF_FILLED_AFTER, rx.el.p(NOT_COME)),
            rx.cond(
                (ActivateState.reason != "") & (ActivateState.faults.length() == 0),
                notice("due", ActivateState.reason),
            ),
        ),
    )


def _press() -> rx.Component:
    return card(
        rx.el.dl(
            _fact("Логин (email):", ActivateState.login),
            rx.cond(ActivateState.phone != "", _fact("Сотовый телефон:", ActivateState.phone)),
            rx.cond(ActivateState.profile != "", _fact("Вход через Госуслуги:", ActivateState.profile)),
            _fact("Форма заполнена:", ActivateState.filled),
            class_name="facts",
        ),
        rx.el.p("Чтобы завершить регистрацию, нажмите кнопку."),
        rx.el.div(
            rx.el.button(ACTIVATE, type="button", class_name="button", on_click=ActivateState.activate),
            class_name="row",
        ),
        rx.el.p(NOT_YOU, class_name="small muted"),
    )


def _fact(label: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.div(rx.el.dt(label), rx.el.dd(rx.el.b(value)))


def _ways_in() -> rx.Component:
    return rx.el.div(
        action_link("Вход", paths.HOME),
        action_link(paths.TITLES[paths.FORGOT], paths.FORGOT, quiet=True),
        class_name="row",
    )


def _new_link() -> rx.Component:
    return rx.fragment(
        card(
            rx.el.p("Если аккаунт уже активирован, войдите в личный кабинет."),
            rx.el.div(
                action_link("Вход", paths.HOME),
                action_link("Регистрация", paths.REGISTER, quiet=True),
                class_name="row",
            ),
        ),
        card(
            rx.el.p(NEW_LINK_HOW),
            rx.el.form(
                form_field(
                    "Логин (email)",
                    "email",
                    required=True,
                    error=ActivateState.email_error,
                    type="email",
                    auto_complete="username",
                    auto_capitalize="none",
                    spell_check=False,
                ),
                rx.el.div(submit(NEW_LINK, quiet=True), class_name="row"),
                on_submit=ActivateState.send_new,
                reset_on_submit=False,
                no_validate=True,
                class_name="stack narrow",
            ),
            title=NEW_LINK,
            card_id="new-link",
        ),
    )
