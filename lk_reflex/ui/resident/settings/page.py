"""Настройки: cards with one thing each, links to them, and one place where the page answers."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.settings.account_cards import data_card, deletion_card, devices_card
from lk_reflex.ui.resident.settings.contact_cards import mail_card, phone_card
from lk_reflex.ui.resident.settings.push_card import push_card
from lk_reflex.ui.resident.settings.sign_in_cards import email_card, gosuslugi_card, password_card
from lk_reflex.ui.resident.settings.state import SettingsState
from lk_reflex.ui.resident.settings.words import CARDS, GOSUSLUGI, PUSH, SAID_ID
from lk_reflex.ui.shared.forms import required_note
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import outcome_area, skeleton

TITLE = paths.TITLES[paths.SETTINGS]


def settings_page() -> rx.Component:
    """Everything about the login; needs no account."""
    return section_page(
        TITLE,
        _said(),
        _ways(),
        rx.cond(
            SettingsState.loaded,
            rx.el.div(
                required_note(),
                email_card(),
                phone_card(),
                password_card(),
                gosuslugi_card(),
                mail_card(),
                push_card(),
                devices_card(),
                data_card(),
                deletion_card(),
                class_name="stack settings",
            ),
            skeleton(),
        ),
        current=paths.SETTINGS,
        needs_account=False,
    )


def _said() -> rx.Component:
    return outcome_area(
        SAID_ID,
        rx.cond(
            SettingsState.said != "",
            rx.el.div(rx.el.p(SettingsState.said), class_name=joined("notice ", SettingsState.said_kind)),
        ),
    )


def _ways() -> rx.Component:
    return rx.el.nav(
        rx.el.ul(*(_way(name, title) for name, title in CARDS.items())),
        aria_label="На этой странице",
        class_name="ways",
    )


def _way(name: str, title: str) -> rx.Component:
    way = rx.el.li(native_link(title, href=f"#{name}"))
    shown = {GOSUSLUGI: SettingsState.esia_on, PUSH: SettingsState.push_on}
    return rx.cond(shown[name], way) if name in shown else way
