"""The form «Привязка лицевого счета»: its first step, and the button that opens it."""

import reflex as rx

from lk_reflex.ui.resident.accounts.confirm_form import TITLE, cancel, confirm
from lk_reflex.ui.resident.accounts.linking import CONFIRM, FIND, LINKING_ID
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.forms import form_field, required_note, submit
from lk_reflex.ui.shared.notices import card


def linking() -> rx.Component:
    """The open step, or the button that opens the first. The container never leaves the page: it takes the focus."""
    return rx.el.div(
        rx.match(
            AccountsState.step,
            (FIND, _find()),
            (CONFIRM, confirm()),
            rx.cond(AccountsState.rows.length() > 0, rx.el.div(_open(), class_name="row")),
        ),
        id=LINKING_ID,
        tab_index=-1,
        class_name="message",
    )


def open_button() -> rx.Component:
    """«+ Привязать лицевой счет» where nothing is linked yet."""
    return rx.el.button(words.LINK_ACCOUNT, type="button", on_click=AccountsState.open_linking, class_name="button")


def _open() -> rx.Component:
    return rx.el.button(
        words.LINK_ACCOUNT, type="button", on_click=AccountsState.open_linking, class_name="button quiet"
    )


def _find() -> rx.Component:
    typed, errors = AccountsState.typed, AccountsState.errors
    return card(
        rx.el.p("Шаг 1 из 2. Введите данные из квитанции.", class_name="muted"),
        rx.el.form(
            required_note(flats=True),
            form_field(
                "Лицевой счет:",
                "number",
                required=True,
                error=errors["number"],
                hint="Номер указан в квитанции",
                default_value=typed.number,
                max_length=50,
                auto_complete="off",
            ),
            form_field(
                "№ дома:",
                "house",
                required=True,
                error=errors["house"],
                hint="Например: 10, 10А или 10/1",
                short=True,
                default_value=typed.house,
                max_length=50,
                auto_complete="off",
            ),
            form_field(
                "№ квартиры:",
                "flat",
                mark="**",
                error=errors["flat"],
                hint=words.FLAT_HINT,
                short=True,
                default_value=typed.flat,
                max_length=50,
                auto_complete="off",
            ),
            rx.el.div(submit("Найти"), cancel(), class_name="row"),
            on_submit=AccountsState.find,
            reset_on_submit=False,
            no_validate=True,
            class_name="stack narrow",
            key=AccountsState.form_id,
        ),
        title=TITLE,
        card_id="linking-title",
    )
