"""Where a request stands, who works at it, and the moves: a button each, then its words and, once more, the press."""

from typing import Any

import reflex as rx

from lk_reflex.domain.requests.desk.deeds import ASSIGNEE, COMMENT, FIELDS
from lk_reflex.ui.shared.forms import described, field_error, form_field, submit
from lk_reflex.ui.shared.frame import joined, present
from lk_reflex.ui.shared.notices import card, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.staff.request.rows import Choice, FieldRow, MoveRow
from lk_reflex.ui.staff.request.state import MOVE_ID, TICK, StaffRequestState

LATE = "Просрочено"
NEEDED, OPTIONAL = "Комментарий для жителя: *", "Комментарий для жителя:"
SEEN = "Житель увидит его в заявке, в уведомлении и в письме"
WHAT = "Что исправить: *"
NO_TEMPLATE = "Вставить готовый ответ…"


def deciding() -> rx.Component:
    """The card on top."""
    shown = StaffRequestState.shown
    return card(
        rx.el.p(
            tag(shown.status, shown.tag),
            rx.cond(shown.late, rx.fragment(" ", tag(LATE, "bad"))),
            " ",
            shown.term,
        ),
        rx.cond(present(shown.waits), rx.el.p(shown.waits)),
        rx.cond(present(shown.rating), rx.el.p("Оценка жителя: ", rx.el.b(shown.rating), ". ", shown.rating_comment)),
        _assignee(),
        rx.el.div(
            rx.cond(
                StaffRequestState.move == "",
                rx.el.div(rx.foreach(StaffRequestState.moves, _button), class_name="row"),
                _form(),
            ),
            id=MOVE_ID,
            tab_index=-1,
        ),
        title="Состояние",
        card_id="standing",
    )


def _assignee() -> rx.Component:
    state = StaffRequestState
    take = rx.el.button("Взять себе", type="button", on_click=state.take_on, class_name="button quiet")
    choice = rx.el.form(
        form_field(
            "Передать:", ASSIGNEE,
            control=rx.el.select(
                rx.foreach(state.people, _option), default_value=state.assignee, **described(ASSIGNEE, ASSIGNEE)
            ),
        ),
        rx.el.div(submit("Назначить", quiet=True), class_name="row"),
        on_submit=state.give_to,
        class_name="fields narrow",
        key=joined("assign-", state.assign_form.to_string(), state.assignee),
    )  # fmt: skip
    return rx.fragment(
        rx.el.p("Исполнитель: ", rx.el.b(state.shown.assignee)),
        rx.cond(
            state.shown.open,
            rx.el.div(
                rx.cond(state.shown.mine, rx.fragment(), take),
                rx.el.details(rx.el.summary("Сменить исполнителя"), choice),
                class_name="row",
            ),
        ),
    )


def _option(one: Choice) -> rx.Component:
    return rx.el.option(one.title, value=one.key, key=one.key)


def _button(move: MoveRow) -> rx.Component:
    return rx.el.button(
        move.title, type="button", on_click=StaffRequestState.choose_move(move.key), class_name=move.look,
        key=move.key,
    )  # fmt: skip


def _form() -> rx.Component:
    state = StaffRequestState
    press = sending("move", state.answers)
    needs: Any = rx.cond(state.needs_comment, NEEDED, OPTIONAL)
    area = rx.el.textarea(
        **described(COMMENT, COMMENT, state.comment_error, SEEN), rows=4, default_value=state.comment,
        on_blur=lambda text: state.keep_typed(COMMENT, text),
    )  # fmt: skip
    return rx.el.form(
        rx.el.h3(state.move_title),
        rx.cond(state.nameable.length() > 0, _fields()),
        form_field(needs, COMMENT, hint=SEEN, error=state.comment_error, control=area),
        template_choice(COMMENT),
        rx.el.div(
            submit(state.move_title, busy=press.now),
            rx.el.button("Отмена", type="button", on_click=state.leave_move, class_name="button quiet"),
            class_name="row",
        ),
        on_submit=[press.pressed, state.make_move],
        no_validate=True,
        class_name="fields inner",
        key=joined("move-", state.move_form.to_string()),
    )  # fmt: skip


def _fields() -> rx.Component:
    state = StaffRequestState
    return rx.el.fieldset(
        rx.el.legend(WHAT),
        field_error(FIELDS, state.fields_error),
        rx.el.div(rx.foreach(state.nameable, _tick), class_name="ticks"),
        custom_attrs={"aria-describedby": f"{FIELDS}-error"},
    )


def _tick(row: FieldRow) -> rx.Component:
    own_id = joined(TICK, row.name)
    box = rx.el.input(
        type="checkbox", value="yes", id=own_id, name=own_id, default_checked=row.ticked,
        on_change=lambda chosen: StaffRequestState.tick_field(row.name, chosen),
    )  # fmt: skip
    return rx.el.div(box, rx.el.label(row.title, html_for=own_id), class_name="check", key=row.name)


def template_choice(name: str) -> rx.Component:
    """A list of ready answers: one that is chosen goes into the field, where it may be changed."""
    state = StaffRequestState
    own_id = f"template-{name}"
    control = rx.el.select(
        rx.el.option(NO_TEMPLATE, value=""),
        rx.foreach(state.templates, _option),
        value="",
        on_change=lambda key: state.use_template(name, key),
        **described(own_id, own_id),
    )
    return rx.cond(state.templates.length() > 0, form_field("Готовый ответ:", own_id, control=control))
