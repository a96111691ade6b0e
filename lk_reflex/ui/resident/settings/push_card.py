"""The card of what goes to the phone."""

import reflex as rx

from lk_reflex.ui.resident.settings.contact_cards import topic_item
from lk_reflex.ui.resident.settings.mail import TopicRow
from lk_reflex.ui.resident.settings.parts import button, row, settings_card
from lk_reflex.ui.resident.settings.push import PhoneRow
from lk_reflex.ui.resident.settings.state import SettingsState
from lk_reflex.ui.resident.settings.words import PUSH

ABOUT = (
    "Уведомления приходят на телефоны, где установлено мобильное приложение и вы в него вошли. На экране видно, о чём "
    "новость, но не видно имени, адреса и сумм."
)
NO_PHONES = "Телефонов пока нет. Телефон появится здесь сам, когда вы войдёте в мобильное приложение."


def push_card() -> rx.Component:
    """«Уведомления на телефон»: kept with the press itself."""
    return rx.cond(
        SettingsState.push_on,
        settings_card(
            PUSH,
            rx.el.p(ABOUT),
            rx.cond(
                SettingsState.phones.length() > 0,
                rx.el.div(
                    rx.el.ul(rx.foreach(SettingsState.phones, _phone), class_name="devices"),
                    rx.el.p("Отметьте, о чём присылать. Выбор сохраняется сразу."),
                    rx.el.ul(rx.foreach(SettingsState.push_topics, _topic), class_name="fields"),
                    rx.el.p(SettingsState.push_said, role="status", class_name="small"),
                    class_name="stack",
                ),
                rx.el.p(NO_PHONES, class_name="muted"),
            ),
        ),
    )


def _topic(topic: TopicRow) -> rx.Component:
    return topic_item(topic, "push", SettingsState.choose_push)


def _phone(phone: PhoneRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(rx.el.b(phone.name)),
        rx.el.dl(
            rx.el.div(rx.el.dt("Система:"), rx.el.dd(phone.platform)),
            rx.el.div(rx.el.dt("Привязан:"), rx.el.dd(phone.since)),
            class_name="facts",
        ),
        row(button("Отвязать", phone.name, on_click=SettingsState.unbind_phone(phone.key))),
        key=phone.key,
    )
