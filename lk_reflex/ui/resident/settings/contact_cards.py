"""The cards of how the cabinet reaches a person: phone, letters."""

from typing import Any

import reflex as rx

from lk_reflex.settings import get_settings
from lk_reflex.ui.resident.settings.mail import TopicRow
from lk_reflex.ui.resident.settings.parts import button, faults_of, field, form_of, row, settings_card
from lk_reflex.ui.resident.settings.state import SettingsState
from lk_reflex.ui.resident.settings.words import CODE, MAIL, PHONE
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import notice, tag

WITHOUT_SMS = "Отправка СМС в этой организации не подключена: номер сохранится сразу, с пометкой «не подтверждён»."
WITH_SMS = "Мы отправим СМС с кодом на новый номер. Пока код не введён, действует прежний"
ALWAYS = "Письма о безопасности (смена пароля, логина, телефона) приходят всегда."


def phone_card() -> rx.Component:
    """«Сотовый телефон»."""
    return settings_card(
        PHONE,
        rx.cond(
            SettingsState.phone != "",
            rx.el.p(
                rx.el.b(SettingsState.phone, class_name="num"), " ",
                rx.cond(SettingsState.phone_confirmed, tag("подтверждён", "good"), tag("не подтверждён", "due")),
            ),
            rx.el.p("Номер не указан.", class_name="muted"),
        ),
        rx.cond(SettingsState.phone_waiting != "", _code(), _number()),
    )  # fmt: skip


def _number() -> rx.Component:
    return rx.fragment(
        faults_of(PHONE),
        form_of(
            field(
                PHONE, "Сотовый телефон", "phone", type="tel", auto_complete="tel", default_value=SettingsState.phone,
                hint=rx.cond(SettingsState.sms_on, WITH_SMS, WITHOUT_SMS),
            ),
            row(button("Изменить", "телефон", type="submit")),
            on_submit=SettingsState.change_phone,
            number=SettingsState.phone_form,
            name=PHONE,
        ),
    )  # fmt: skip


def _code() -> rx.Component:
    return rx.fragment(
        notice(
            "info",
            "Код отправлен.",
            rx.el.p("Номер: ", rx.el.span(SettingsState.phone_waiting, class_name="num"), ". Код действует 10 минут."),
            _stand_in(),
        ),
        faults_of(CODE),
        form_of(
            field(
                CODE, "Код из СМС", "code", input_mode="numeric", auto_complete="one-time-code", short=True,
            ),
            row(
                button("Подтвердить", "телефон", type="submit", class_name="button"),
                button("Отправить код ещё раз", on_click=SettingsState.resend_code),
                button("Не менять номер", on_click=SettingsState.give_up_phone),
            ),
            on_submit=SettingsState.confirm_phone,
            number=SettingsState.code_form,
            name=CODE,
        ),
    )  # fmt: skip


def _stand_in() -> rx.Component:
    """In a demonstration the message lies on a page."""
    if not get_settings().preview:
        return rx.fragment()
    return rx.el.p(native_link("Открыть телефон демонстрации", href="/demo/sms"))


def mail_card() -> rx.Component:
    """«Уведомления по почте»: kept with the press itself."""
    return settings_card(
        MAIL,
        rx.el.p("Отметьте, о чём писать на ", rx.el.b(SettingsState.email), ". Выбор сохраняется сразу."),
        rx.el.ul(rx.foreach(SettingsState.topics, _letters), class_name="fields"),
        rx.el.p(SettingsState.topics_said, role="status", class_name="small"),
        rx.el.p(ALWAYS, class_name="small muted"),
    )


def _letters(topic: TopicRow) -> rx.Component:
    return topic_item(topic, "topic", SettingsState.choose_topic)


def topic_item(topic: TopicRow, name: str, choose: Any) -> rx.Component:
    """A tick of a list; `choose` is the handler that takes the topic's key and how it stood."""
    own_id = rx.Var.create(f"{name}-") + topic.key
    return rx.el.li(
        rx.el.div(
            rx.el.input(
                type="checkbox",
                id=own_id,
                checked=topic.wanted,
                on_change=choose(topic.key, topic.wanted),
                custom_attrs={"aria-describedby": own_id + "-hint"},
            ),
            rx.el.label(topic.title, html_for=own_id),
            class_name="check",
        ),
        rx.el.p(topic.hint, id=own_id + "-hint", class_name="hint"),
        key=topic.key,
    )
