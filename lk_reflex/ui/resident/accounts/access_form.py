"""Доступ для близких on an account's card: whom it is given to, and the form that gives it."""

import reflex as rx

from lk_reflex.ui.resident.accounts.rows import AccountRow, GrantRow
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.shared.forms import check_field, form_field, required_note, submit

HOW = (
    "Близкий человек увидит этот лицевой счет в своём личном кабинете. Доступ можно закрыть в любой момент, передать "
    "его дальше нельзя."
)


def access(row: AccountRow) -> rx.Component:
    """What was given for this account, and the way to give more."""
    return rx.el.div(
        rx.cond(
            row.grants.length() > 0,
            rx.fragment(
                rx.el.h3("Доступ для близких"),
                rx.el.ul(rx.foreach(row.grants, _grant), class_name="accesses"),
            ),
        ),
        rx.cond(AccountsState.giving == row.key, _form(row)),
        class_name="stack",
    )


def open_button(row: AccountRow) -> rx.Component:
    """«Открыть доступ близкому»."""
    return rx.el.button(
        "Открыть доступ близкому",
        rx.el.span(" к лицевому счету ", row.number, class_name="hidden"),
        type="button",
        on_click=AccountsState.open_access(row.key),
        class_name="button quiet",
    )


def _grant(grant: GrantRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(rx.el.b(grant.who)),
        rx.el.p(grant.rights, ". ", grant.until, "."),
        rx.el.div(
            rx.el.button(
                "Закрыть доступ",
                rx.el.span(" для ", grant.who, class_name="hidden"),
                type="button",
                on_click=AccountsState.revoke(grant.key),
                class_name="button quiet",
            ),
            class_name="row",
        ),
        key=grant.key,
    )


def _form(row: AccountRow) -> rx.Component:
    errors = AccountsState.errors
    return rx.el.form(
        rx.el.h3("Доступ к лицевому счету ", row.number),
        rx.el.p(HOW, class_name="small"),
        required_note(),
        form_field(
            "Электронная почта близкого человека:",
            "email",
            required=True,
            error=errors["email"],
            hint="На этот адрес придёт письмо",
            type="email",
            auto_complete="off",
            auto_capitalize="none",
            spell_check=False,
            auto_focus=True,
        ),
        form_field(
            "Как подписать (необязательно):",
            "name",
            error=errors["name"],
            hint="Например: Мама. Видите только вы",
            auto_complete="off",
        ),
        rx.el.fieldset(
            rx.el.legend("Что разрешить, кроме просмотра:"),
            check_field("Передавать показания", "may_send"),
            check_field("Оплачивать", "may_pay"),
            class_name="field",
        ),
        form_field(
            "Последний день доступа (необязательно):",
            "ends_on",
            error=errors["ends_on"],
            hint="ДД.ММ.ГГГГ, например 31.12.2026. Пустое поле: без срока",
            short=True,
            auto_complete="off",
        ),
        rx.el.div(
            submit("Открыть доступ"),
            rx.el.button("Отмена", type="button", on_click=AccountsState.close_access, class_name="button quiet"),
            class_name="row",
        ),
        on_submit=AccountsState.give,
        reset_on_submit=False,
        no_validate=True,
        class_name="stack narrow",
    )
