"""Выбор лицевого счета: the linked accounts, linking another one, access for relatives."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.accounts.cards import cards
from lk_reflex.ui.resident.accounts.linking_form import linking, open_button
from lk_reflex.ui.resident.accounts.listing import SAID_ID
from lk_reflex.ui.resident.accounts.state import AccountsState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.forms import error_summary
from lk_reflex.ui.shared.notices import action_link, empty_state, notice, outcome_area

TITLE = paths.TITLES[paths.ACCOUNTS]
HOW = (
    "Для пользования сервисами «Личного кабинета» привяжите необходимые лицевые счета управляющей (или "
    "ресурсоснабжающей) организации к своему «Личному кабинету»."
)


def accounts_page() -> rx.Component:
    """The form while it is open, then the cards."""
    return section_page(
        TITLE,
        error_summary(AccountsState.faults, title=AccountsState.faults_title),
        _said(),
        rx.cond((AccountsState.rows.length() == 0) & (AccountsState.step == ""), _nothing()),
        linking(),
        rx.cond(AccountsState.rows.length() > 0, cards()),
        current=paths.ACCOUNTS,
        needs_account=False,
    )


def _nothing() -> rx.Component:
    return empty_state(words.NO_ACCOUNTS, rx.el.p(HOW), rx.el.div(open_button(), class_name="row"))


def _said() -> rx.Component:
    """What was done."""
    said = AccountsState.said
    return outcome_area(
        SAID_ID,
        rx.cond(
            said.title != "",
            notice(
                said.kind,
                said.title,
                rx.cond(said.text != "", rx.el.p(said.text)),
                rx.cond(
                    said.overview,
                    rx.el.div(action_link("Перейти к общей информации", paths.OVERVIEW), class_name="row"),
                ),
            ),
        ),
    )
