"""Выбор лицевого счета: a card for each linked account."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.accounts.state import AccountRow, AccountsState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.native import native_form
from lk_reflex.ui.shared.notices import card, empty_state, tag

TITLE = paths.TITLES[paths.ACCOUNTS]
LINKING_LATER = (
    "Привязка лицевого счета по номеру, адресу и фамилии готовится. До этого лицевые счета видны тем, "
    "кому их привязала организация."
)


def accounts_page() -> rx.Component:
    """The linked accounts, the chosen one first."""
    return section_page(
        TITLE,
        rx.cond(
            AccountsState.rows.length() > 0,
            rx.el.ul(rx.foreach(AccountsState.rows, _account), class_name="stack"),
            empty_state(words.NO_ACCOUNTS, rx.el.p(LINKING_LATER)),
        ),
        _way_out(),
        current=paths.ACCOUNTS,
        needs_account=False,
    )


def _way_out() -> rx.Component:
    return card(
        rx.el.p("Если вы входили с чужого телефона или компьютера, завершите вход на всех устройствах сразу."),
        native_form(
            rx.el.input(type="hidden", name="everywhere", value="1"),
            rx.el.button("Выйти на всех устройствах", type="submit", class_name="button quiet"),
            action=paths.SIGN_OUT,
        ),
        title="Выход",
        card_id="way-out",
    )


def _account(row: AccountRow) -> rx.Component:
    return rx.el.li(
        rx.el.h2(rx.el.span(row.number, class_name="num")),
        rx.el.p(row.address),
        rx.el.p(row.organization, class_name="muted"),
        rx.el.p(rx.el.b(row.due)),
        rx.cond(row.closed != "", rx.el.p(tag(row.closed, "due"))),
        rx.el.div(
            rx.cond(
                row.chosen,
                tag("Выбран", "good"),
                rx.el.button(
                    "Выбрать",
                    rx.el.span(" лицевой счет ", row.number, class_name="hidden"),
                    type="button",
                    on_click=AccountsState.choose(row.key),
                    class_name="button quiet",
                ),
            ),
            class_name="row",
        ),
        key=row.key,
        class_name="card",
    )
