"""The two forms of a request's page: a message of the thread, and the mark at the end."""

import reflex as rx

from lk_reflex.domain.requests.rating import BEST, COMMENT, RATING
from lk_reflex.domain.requests.slots import MESSAGE
from lk_reflex.domain.requests.thread import TEXT
from lk_reflex.ui.resident.request.rows import MessageRow
from lk_reflex.ui.resident.request.state import RATED_ID, SAID_ID, RequestState
from lk_reflex.ui.shared.forms import described, field_error, form_field, submit
from lk_reflex.ui.shared.frame import present
from lk_reflex.ui.shared.notices import card, notice, outcome_area
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.uploads import file_list, upload_zones

THREAD, QUIET = "Переписка", "Сообщений пока нет."
CLOSED = "Переписка закрыта. Если вопрос остался, подайте новое обращение в разделе «Услуги»."
ASK, SEND, WORK = "Ваше сообщение:", "Отправить сообщение", "Отправляем…"
HOW_WAS_IT, RATE = "Оцените работу по заявке", "Оценить"
MARKS = ("очень плохо", "плохо", "нормально", "хорошо", "отлично")
_zone = upload_zones(RequestState)


def thread() -> rx.Component:
    """What both sides said, and the form while something may be said."""
    shown = RequestState.shown
    return card(
        rx.cond(
            RequestState.messages.length() > 0,
            rx.el.ol(rx.foreach(RequestState.messages, _message), class_name="thread"),
            rx.el.p(QUIET, class_name="muted"),
        ),
        outcome_area(
            SAID_ID, rx.cond(present(RequestState.said), notice(RequestState.said_kind, RequestState.said))
        ),
        rx.cond(shown.writes, _form(), rx.el.p(CLOSED, class_name="small muted")),
        title=THREAD,
        card_id="thread",
    )  # fmt: skip


def _message(message: MessageRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(
            rx.el.b(message.author), " ", rx.el.span(message.at, class_name="num"), class_name="small muted"
        ),
        rx.cond(present(message.text), rx.el.p(message.text, class_name="said")),
        rx.cond(message.files.length() > 0, file_list(message.files)),
        class_name=rx.cond(message.mine, "mine", ""),
        key=message.key,
    )  # fmt: skip


def _form() -> rx.Component:
    sent = sending("message", RequestState.answers)
    attrs = described(TEXT, TEXT, RequestState.text_error)
    return rx.el.form(
        form_field(
            ASK, TEXT, error=RequestState.text_error, control=rx.el.textarea(**attrs, rows=4)
        ),
        rx.cond(RequestState.shown.attaches, _zone(slot=MESSAGE, label="Файлы к сообщению (необязательно)")),
        rx.el.div(submit(SEND, busy=sent.now, busy_title=WORK), class_name="row"),
        on_submit=[sent.pressed, RequestState.write],
        no_validate=True,
        class_name="stack message-form",
        key=RequestState.form.to_string(),
    )  # fmt: skip


def rating() -> rx.Component:
    """The mark: asked for at the end, shown once it is given."""
    shown = RequestState.shown
    return rx.cond(
        shown.rates | (shown.rated != ""),
        card(
            rx.cond(
                shown.rated != "",
                rx.el.div(
                    rx.el.p(rx.el.b(shown.rated)),
                    rx.cond(present(shown.rated_comment), rx.el.p(shown.rated_comment, class_name="said")),
                ),
            ),
            outcome_area(
                RATED_ID, rx.cond(present(RequestState.rated), notice(RequestState.rated_kind, RequestState.rated))
            ),
            rx.cond(
                shown.rates,
                rx.cond(
                    shown.rated != "",
                    rx.el.details(rx.el.summary("Изменить оценку"), _rating_form()),
                    _rating_form(),
                ),
            ),
            title=HOW_WAS_IT,
            card_id="rating",
        ),
    )  # fmt: skip


def _rating_form() -> rx.Component:
    attrs = described(COMMENT, COMMENT, RequestState.comment_error)
    return rx.el.form(
        rx.el.fieldset(
            rx.el.legend("Оценка от 1 до 5:"),
            *(_mark(value) for value in range(1, BEST + 1)),
            class_name="marks",
            custom_attrs={"aria-describedby": f"{RATING}-error"},
        ),
        field_error(RATING, RequestState.rating_error),
        form_field(
            "Что можно было сделать лучше (необязательно):", COMMENT, error=RequestState.comment_error,
            control=rx.el.textarea(**attrs, rows=2),
        ),
        rx.el.div(submit(RATE, quiet=True), class_name="row"),
        on_submit=RequestState.rate,
        no_validate=True,
        class_name="stack message-form",
    )  # fmt: skip


def _mark(value: int) -> rx.Component:
    own_id = f"{RATING}-{value}"
    return rx.el.div(
        rx.el.input(type="radio", name=RATING, value=str(value), id=own_id),
        rx.el.label(f"{value}: {MARKS[value - 1]}", html_for=own_id),
        class_name="check",
    )
