"""Передать показания без регистрации: whose form it is, a card for each meter, and the way out."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.announcements import announcements
from lk_reflex.ui.meter_form.parts import (
    after_fields,
    form_or_nothing,
    keeping,
    last_facts,
    meter_card,
    meter_form,
    taken_message,
    window_tag,
)
from lk_reflex.ui.meter_form.rows import MeterCard, ScaleRow
from lk_reflex.ui.public.guest.state import Choice, GuestState
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.forms import form_field
from lk_reflex.ui.shared.layout import public_page
from lk_reflex.ui.shared.native import native_form, native_link
from lk_reflex.ui.shared.notices import action_link, message_area

HOW = "Введите новое показание прибора учета, дату снятия показания и нажмите на кнопку «Передать показания»."
NOT_SHOWN = (
    "Прошлые показания и расход видны только в личном кабинете: этот номер и адрес могут знать и посторонние. "
    "Если показание окажется меньше последнего, мы об этом скажем."
)
THANKS = "Спасибо! Пока показание не ушло на расчёт, его можно исправить: передайте новое."
NEXT = (
    "В личном кабинете видны начисления, прежние показания и то, учтено ли новое. "
    "Если кабинета ещё нет, нажмите «Регистрация»."
)
TO_CABINET = "Войти в личный кабинет"
LEAVE = "Завершить"
TITLE = paths.TITLES[paths.GUEST]


def guest_page() -> rx.Component:
    """The form over the meters of the visited account."""
    return public_page(
        TITLE,
        message_area(SessionState.fault, "bad"),
        rx.cond(GuestState.loaded, _whose()),
        announcements(GuestState.outages),
        rx.cond(GuestState.choices.length() > 0, _choices()),
        taken_message(
            GuestState,
            rx.el.p(THANKS),
            rx.cond(GuestState.by_link, _to_the_cabinet(), _to_register()),
        ),
        form_or_nothing(GuestState, meter_form(GuestState, _meter, _how(), keeps=True)),
        rx.cond(GuestState.loaded, _leave()),
        help_name=GuestState.organization,
        help_phone=GuestState.phone,
    )


def _to_register() -> rx.Component:
    return rx.fragment(
        rx.el.p(NEXT),
        rx.el.div(action_link(paths.TITLES[paths.REGISTER], paths.REGISTER, quiet=True), class_name="row"),
    )


def _to_the_cabinet() -> rx.Component:
    """Whoever got the reminder has one; the server knows whether they have signed in here."""
    return rx.el.div(native_link(TO_CABINET, href=paths.READINGS, class_name="button quiet"), class_name="row")


def _whose() -> rx.Component:
    """Number and address, so that nobody sends readings for another flat by a slip; and until when."""
    return rx.el.div(
        rx.el.p(
            rx.el.b(words.ACCOUNT, " ", rx.el.span(GuestState.number, class_name="num")),
            rx.el.br(),
            GuestState.address,
            rx.el.br(),
            rx.el.span(GuestState.organization, class_name="muted"),
        ),
        rx.el.div(
            window_tag(GuestState),
            rx.el.p("Форма открыта до ", rx.el.span(GuestState.open_until, class_name="num"), class_name="small"),
        ),
        class_name="head",
    )


def _choices() -> rx.Component:
    """Several organizations number alike: which of them the form is for, and a way to the others."""
    return rx.el.section(
        rx.el.h2("Организация", id="organization"),
        rx.el.ul(rx.foreach(GuestState.choices, _choice), class_name="stack"),
        class_name="card",
        custom_attrs={"aria-labelledby": "organization"},
    )


def _choice(choice: Choice) -> rx.Component:
    return rx.el.li(
        rx.el.button(
            choice.organization,
            rx.el.span(", ", choice.address, class_name="muted"),
            type="button",
            on_click=GuestState.choose(choice.key),
            class_name=rx.cond(choice.chosen, "button", "button quiet"),
            custom_attrs={"aria-pressed": rx.cond(choice.chosen, "true", "false")},
        ),
        key=choice.key,
    )


def _how() -> rx.Component:
    return rx.el.details(rx.el.summary("Как заполнить"), rx.el.p(HOW), rx.cond(~GuestState.by_link, rx.el.p(NOT_SHOWN)))


def _meter(meter: MeterCard) -> rx.Component:
    return meter_card(meter, _fields)


def _fields(scale: ScaleRow) -> rx.Component:
    return rx.el.div(
        rx.cond(GuestState.by_link, last_facts(scale)),
        form_field(
            scale.reading_label,
            scale.reading_id,
            field_id=scale.reading_id,
            error=GuestState.errors[scale.row],
            hint=scale.hint,
            short=True,
            input_mode="decimal",
            auto_complete="off",
            default_value=GuestState.kept[scale.row],
            on_change=keeping(GuestState),
        ),
        after_fields(GuestState, scale),
        class_name="fields",
    )


def _leave() -> rx.Component:
    """A cookie goes with it, and so the browser itself asks for the page that follows."""
    return native_form(
        rx.el.button(LEAVE, type="submit", class_name="button quiet"),
        action=paths.GUEST_LEAVE,
        class_name="row",
    )
