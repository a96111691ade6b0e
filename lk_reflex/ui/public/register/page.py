"""Регистрация."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.door import door_page
from lk_reflex.ui.public.register.state import SENT_ID, RegisterState
from lk_reflex.ui.shared.captcha import captcha_field
from lk_reflex.ui.shared.forms import check_field, error_summary, form_field, required_note, submit
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, card, notice, outcome_area
from lk_reflex.ui.shared.password import password_field

TITLE = paths.TITLES[paths.REGISTER]
INTRODUCTION = (
    "Для регистрации учетной записи в «Личном кабинете» введите в поля формы адрес действующей электронной почты в "
    "качестве логина, пароль, номер сотового телефона и код с картинки. Также Вам необходимо принять условия "
    "пользовательского соглашения."
)
EMAIL_HINT = "На этот адрес придёт ссылка. Перейдите по ней для завершения создания учетной записи"
PASSWORD_HINT = "Не короче 8 знаков: буквы, цифры, пробелы, что угодно. Удобно взять фразу из нескольких слов"  # noqa: S105
PHONE_HINT = "Номер российского оператора, например 8\u00a0912\u00a0345-67-89. По нему с вами свяжется организация"
SEND = "Отправить письмо для активации аккаунта"
NEW_TAB = " (откроется в новой вкладке)"
NEXT = (
    "Откройте письмо и перейдите по ссылке: она действует 72 часа. Письмо обычно приходит за несколько минут. "
    "Если его нет, посмотрите в папке «Спам»."
)
AGAIN = "Отправить письмо ещё раз"
ANOTHER_ADDRESS = "Указать другой адрес"


def register_page() -> rx.Component:
    """The form, or, once it was taken, where the letter went."""
    return door_page(
        TITLE,
        error_summary(RegisterState.faults),
        _sent(),
        rx.cond(RegisterState.sent_to == "", _form(), _after()),
    )


def _sent() -> rx.Component:
    return outcome_area(
        SENT_ID,
        rx.cond(
            RegisterState.sent_to != "",
            notice(
                "good",
                rx.Var.create("Мы отправили письмо на ") + RegisterState.sent_to + ".",
                rx.el.p(NEXT),
                rx.cond(RegisterState.said != "", rx.el.p(rx.el.b(RegisterState.said))),
            ),
        ),
    )


def _after() -> rx.Component:
    """What to do where no letter comes."""
    return rx.el.div(
        rx.el.button(AGAIN, type="button", class_name="button quiet", on_click=RegisterState.send_again),
        rx.el.button(ANOTHER_ADDRESS, type="button", class_name="button quiet", on_click=RegisterState.another_address),
        action_link("Вход", paths.HOME, quiet=True),
        class_name="row",
    )


def _form() -> rx.Component:
    return rx.fragment(
        rx.el.p(INTRODUCTION, class_name="muted"),
        card(
            required_note(),
            rx.el.form(
                *_fields(),
                captcha_field(
                    RegisterState.captcha_token,
                    another=RegisterState.another_code,
                    error=RegisterState.errors["captcha"],
                ),
                check_field(_terms(), "terms", error=RegisterState.errors["terms"], required=True),
                check_field(_consent(), "consent", error=RegisterState.errors["consent"], required=True),
                rx.el.div(submit(SEND), class_name="row"),
                on_submit=RegisterState.submit,
                reset_on_submit=False,
                no_validate=True,
                class_name="stack narrow",
            ),
        ),
        rx.el.p("Уже зарегистрированы? ", rx.el.a("Войдите", href=paths.HOME), "."),
    )


def _fields() -> list[rx.Component]:
    errors = RegisterState.errors
    return [
        form_field(
            "Логин (email)",
            "email",
            required=True,
            error=errors["email"],
            hint=EMAIL_HINT,
            type="email",
            auto_complete="username",
            auto_capitalize="none",
            spell_check=False,
        ),
        password_field("Пароль", "password", error=errors["password"], hint=PASSWORD_HINT),
        password_field("Пароль еще раз", "again", error=errors["again"]),
        form_field(
            "Сотовый телефон",
            "phone",
            required=True,
            error=errors["phone"],
            hint=PHONE_HINT,
            type="tel",
            auto_complete="tel",
        ),
    ]


def _terms() -> rx.Component:
    return rx.fragment("Принимаю условия ", _document("пользовательского соглашения", paths.TERMS), " *")


def _consent() -> rx.Component:
    return rx.fragment("Даю ", _document("согласие на обработку персональных данных", paths.CONSENT), " *")


def _document(words: str, href: str) -> rx.Component:
    return native_link(words, rx.el.span(NEW_TAB, class_name="hidden"), href=href, target="_blank", rel="noopener")
