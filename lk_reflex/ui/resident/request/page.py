"""Одна заявка: what became of it and what to do, the data as sent, its history, the thread, the mark at the end."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.map.parts import request_map
from lk_reflex.ui.resident.request.rows import Fact, FilesRow, SectionRow, StepRow
from lk_reflex.ui.resident.request.state import SUMMARY_ID, RequestState
from lk_reflex.ui.resident.request.talk import rating, thread
from lk_reflex.ui.shared.forms import error_summary
from lk_reflex.ui.shared.frame import present
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, card, empty_state, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.uploads import file_list

GONE = "Заявка не найдена"
GONE_HOW = "Среди ваших заявок такой нет: ссылка устарела, черновик удалён, или заявку подавал кто-то другой."
TO_LIST, CORRECT, CONTINUE = "Все заявки", "Исправить заявку", "Продолжить"
DATA, FILES, HISTORY, PLACE = "Что отправлено", "Файлы", "Ход рассмотрения", "Место на карте"
STATE_ID = "state"


def request_page() -> rx.Component:
    """One request, or that there is none."""
    shown = RequestState.shown
    return section_page(
        RequestState.heading,
        error_summary(RequestState.faults, summary_id=SUMMARY_ID),
        rx.cond(
            shown.kind != "",
            rx.el.div(
                _state(),
                rating(),
                rx.cond(shown.draft, rx.fragment(), _history()),
                rx.cond(shown.draft, rx.fragment(), thread()),
                _data(),
                rx.cond(shown.placed, _place()),
                rx.cond(RequestState.files.length() > 0, _files()),
                rx.el.div(action_link(TO_LIST, paths.SERVICES, quiet=True), class_name="row"),
                class_name="stack",
            ),
            rx.cond(RequestState.loaded, _gone(), skeleton()),
        ),
        current=paths.SERVICES,
        needs_account=False,
    )


def _gone() -> rx.Component:
    return empty_state(GONE, rx.el.p(GONE_HOW), rx.el.div(action_link(TO_LIST, paths.SERVICES), class_name="row"))


def _state() -> rx.Component:
    """It turns by itself, so its container stays and is read aloud."""
    shown = RequestState.shown
    return card(
        rx.el.p(tag(shown.status, shown.tag)),
        outcome_area(
            STATE_ID,
            notice(
                shown.tone,
                shown.lead,
                rx.cond(present(shown.comment), _comment()),
                rx.cond(RequestState.to_correct.length() > 0, _to_correct()),
                rx.foreach(shown.notes, lambda note: rx.el.p(note)),
            ),
        ),
        rx.cond(
            present(shown.term),
            rx.el.p(rx.cond(shown.overdue, rx.el.b(shown.term), shown.term)),
        ),
        rx.cond(
            present(shown.urgent), rx.el.p(rx.el.b("Медлить нельзя: "), native_link(shown.urgent, href=shown.dial))
        ),
        rx.cond(present(shown.contact), rx.el.p(shown.contact, class_name="small muted")),
        rx.cond(
            present(shown.form),
            rx.el.div(
                rx.el.a(rx.cond(shown.draft, CONTINUE, CORRECT), href=shown.form, class_name="button"),
                class_name="row",
            ),
        ),
    )


def _comment() -> rx.Component:
    return rx.el.p("Оператор: ", rx.el.span(RequestState.shown.comment, class_name="said"))


def _to_correct() -> rx.Component:
    return rx.el.div(
        rx.el.p("Что исправить:"),
        rx.el.ul(rx.foreach(RequestState.to_correct, lambda title: rx.el.li(title)), class_name="points"),
    )


def _history() -> rx.Component:
    return card(
        rx.el.ol(rx.foreach(RequestState.steps, _step), class_name="steps"),
        title=HISTORY,
        card_id="history",
    )


def _step(step: StepRow) -> rx.Component:
    return rx.el.li(
        rx.el.p(tag(step.status, step.tag), " ", rx.el.span(step.at, class_name="num"), " ", rx.el.span(step.author)),
        rx.cond(present(step.comment), rx.el.p(step.comment, class_name="said")),
        rx.cond(
            step.fields.length() > 0,
            rx.el.ul(rx.foreach(step.fields, lambda title: rx.el.li(title)), class_name="points"),
        ),
        key=step.key,
    )


def _data() -> rx.Component:
    return card(
        rx.foreach(RequestState.sections, _section),
        title=rx.cond(RequestState.shown.draft, "Что заполнено", DATA),
        card_id="data",
    )


def _section(section: SectionRow) -> rx.Component:
    return rx.el.div(
        rx.cond(section.title != "", rx.el.h3(section.title)),
        rx.el.dl(rx.foreach(section.facts, _fact), class_name="facts"),
        key=section.key,
    )


def _fact(fact: Fact) -> rx.Component:
    return rx.el.div(rx.el.dt(fact.label, ":"), rx.el.dd(fact.value, class_name="said"), key=fact.key)


def _place() -> rx.Component:
    return card(request_map(RequestState.shown.latitude, RequestState.shown.longitude), title=PLACE, card_id="place")


def _files() -> rx.Component:
    return card(rx.foreach(RequestState.files, _files_of), title=FILES, card_id="files")


def _files_of(row: FilesRow) -> rx.Component:
    return rx.el.div(rx.el.h3(row.label), file_list(row.files), key=row.label)
