"""Главная страница: «Вход в личный кабинет» и «Передать показания ИПУ»."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.public.home.state import DemoLogin, HomeState
from lk_reflex.ui.shared.forms import error_summary, form_field, required_note, submit
from lk_reflex.ui.shared.layout import public_page
from lk_reflex.ui.shared.native import native_form
from lk_reflex.ui.shared.notices import card

TITLE = "Личный кабинет абонента"
INTRODUCTION = (
    "Это сервис, который позволит вам просматривать начисления и оплаты по лицевому счету, печатать квитанции, "
    "передавать показания счетчиков и контролировать их состояние. По вопросам использования «Личного кабинета» вы "
    "можете обращаться в вашу управляющую (ресурсоснабжающую) компанию."
)
GUEST_LATER = "Передача показаний без регистрации готовится. Пока войдите в личный кабинет и передайте показания там."


def home_page() -> rx.Component:
    """The front door."""
    return public_page(
        TITLE,
        rx.el.p(INTRODUCTION, class_name="lead muted"),
        error_summary(HomeState.faults),
        rx.el.div(_sign_in(), rx.el.div(_demo(), _guest(), class_name="stack"), class_name="pair"),
        required_note(),
        large_title=True,
    )


def _sign_in() -> rx.Component:
    return card(
        native_form(
            form_field(
                "Логин (email):",
                "login",
                required=True,
                error=HomeState.login_error,
                type="email",
                auto_complete="username",
                default_value=HomeState.login,
                key=HomeState.login,
                spell_check=False,
            ),
            form_field(
                "Пароль:",
                "password",
                required=True,
                error=HomeState.password_error,
                type="password",
                auto_complete="current-password",
            ),
            rx.el.input(type="hidden", name="next", value=HomeState.target),
            rx.el.div(submit("Вход"), class_name="row"),
            action=paths.SIGN_IN,
            no_validate=True,
            class_name="form",
        ),
        title="Вход в личный кабинет",
        card_id="sign-in",
    )


def _guest() -> rx.Component:
    return card(rx.el.p(GUEST_LATER), title="Передать показания ИПУ", card_id="guest")


def _demo() -> rx.Component:
    return rx.cond(
        HomeState.demo_logins.length() > 0,
        card(
            rx.el.p("Все данные вымышлены. Войдите одним нажатием:", class_name="muted"),
            rx.el.ul(rx.foreach(HomeState.demo_logins, _demo_login), class_name="stack"),
            title="Демонстрация",
            card_id="demo",
        ),
    )


def _demo_login(login: DemoLogin) -> rx.Component:
    return rx.el.li(
        native_form(
            rx.el.input(type="hidden", name="login", value=login.email),
            rx.el.input(type="hidden", name="password", value=login.password),
            rx.el.button(login.who, type="submit", class_name="button quiet"),
            rx.el.span(login.email, class_name="small muted"),
            action=paths.SIGN_IN,
        ),
        key=login.email,
    )
