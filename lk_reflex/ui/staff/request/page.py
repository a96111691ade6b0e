"""Заявка: where it stands and what may be done, what was sent, its files, thread, history, and ready answers."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.map.parts import request_map
from lk_reflex.ui.shared.forms import error_summary
from lk_reflex.ui.shared.frame import present
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.native import native_form
from lk_reflex.ui.shared.notices import action_link, card, empty_state, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.uploads import file_list
from lk_reflex.ui.staff.request.deciding import deciding
from lk_reflex.ui.staff.request.rows import Fact, OtherRow, SectionRow, StepRow
from lk_reflex.ui.staff.request.state import OUTCOME_ID, StaffRequestState
from lk_reflex.ui.staff.request.talking import ready_answers, thread

GONE, GONE_HOW = "Такой заявки нет", "Проверьте номер: в нём 12 цифр. Найти заявку можно и по другим данным."
TO_QUEUE, NEXT, PREVIOUS = "К очереди", "Следующая →", "← Предыдущая"
PASSPORT_HOW = (
    "Данные откроются в новой вкладке. Каждый просмотр записывается в журнал действий: кто, когда и по какой заявке."
)
WIPED = "Паспортные данные удалены: после окончания заявки они хранятся 90 дней."


def staff_request_page() -> rx.Component:
    """One request."""
    state = StaffRequestState
    return staff_page(
        state.heading,
        _ways(),
        error_summary(state.faults),
        outcome_area(OUTCOME_ID, rx.cond(state.outcome != "", _outcome())),
        rx.cond(
            state.loaded,
            rx.cond(
                state.shown.number != "",
                rx.el.div(
                    rx.el.div(deciding(), _sent(), _files(), _place(), class_name="stack"),
                    rx.el.div(thread(), _history(), _others(), ready_answers(), class_name="stack"),
                    class_name="two-columns",
                ),
                _gone(),
            ),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_REQUESTS,
    )  # fmt: skip


def _gone() -> rx.Component:
    way = rx.el.div(action_link(TO_QUEUE, StaffRequestState.to_queue), class_name="row")
    return empty_state(GONE, rx.el.p(GONE_HOW), way)


def _ways() -> rx.Component:
    state = StaffRequestState
    return rx.el.nav(
        rx.el.a(f"← {TO_QUEUE}", href=state.to_queue),
        rx.cond(present(state.previous_one), rx.el.a(PREVIOUS, href=state.previous_one)),
        rx.cond(present(state.next_one), rx.el.a(NEXT, href=state.next_one)),
        rx.el.span(
            rx.cond(present(state.watchers), rx.fragment("Сейчас смотрит: ", rx.el.b(state.watchers))),
            role="status",
        ),
        aria_label="Очередь",
        class_name="row ways",
    )


def _outcome() -> rx.Component:
    """With the way on: whoever has made a move goes to the next request."""
    state = StaffRequestState
    on = rx.el.div(
        rx.cond(present(state.next_one), action_link("К следующей заявке", state.next_one, quiet=True)),
        action_link(TO_QUEUE, state.to_queue, quiet=True),
        class_name="row",
    )
    return notice(state.outcome_kind, state.outcome, rx.cond(state.outcome_kind == "good", on))


def _sent() -> rx.Component:
    shown = StaffRequestState.shown
    account = rx.el.p("Лицевой счет: ", rx.el.a(shown.account, href=shown.account_href))
    return card(
        rx.cond(present(shown.account_href), account, rx.el.p("Лицевой счет не указан.", class_name="muted")),
        rx.foreach(StaffRequestState.sections, _section),
        _passport(),
        title="Что отправлено",
        card_id="sent",
    )


def _section(section: SectionRow) -> rx.Component:
    return rx.el.div(
        rx.cond(section.title != "", rx.el.h3(section.title)),
        rx.el.dl(rx.foreach(section.facts, _fact), class_name="facts"),
        rx.cond(section.files.length() > 0, file_list(section.files)),
        key=section.key,
    )


def _fact(fact: Fact) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label, ":"), rx.el.dd(fact.value, class_name="said"), key=fact.key)


def _passport() -> rx.Component:
    shown = StaffRequestState.shown
    given = rx.el.div(
        rx.el.h3("Паспорт"),
        rx.el.p("Серия и номер: •• •• ••••••"),
        native_form(
            rx.el.button("Показать паспорт", type="submit", class_name="button quiet",
                         custom_attrs={"aria-describedby": "passport-how"}),
            action=shown.passport_form, target="_blank",
        ),
        rx.el.p(PASSPORT_HOW, id="passport-how", class_name="hint"),
        class_name="stack",
    )  # fmt: skip
    wiped = rx.cond(shown.passport == "wiped", rx.el.p(WIPED, class_name="muted"))
    return rx.cond(shown.passport == "given", given, wiped)


def _files() -> rx.Component:
    files = StaffRequestState.files
    return rx.cond(files.length() > 0, card(file_list(files), title="Файлы", card_id="files"))


def _place() -> rx.Component:
    shown = StaffRequestState.shown
    drawn = card(request_map(shown.latitude, shown.longitude), title="Место на карте", card_id="place")
    return rx.cond(shown.placed, drawn)


def _history() -> rx.Component:
    told = card(
        rx.el.ol(rx.foreach(StaffRequestState.steps, _step), class_name="steps"),
        title="Ход рассмотрения",
        card_id="history",
    )
    return rx.cond(StaffRequestState.steps.length() > 0, told)


def _step(step: StepRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(tag(step.status, step.tag), " ", rx.el.span(step.at, class_name="num"), " ", step.author),
        rx.cond(present(step.comment), rx.el.p(step.comment, class_name="said")),
        rx.cond(step.fields.length() > 0, rx.el.ul(rx.foreach(step.fields, lambda title: rx.el.li(title)))),
        key=step.key,
    )


def _others() -> rx.Component:
    others = StaffRequestState.others
    listed = card(rx.el.ul(rx.foreach(others, _other)), title="Другие заявки этого жителя", card_id="others")
    return rx.cond(others.length() > 0, listed)


def _other(row: OtherRow) -> rx.Component:
    parts: tuple[Any, ...] = (rx.el.a(row.title, href=row.href), " ", tag(row.status, row.tag), " ",
                              rx.el.span(row.sent, class_name="small muted num"))  # fmt: skip
    return rx.el.li(*parts, key=row.key)
