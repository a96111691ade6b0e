"""Главная страница: «Вход в личный кабинет» и «Передать показания ИПУ»."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.public.home.guest_card import guest_card
from lk_reflex.ui.public.home.state import DemoLogin, HomeState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared.forms import error_summary, form_field, required_note, submit
from lk_reflex.ui.shared.layout import public_page
from lk_reflex.ui.shared.native import native_form, native_link
from lk_reflex.ui.shared.notices import action_link, card, message_area
from lk_reflex.ui.shared.password import password_field
from lk_reflex.ui.shared.sending import sending

TITLE = paths.TITLES[paths.HOME]
INTRODUCTION = (
    "Это сервис, который позволит вам просматривать начисления и оплаты по лицевому счету, печатать квитанции, "
    "передавать показания счетчиков и контролировать их состояние. По вопросам использования «Личного кабинета» вы "
    "можете обращаться в вашу управляющую (ресурсоснабжающую) компанию."
)
RESEND = "Отправить письмо ещё раз"


def home_page() -> rx.Component:
    """The front door."""
    return public_page(
        TITLE,
        rx.el.p(INTRODUCTION, class_name="lead muted"),
        message_area(HomeState.done, HomeState.done_kind),
        error_summary(HomeState.faults),
        rx.cond(HomeState.waits, _resend()),
        rx.el.div(_sign_in(), guest_card(), class_name="pair"),
        rx.el.p(rx.el.a(paths.TITLES[paths.HELP], href=paths.HELP)),
        required_note(flats=True),
        _demo(),
        large_title=True,
        help_name=SessionState.help_name,
        help_phone=SessionState.help_phone,
    )


def _sign_in() -> rx.Component:
    under_way = sending("sign_in")
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
            password_field(
                "Пароль:",
                "password",
                error=HomeState.password_error,
                auto_complete="current-password",
                beside=rx.el.a(paths.TITLES[paths.FORGOT], href=paths.FORGOT),
            ),
            rx.el.input(type="hidden", name="next", value=HomeState.target),
            rx.el.div(
                submit("Вход", busy=under_way.now),
                _esia(),
                action_link("Регистрация", paths.REGISTER, quiet=True),
                class_name="row",
            ),
            action=paths.SIGN_IN,
            on_submit=under_way.pressed,
            no_validate=True,
            class_name="stack",
        ),
        title="Вход в личный кабинет",
        card_id="sign-in",
    )


def _resend() -> rx.Component:
    """Offered to who has said the right password and hasn't opened the letter."""
    return rx.el.div(
        rx.el.button(RESEND, type="button", class_name="button quiet", on_click=HomeState.resend), class_name="row"
    )


def _esia() -> rx.Component:
    return rx.cond(
        HomeState.esia_href != "",
        native_link(paths.TITLES[paths.ESIA], href=HomeState.esia_href, class_name="button quiet"),
    )


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
