"""The thread at the desk: messages to the person and notes for staff; and the ready answers."""

import reflex as rx

from lk_reflex.domain.requests.desk.saved import BODY, TITLE
from lk_reflex.domain.requests.slots import MESSAGE
from lk_reflex.domain.requests.thread import TEXT
from lk_reflex.ui.shared.forms import described, form_field, submit
from lk_reflex.ui.shared.frame import joined, present
from lk_reflex.ui.shared.notices import card, outcome_area, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.uploads import file_list, upload_zones
from lk_reflex.ui.staff.request.deciding import template_choice
from lk_reflex.ui.staff.request.rows import Choice, TalkRow
from lk_reflex.ui.staff.request.state import NOTE, SAID_ID, TEMPLATES_ID, StaffRequestState

QUIET = "Сообщений и заметок пока нет."
NOBODY = "Учётная запись жителя удалена: написать ему здесь нельзя, но заметку для сотрудников оставить можно."
ONLY_STAFF = "Только заметка для сотрудников: житель её не увидит"
_zone = upload_zones(StaffRequestState)


def thread() -> rx.Component:
    """What was said, and the form."""
    state = StaffRequestState
    return card(
        rx.cond(
            state.talk.length() > 0,
            rx.el.ol(rx.foreach(state.talk, _line), class_name="thread"),
            rx.el.p(QUIET, class_name="muted"),
        ),
        outcome_area(SAID_ID, rx.cond(present(state.said), rx.el.p(state.said))),
        rx.cond(state.shown.answers, rx.fragment(), rx.el.p(NOBODY)),
        _form(),
        title="Переписка и заметки",
        card_id="thread",
    )


def _line(row: TalkRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.b(row.author), " ", rx.el.span(row.at, class_name="num"),
            rx.cond(row.note, rx.fragment(" ", tag("заметка для сотрудников", "due"))),
            class_name="small muted",
        ),
        rx.cond(present(row.text), rx.el.p(row.text, class_name="said")),
        rx.cond(row.files.length() > 0, file_list(row.files)),
        class_name=row.look,
        key=row.key,
    )  # fmt: skip


def _form() -> rx.Component:
    state = StaffRequestState
    press = sending("answer", state.answers)
    area = rx.el.textarea(
        **described(TEXT, TEXT, state.text_error), rows=4, default_value=state.text,
        on_blur=lambda text: state.keep_typed(TEXT, text),
    )  # fmt: skip
    return rx.fragment(
        rx.el.form(
            form_field("Сообщение:", TEXT, error=state.text_error, control=area),
            template_choice(TEXT),
            rx.el.div(
                rx.el.input(type="checkbox", value="yes", id=NOTE, name=NOTE, default_checked=~state.shown.answers),
                rx.el.label(ONLY_STAFF, html_for=NOTE),
                class_name="check",
            ),
            rx.cond(state.attaches, _zone(slot=MESSAGE, label="Файлы к сообщению (необязательно)")),
            rx.el.div(submit("Отправить", busy=press.now), class_name="row"),
            on_submit=[press.pressed, state.write],
            no_validate=True,
            class_name="fields message-form",
            key=joined("text-", state.text_form.to_string()),
        ),
    )


def ready_answers() -> rx.Component:
    """The templates of the organization: kept and deleted here."""
    state = StaffRequestState
    press = sending("template", state.answers)
    body = rx.el.textarea(**described(BODY, BODY), rows=3, max_length=2000)
    return card(
        outcome_area(TEMPLATES_ID, rx.cond(present(state.kept), rx.el.p(state.kept))),
        rx.cond(
            state.templates.length() > 0,
            rx.el.ul(rx.foreach(state.templates, _template), class_name="kept"),
            rx.el.p("Готовых ответов для таких заявок пока нет.", class_name="muted"),
        ),
        rx.el.details(
            rx.el.summary("Новый шаблон"),
            rx.el.form(
                form_field("Название шаблона:", TITLE, error=state.title_error, max_length=60, auto_complete="off"),
                form_field("Текст шаблона:", BODY, control=body),
                rx.el.div(submit("Сохранить шаблон", busy=press.now, quiet=True), class_name="row"),
                on_submit=[press.pressed, state.keep_template],
                no_validate=True,
                class_name="fields",
                key=joined("template-", state.kept, state.templates.length().to_string()),
            ),
        ),
        title="Готовые ответы",
        card_id="ready",
    )  # fmt: skip


def _template(one: Choice) -> rx.Component:
    drop = rx.el.button(
        "Удалить шаблон", rx.el.span(" ", one.title, class_name="hidden"), type="button",
        on_click=StaffRequestState.forget_template(one.key), class_name="button quiet",
    )  # fmt: skip
    return rx.el.li(rx.el.span(one.title), rx.cond(one.own, drop), key=one.key, class_name="row")
