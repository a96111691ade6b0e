"""The form of an appeal and its check page."""

from typing import Any

import reflex as rx

from lk_reflex.domain.requests.appeal.rules import FILE, LONGEST, PHONE, TEXT, TOPIC
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.appeal.state import OUTCOME_ID, AppealState, Fact
from lk_reflex.ui.shared.forms import described, error_summary, form_field, required_note, submit
from lk_reflex.ui.shared.frame import joined, present
from lk_reflex.ui.shared.notices import action_link, card, empty_state, notice, outcome_area, skeleton
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.uploads import file_list, upload_field_id, upload_zones

SAVE, SEND, WORK, CHANGE = "Сохранить", "Отправить", "Отправляем…", "Изменить"
CHOOSE = "Выберите тему"
CLOSED, ON = "Заполнять нечего", "К разделу «Услуги»"
TEXT_HINT = f"Что случилось, где и когда. До {LONGEST} знаков"
PHONE_HINT = "Чтобы оператор мог уточнить. Подойдёт любая запись: 89123456789 или +7 912 345-67-89"
PAUSE = 700
_KEEP_TEXT: Any = AppealState.keep_text
_KEEP_PHONE: Any = AppealState.keep_phone
_zone = upload_zones(AppealState)


def appeal_page() -> rx.Component:
    """One draft: filled in, checked, sent."""
    return section_page(
        AppealState.heading,
        error_summary(AppealState.faults),
        outcome_area(
            OUTCOME_ID, rx.cond(present(AppealState.outcome), notice(AppealState.outcome_kind, AppealState.outcome))
        ),
        rx.cond(
            AppealState.number != "",
            rx.cond(AppealState.checking, _check(), _fill()),
            rx.cond(AppealState.loaded, _closed(), skeleton()),
        ),
        current=paths.SERVICES,
        needs_account=False,
    )  # fmt: skip


def _closed() -> rx.Component:
    onward = rx.cond(AppealState.closed_href == paths.SERVICES, ON, "Открыть обращение")
    return empty_state(
        CLOSED, rx.el.p(AppealState.closed), rx.el.div(action_link(onward, AppealState.closed_href), class_name="row")
    )


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
        rx.el.div(
            submit(SEND, busy=sent.now, busy_title=WORK),
            rx.el.button(SAVE, type="button", on_click=AppealState.save, class_name="button quiet"),
            class_name="row",
        ),
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
    sent = sending("appeal_check", AppealState.answers)
    files = AppealState.uploaded[FILE]
    return rx.el.div(
        card(
            rx.el.dl(rx.foreach(AppealState.facts, _fact), class_name="facts"),
            rx.el.h2("Файлы"),
            rx.cond(files.length() > 0, file_list(files), rx.el.p("Не приложены", class_name="muted")),
            rx.el.p(_change("файлы", upload_field_id(FILE))),
        ),
        rx.el.form(
            rx.el.div(submit(SEND, busy=sent.now, busy_title=WORK), class_name="row"),
            on_submit=[sent.pressed, AppealState.send],
            no_validate=True,
        ),
        class_name="stack",
    )


def _fact(fact: Fact) -> rx.Component:
    return rx.el.div(
        rx.el.dt(fact.label, ":"),
        rx.el.dd(rx.el.span(fact.value, class_name="said"), " ", _change(fact.label, fact.field_id)),
        key=fact.field_id,
    )


def _change(what: str | rx.Var[str], field_id: str | rx.Var[str]) -> rx.Component:
    """Back to the form; the browser's «back» leads there as well."""
    return rx.el.a(
        CHANGE,
        rx.el.span(": ", what, class_name="hidden"),
        href=joined(f"{paths.SERVICES}/appeal/", AppealState.number, "#", field_id),
    )
