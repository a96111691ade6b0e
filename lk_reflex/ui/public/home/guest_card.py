"""«Передать показания ИПУ»: the way to the readings form for whoever has no login, and the footnotes below."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.public.home.state import HomeState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.captcha import captcha_field
from lk_reflex.ui.shared.forms import form_field, submit
from lk_reflex.ui.shared.native import native_form
from lk_reflex.ui.shared.notices import card

NUMBER_HINT = "Указан в квитанции, обычно вверху"
_LONGEST = 60


def guest_card() -> rx.Component:
    """The three fields, and the picture's code for whoever has missed several times."""
    return card(
        native_form(
            _field("Лицевой счет:", "number", "*", HomeState.number, HomeState.number_error, NUMBER_HINT, "numeric"),
            rx.el.div(
                _field("№ дома:", "house", "*", HomeState.house, HomeState.house_error, "", "text"),
                _field("№ квартиры:", "flat", "**", HomeState.flat, "", words.FLAT_HINT, "text"),
                class_name="inputs",
            ),
            rx.cond(
                HomeState.captcha_token != "",
                captcha_field(HomeState.captcha_token, another=HomeState.another_code, error=HomeState.captcha_error),
            ),
            rx.el.div(submit("Вход"), class_name="row"),
            action=paths.GUEST_ENTER,
            no_validate=True,
            class_name="stack",
        ),
        title=paths.TITLES[paths.GUEST],
        card_id="guest",
    )


def _field(
    label: str, name: str, mark: str, value: rx.Var[str], error: rx.Var[str] | str, hint: str, keyboard: str
) -> rx.Component:
    """One of the three; another value from the server is another input, so that it shows what was typed before."""
    return form_field(
        label,
        name,
        required=mark == "*",
        mark=mark,
        error=error,
        hint=hint,
        input_mode=keyboard,
        auto_complete="off",
        spell_check=False,
        max_length=_LONGEST,
        default_value=value,
        key=value,
    )
