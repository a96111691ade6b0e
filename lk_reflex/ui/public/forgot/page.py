"""Забыли пароль?: an address, and the letter that goes there."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.door import door_page
from lk_reflex.ui.public.forgot.state import SENT_ID, ForgotState
from lk_reflex.ui.shared.forms import error_summary, form_field, required_note, submit
from lk_reflex.ui.shared.notices import action_link, card, notice, outcome_area
from lk_reflex.ui.shared.sending import sending

TITLE = paths.TITLES[paths.FORGOT]
INTRODUCTION = (
    "Укажите логин личного кабинета: мы отправим на этот адрес письмо со ссылкой, по которой задают новый пароль."
)
SEND = "Отправить ссылку"
EMAIL_HINT = "Адрес электронной почты, с которым вы регистрировались"
NEXT = (
    "Если с этим адресом есть учётная запись, письмо придёт за несколько минут. Ссылка в нём действует 1 час и "
    "срабатывает один раз. Если письма нет, посмотрите в папке «Спам» и проверьте, тот ли это адрес."
)
GOSUSLUGI = "Входили только через Госуслуги? Пароль для входа без них задают здесь же."
ANOTHER_ADDRESS = "Указать другой адрес"


def forgot_page() -> rx.Component:
    """The form, or where the letter went."""
    return door_page(
        TITLE,
        error_summary(ForgotState.faults),
        _sent(),
        rx.cond(ForgotState.sent_to == "", _form()),
    )


def _sent() -> rx.Component:
    return outcome_area(
        SENT_ID,
        rx.cond(
            ForgotState.sent_to != "",
            notice(
                "good",
                rx.Var.create("Запрос принят: ") + ForgotState.sent_to + ".",
                rx.el.p(NEXT),
                rx.el.div(
                    action_link("Вход", paths.HOME),
                    rx.el.button(ANOTHER_ADDRESS, type="button", class_name="button quiet", on_click=ForgotState.again),
                    class_name="row",
                ),
            ),
        ),
    )


def _form() -> rx.Component:
    under_way = sending("forgot", ForgotState.answers)
    return card(
        rx.el.p(INTRODUCTION),
        rx.el.form(
            form_field(
                "Логин (email)",
                "email",
                required=True,
                error=ForgotState.email_error,
                hint=EMAIL_HINT,
                type="email",
                auto_complete="username",
                auto_capitalize="none",
                spell_check=False,
            ),
            rx.el.div(submit(SEND, busy=under_way.now), action_link("Вход", paths.HOME, quiet=True), class_name="row"),
            on_submit=[under_way.pressed, ForgotState.ask],
            reset_on_submit=False,
            no_validate=True,
            class_name="stack narrow",
        ),
        rx.el.p(GOSUSLUGI, class_name="small muted"),
        required_note(),
    )
