"""The code of a picture: seen, heard, changed for another, and typed."""

from typing import Any

import reflex as rx

from lk_reflex.ui.shared.forms import described, form_field
from lk_reflex.ui.shared.frame import Text, joined, present

LABEL = "Введите код"
HINT = "5 цифр с картинки или из записи"
ALT = "Картинка с кодом из 5 цифр. Если её не видно, прослушайте код"
LISTEN = "Прослушать код"
ANOTHER = "Изменить код"
COMING = "Загружаем код…"
FILES = "/api/captcha/"


def captcha_field(
    token: rx.Var[str],
    *,
    another: Any,
    error: Text = "",
    name: str = "captcha",
    token_name: str = "captcha_token",  # noqa: S107
) -> rx.Component:
    """The whole group. The form gets two fields: what was typed, and of which picture (`token_name`).

    `captcha_field(State.captcha_token, another=State.another_code, error=State.captcha_error)`; the handler `another`
    publishes a token of `new_captcha`. A new picture empties this field, and no other.
    """
    typed = rx.el.input(
        **described(name, name, error, HINT, required=True),
        type="text",
        input_mode="numeric",
        auto_complete="off",
        key=token,
    )
    return rx.el.div(
        rx.el.div(
            rx.cond(present(token), _seen_and_heard(token), rx.el.p(COMING, class_name="muted")),
            rx.el.button(ANOTHER, type="button", on_click=another, class_name="link-button"),
            class_name="code",
        ),
        form_field(LABEL, name, error=error, hint=HINT, required=True, short=True, control=typed),
        rx.el.input(type="hidden", name=token_name, value=token, read_only=True),
        class_name="fields",
    )


def _seen_and_heard(token: rx.Var[str]) -> rx.Component:
    return rx.fragment(
        rx.el.img(src=joined(FILES, token, ".png"), alt=ALT, width="240", height="80"),
        rx.el.div(
            rx.el.span(LISTEN, class_name="small", custom_attrs={"aria-hidden": "true"}),
            rx.el.audio(
                src=joined(FILES, token, ".wav"),
                controls=True,
                preload="none",
                custom_attrs={"aria-label": LISTEN},
            ),
            class_name="listen",
        ),
        key=token,
    )
