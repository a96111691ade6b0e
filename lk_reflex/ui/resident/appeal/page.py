"""The form of an appeal and its check page."""

from typing import Any

import reflex as rx

from lk_reflex.domain.requests.appeal.rules import FILE, LONGEST, PHONE, TEXT, TOPIC
from lk_reflex.ui import paths
from lk_reflex.ui.request_form.parts import change_link, draft_page, fact_line, send_and_save, send_checked
from lk_reflex.ui.request_form.state import Fact
from lk_reflex.ui.resident.appeal.state import AppealState
from lk_reflex.ui.shared.forms import described, form_field, required_note
from lk_reflex.ui.shared.frame import Text, present
from lk_reflex.ui.shared.notices import card, notice
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.uploads import file_list, upload_field_id, upload_zones

CHOOSE = "Выберите тему"
TEXT_HINT = f"Что случилось, где и когда. До {LONGEST} знаков"
PHONE_HINT = "Чтобы оператор мог уточнить. Подойдёт любая запись: 89123456789 или +7 912 345-67-89"
PAUSE = 700
_KEEP_TEXT: Any = AppealState.keep_text
_KEEP_PHONE: Any = AppealState.keep_phone
_zone = upload_zones(AppealState)


def appeal_page() -> rx.Component:
    """One draft: filled in, checked, sent."""
    return draft_page(AppealState, fill=_fill(), check=_check(), opens="Открыть обращение")


def _fill() -> rx.Component:
    return rx.el.div(rx.cond(AppealState.correcting, _correction()), card(_form()), class_name="stack")


def _correction() -> rx.Component:
    return notice(
        "due",
        "Обращение вернули на исправление",
        rx.el.p("Оператор: ", rx.el.span(AppealState.comment, class_name="said")),
        rx.cond(
            AppealState.to_correct.length() > 0,
            rx.el.div(
                rx.el.p("Что исправить:"),
                rx.el.ul(rx.foreach(AppealState.to_correct, lambda title: rx.el.li(title)), class_name="points"),
            ),
        ),
    )


def _form() -> rx.Component:
    sent = sending("appeal", AppealState.answers)
    errors, values = AppealState.errors, AppealState.values
    text = rx.el.textarea(
        **described(TEXT, TEXT, errors[TEXT], TEXT_HINT, required=True),
        rows=8,
        default_value=values[TEXT],
        on_change=_KEEP_TEXT.debounce(PAUSE),
        on_blur=_KEEP_TEXT,
    )
    return rx.el.form(
        required_note(),
        form_field("Тема обращения:", TOPIC, required=True, error=errors[TOPIC], control=_topic()),
        form_field("Текст обращения:", TEXT, required=True, error=errors[TEXT], hint=TEXT_HINT, control=text),
        _zone(slot=FILE, label="Файлы (необязательно)"),
        form_field(
            "Контактный телефон:", PHONE, required=True, short=True, error=errors[PHONE], hint=PHONE_HINT, type="tel",
            auto_complete="tel", default_value=values[PHONE], on_change=_KEEP_PHONE.debounce(PAUSE),
            on_blur=_KEEP_PHONE,
        ),
        rx.el.p(
            rx.cond(present(AppealState.kept_at), AppealState.kept_at, "Введённое сохраняется само"),
            class_name="small muted num",
        ),
        send_and_save(AppealState, busy=sent.now),
        on_submit=[sent.pressed, AppealState.check],
        no_validate=True,
        class_name="stack",
        key=AppealState.form.to_string(),
    )  # fmt: skip


def _topic() -> rx.Component:
    return rx.el.select(
        rx.el.option(CHOOSE, value=""),
        rx.foreach(AppealState.topics, lambda title: rx.el.option(title, value=title)),
        **described(TOPIC, TOPIC, AppealState.errors[TOPIC], required=True),
        default_value=AppealState.values[TOPIC],
        on_change=AppealState.keep_topic,
    )


def _check() -> rx.Component:
    files = AppealState.uploaded[FILE]
    return rx.el.div(
        card(
            rx.el.dl(rx.foreach(AppealState.facts, _fact), class_name="facts"),
            rx.el.h2("Файлы"),
            rx.cond(files.length() > 0, file_list(files), rx.el.p("Не приложены", class_name="muted")),
            rx.el.p(_change("файлы", upload_field_id(FILE))),
        ),
        send_checked(AppealState, "appeal_check"),
        class_name="stack",
    )


def _fact(fact: Fact) -> rx.Component:
    return fact_line(fact, _change(fact.label, fact.field_id))


def _change(what: Text, field_id: Text) -> rx.Component:
    return change_link(paths.APPEAL, AppealState.number, what, field_id)
