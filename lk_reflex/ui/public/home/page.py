"""Главная страница: «Вход в личный кабинет» и «Передать показания ИПУ»."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.public.home.state import DemoLogin, HomeState
from lk_reflex.ui.shared.forms import error_summary, form_field, required_note, submit
from lk_reflex.ui.shared.layout import public_page
from lk_reflex.ui.shared.native import native_form
from lk_reflex.ui.shared.notices import card

TITLE = paths.TITLES[paths.HOME]
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
        rx.el.div(_sign_in(), _guest(), class_name="pair"),
        rx.el.p(rx.el.a(paths.TITLES[paths.HELP], href=paths.HELP)),
        required_note(),
        _demo(),
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
            class_name="stack",
        ),
        title="Вход в личный кабинет",
        card_id="sign-in",
    )


def _guest() -> rx.Component:
    return card(rx.el.p(GUEST_LATER), title="Передать показания ИПУ", card_id="guest")


def _demo() -> rx.Component:
    return rx.cond(
        HomeState.demo_logins.length() > 0,
        rx.el.section(
            rx.el.p(rx.el.b("Демонстрация. "), "Все данные вымышлены. Войдите одним нажатием:"),
            rx.el.ul(rx.foreach(HomeState.demo_logins, _demo_login), class_name="logins"),
            class_name="notice due",
            aria_label="Демонстрация",
        ),
    )


def _demo_login(login: DemoLogin) -> rx.Component:
    return rx.el.li(
        native_form(
            rx.el.input(type="hidden", name="login", value=login.email),
            rx.el.input(type="hidden", name="password", value=login.password),
            rx.el.button(login.email, type="submit", class_name="button quiet"),
            rx.el.span(login.who, class_name="small"),
            action=paths.SIGN_IN,
            class_name="stack",
        ),
        key=login.email,
    )
