"""Новый пароль: one field behind the link of the letter, or the way to a new link."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.door import door_page
from lk_reflex.ui.public.reset.state import OUTCOME_ID, ResetState
from lk_reflex.ui.shared.forms import error_summary, required_note, submit
from lk_reflex.ui.shared.notices import action_link, card, notice, outcome_area, skeleton
from lk_reflex.ui.shared.password import password_field
from lk_reflex.ui.shared.sending import sending

TITLE = paths.TITLES[paths.RESET]
INTRODUCTION = "Придумайте новый пароль. После сохранения вход на всех устройствах завершится: войдите заново с ним."
HINT = "Не короче 8 знаков: буквы, цифры, пробелы, что угодно. Удобно взять фразу из нескольких слов"
SAVE = "Сохранить новый пароль"
SAVED = "Новый пароль сохранён."
SAVED_NEXT = (
    "Войдите с ним в личный кабинет. Вход на других устройствах завершён, письмо об этом отправлено вам на почту."
)
UNBOUND = "Госуслуги отвязаны вместе со старым паролем. Если вы ими пользуетесь, привяжите их снова в «Настройках»."
NEW_LINK = "Получить новую ссылку"
NEW_LINK_HOW = "Если новый пароль всё ещё нужен, запросите новое письмо: действует ссылка из последнего."


def reset_page() -> rx.Component:
    """The field; or, where the link is worth nothing, a way to a new one."""
    return door_page(
        TITLE,
        error_summary(ResetState.faults),
        _outcome(),
        rx.cond(ResetState.loaded, rx.cond(ResetState.works, _form()), skeleton()),
    )


def _outcome() -> rx.Component:
    return outcome_area(
        OUTCOME_ID,
        rx.cond(
            ResetState.done,
            notice(
                "good",
                SAVED,
                rx.el.p(SAVED_NEXT),
                rx.cond(ResetState.unbound, rx.el.p(UNBOUND)),
                rx.el.div(action_link("Вход", paths.HOME), class_name="row"),
            ),
            rx.cond(
                ResetState.reason != "",
                notice(
                    "due",
                    ResetState.reason,
                    rx.el.p(NEW_LINK_HOW),
                    rx.el.div(
                        action_link(NEW_LINK, paths.FORGOT),
                        action_link("Вход", paths.HOME, quiet=True),
                        class_name="row",
                    ),
                ),
            ),
        ),
    )


def _form() -> rx.Component:
    under_way = sending("reset", ResetState.answers)
    return card(
        rx.el.p(INTRODUCTION),
        rx.el.form(
            password_field("Новый пароль", "password", error=ResetState.password_error, hint=HINT),
            rx.el.div(submit(SAVE, busy=under_way.now), class_name="row"),
            on_submit=[under_way.pressed, ResetState.save],
            reset_on_submit=False,
            no_validate=True,
            class_name="stack narrow",
        ),
        required_note(),
    )
