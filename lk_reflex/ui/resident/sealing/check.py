"""The page that is checked before sending: everything read only, two consents, and one button."""

import reflex as rx

from lk_reflex.ui.resident.sealing import words
from lk_reflex.ui.resident.sealing.checking import ACCESS, POLICY, SEND_FAULT_ID, consent_text
from lk_reflex.ui.resident.sealing.checks import CheckRow, CheckSection
from lk_reflex.ui.resident.sealing.state import SealingState
from lk_reflex.ui.shared.forms import check_field, error_summary, required_note, submit
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.notices import card, notice, outcome_area
from lk_reflex.ui.shared.prose import prose
from lk_reflex.ui.shared.sending import sending


def check_page() -> rx.Component:
    """What will be sent, section by section, with the ways back to it."""
    return rx.el.div(
        error_summary(SealingState.faults),
        outcome_area(SEND_FAULT_ID, rx.cond(SealingState.send_fault != "", notice("bad", SealingState.send_fault))),
        rx.el.p(words.CHECK_HOW),
        rx.cond(SealingState.account != "", rx.el.p("Лицевой счет заявки: ", rx.el.b(SealingState.account))),
        rx.foreach(SealingState.sections, _section),
        _sending(),
        class_name="stack sealing",
    )


def _section(section: CheckSection) -> rx.Component:
    title_id = joined("check-", section.key)
    return rx.el.section(
        rx.el.div(
            rx.el.h2(section.title, id=title_id),
            rx.el.a(
                words.CHANGE, rx.el.span(": ", section.title, class_name="hidden"), href=section.href,
                class_name="button quiet",
            ),
            class_name="head",
        ),
        rx.el.dl(rx.foreach(section.rows, _row), class_name="facts"),
        class_name="card",
        key=section.key,
        custom_attrs={"aria-labelledby": title_id},
    )  # fmt: skip


def _row(row: CheckRow) -> rx.Component:
    return rx.el.div(rx.el.dt(row.label, ":"), rx.el.dd(row.value), key=row.label)


def _sending() -> rx.Component:
    press = sending("sealing_check", SealingState.answers)
    return card(
        rx.el.form(
            required_note(),
            _consent("Принимаю условия политики обработки персональных данных *", POLICY, "Прочитать согласие"),
            _consent("Обязуюсь предоставить доступ к коммуникациям *", ACCESS, "Прочитать обязательство"),
            _hidden("form_key", SealingState.form_key),
            _hidden("version", SealingState.version),
            _hidden("seen", SealingState.seen),
            rx.el.p(words.AFTER, class_name="small"),
            rx.el.div(submit(words.SEND, busy=press.now), class_name="row"),
            on_submit=[press.pressed, SealingState.send],
            no_validate=True,
            class_name="stack",
        ),
        title="Отправка",
        card_id="sending",
    )


def _consent(title: str, name: str, reads: str) -> rx.Component:
    """Never ticked beforehand; the text opens in place, so that the ticks stay as they are."""
    return rx.el.div(
        check_field(title, name, error=SealingState.consent_errors[name], required=True),
        rx.el.details(rx.el.summary(reads), prose(consent_text(name)), class_name="agreed"),
        _hidden(f"{name}-version", SealingState.texts[name]),
    )


def _hidden(name: str, value: rx.Var[str]) -> rx.Component:
    return rx.el.input(type="hidden", name=name, value=value, read_only=True)
