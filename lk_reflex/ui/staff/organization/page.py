"""One organization: details, readings, payments, what it offers, its own texts; a form each."""

from typing import Any

import reflex as rx

from lk_reflex.domain.accounts.texts import EMERGENCY_PHONE, EMERGENCY_REGULATION, SEALING_REGULATION
from lk_reflex.domain.administration.organization_fields import DETAILS, PAYMENTS, READINGS, Field, of_section
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import described, error_summary, field_error, form_field, submit
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import action_link, card, empty_state, notice, outcome_area, skeleton
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.staff.organization.state import OUTCOME_ID, SERVICES, OrganizationState

BACK = "К списку организаций"
SWITCHES_HOW = "Выключенного раздела или услуги у жителей этой организации нет в меню; поданные заявки остаются видны."
TEXT_HOW = "Пустое поле — жители видят текст кабинета."
PROSE_HOW = "Абзацы разделяйте пустой строкой, заголовок начинайте с «## », строки списка — с «- ». " + TEXT_HOW


def staff_organization_page() -> rx.Component:
    """The forms."""
    missing = empty_state("Такой организации нет", action_link(BACK, paths.STAFF_ORGANIZATIONS, quiet=True))
    return staff_page(
        OrganizationState.heading,
        rx.el.p(rx.el.a(BACK, href=paths.STAFF_ORGANIZATIONS)),
        outcome_area(
            OUTCOME_ID,
            rx.cond(OrganizationState.outcome != "", notice(OrganizationState.outcome_kind, OrganizationState.outcome)),
        ),
        error_summary(OrganizationState.faults),
        rx.cond(OrganizationState.loaded, rx.cond(OrganizationState.missing, missing, _forms()), skeleton()),
        frame=cabinet_frame(),
        current=paths.STAFF_ORGANIZATIONS,
    )


def _forms() -> rx.Component:
    return rx.el.div(
        _section("Реквизиты", DETAILS, OrganizationState.save_details, rx.el.p("ИНН: ", OrganizationState.inn)),
        _section("Показания и срок оплаты", READINGS, OrganizationState.save_readings),
        _section("Оплата", PAYMENTS, OrganizationState.save_payments),
        _switches(),
        _texts(),
        class_name="stack",
        key=OrganizationState.form.to_string(),
    )


def _section(title: str, section: str, save: Any, *above: rx.Component) -> rx.Component:
    press = sending(section, OrganizationState.answers)
    typed = [_typed(field) for field in of_section(section) if not field.tick]
    ticks = [_tick(field) for field in of_section(section) if field.tick]
    return card(
        *above,
        rx.el.form(
            rx.el.div(*typed, class_name="pair"),
            *ticks,
            rx.el.div(submit("Сохранить", busy=press.now), class_name="row"),
            on_submit=[press.pressed, save],
            no_validate=True,
            class_name="fields",
        ),
        title=title,
        card_id=section,
    )


def _typed(field: Field) -> rx.Component:
    value, error = OrganizationState.fields[field.name], OrganizationState.errors.get(field.name, "")
    if not field.choices:
        return form_field(
            f"{field.label}:", field.name, hint=field.hint, error=error, required=field.required,
            default_value=value, auto_complete="off",
        )  # fmt: skip
    options = (rx.el.option(title, value=key) for key, title in field.choices.items())
    tied = described(field.name, field.name, error, field.hint, field.required)
    return form_field(
        f"{field.label}:", field.name, hint=field.hint, error=error, required=field.required,
        control=rx.el.select(*options, default_value=value, **tied),
    )  # fmt: skip


def _tick(field: Field) -> rx.Component:
    return _box(field.name, field.label, OrganizationState.fields[field.name] != "")


def _box(name: str, label: str, checked: Any) -> rx.Component:
    return rx.el.div(
        rx.el.div(
            rx.el.input(type="checkbox", value="yes", default_checked=checked, **described(name, name)),
            rx.el.label(label, html_for=name),
            class_name="check",
        ),
        field_error(name, ""),
        class_name="field",
    )


def _switches() -> rx.Component:
    press = sending("switches", OrganizationState.answers)
    boxes = (_box(name, title, OrganizationState.switches[name]) for name, title in SERVICES.items())
    return card(
        rx.el.p(SWITCHES_HOW, class_name="small"),
        rx.el.form(
            *boxes,
            rx.el.div(submit("Сохранить", busy=press.now), class_name="row"),
            on_submit=[press.pressed, OrganizationState.turn],
            no_validate=True,
            class_name="fields",
        ),
        title="Разделы и услуги",
        card_id="switches",
    )


def _texts() -> rx.Component:
    return card(
        _text(EMERGENCY_PHONE, "Телефон для аварий на наружных сетях", TEXT_HOW, rows=1),
        _text(SEALING_REGULATION, "Регламент обработки заявки на опломбировку", PROSE_HOW, rows=10),
        _text(EMERGENCY_REGULATION, "Регламент сообщения об аварии", PROSE_HOW, rows=6),
        title="Тексты",
        card_id="texts",
    )


def _text(name: str, label: str, hint: str, *, rows: int) -> rx.Component:
    error = OrganizationState.errors.get(name, "")
    area = rx.el.textarea(default_value=OrganizationState.texts[name], rows=rows, **described(name, name, error, hint))
    return rx.el.form(
        form_field(f"{label}:", name, hint=hint, error=error, control=area),
        rx.el.div(submit("Сохранить текст", quiet=True), class_name="row"),
        on_submit=OrganizationState.keep_text,
        no_validate=True,
        class_name="fields",
    )
