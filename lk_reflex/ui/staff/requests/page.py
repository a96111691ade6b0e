"""Заявки и обращения: counters, filters, search, the page of the queue, and filters kept under a name."""

from collections.abc import Sequence
from typing import Any

import reflex as rx

from lk_reflex.domain.requests.desk.saved import TITLE as FILTER_TITLE
from lk_reflex.domain.requests.kinds import TITLES as KINDS
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import described, error_summary, form_field, submit
from lk_reflex.ui.shared.frame import joined, present
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import action_link, card, empty_state, outcome_area, skeleton, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.days import day_field
from lk_reflex.ui.staff.queue_address import FIRST, KIND, LAST, ORGANIZATION, OVERDUE, SEARCH, SORT, STATUS, WHOSE
from lk_reflex.ui.staff.requests.rows import (
    KIND_CHOICES,
    SORT_CHOICES,
    STATUS_CHOICES,
    WHOSE_CHOICES,
    Choice,
    Counter,
    FilterRow,
    QueueRow,
)
from lk_reflex.ui.staff.requests.state import RESULTS_ID, SAVED_ID, RequestsDeskState

TITLE = paths.TITLES[paths.STAFF_REQUESTS]
WHAT = "Номер заявки, фамилия, адрес, телефон, лицевой счет или номер прибора, можно начало слова"
NOTHING, NOTHING_HOW = "Ничего не найдено", "Проверьте слова и номера, уберите лишние условия или сбросьте все."
EMPTY, EMPTY_HOW = "Все заявки разобраны", "Новые появятся здесь сами, обновлять страницу не нужно."
CUT = "Просмотрена только часть заявок: слово слишком частое. Добавьте номер дома или фамилию, или ищите дальше."
KEYS = (
    "Tab ведёт по порядку: счётчики, поиск с условиями, сохранённые фильтры, номера заявок.",
    "Enter в любом поле поиска показывает найденное, и фокус переходит к списку.",
    "Enter на номере заявки открывает её; «Назад» в браузере (Alt+←) возвращает к тому же списку.",
    "Пробел ставит и снимает галочку, стрелки меняют значение в списках выбора.",
)


def staff_requests_page() -> rx.Component:
    """The queue."""
    return staff_page(
        TITLE,
        error_summary(RequestsDeskState.faults),
        rx.cond(
            RequestsDeskState.loaded,
            rx.el.div(_counters(), _search(), _results(), _saved(), _keys(), class_name="stack"),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_REQUESTS,
    )


def _counters() -> rx.Component:
    return rx.el.nav(
        rx.el.ul(rx.foreach(RequestsDeskState.counters, _counter)),
        aria_label="Сколько заявок",
        class_name="counters",
    )


def _counter(one: Counter) -> rx.Component:
    link = rx.el.a(
        one.title, " ", rx.el.b(one.count), href=one.href,
        custom_attrs={"aria-current": rx.cond(one.current, "true", "false")},
    )  # fmt: skip
    return rx.el.li(link, key=one.key)


def _search() -> rx.Component:
    press = sending("queue", RequestsDeskState.answers)
    state = RequestsDeskState
    return card(
        rx.el.form(
            form_field(
                "Найти:", SEARCH, hint=WHAT, error=state.search_error, type="search", default_value=state.search,
                auto_complete="off", spell_check=False, max_length=200,
            ),
            rx.el.div(
                _select("Статус:", STATUS, state.status, STATUS_CHOICES),
                _select("Тип обращения:", KIND, state.kind, KIND_CHOICES),
                class_name="inputs",
            ),
            rx.el.details(
                rx.el.summary("Исполнитель, организация, дни и порядок"), _more(), open=state.refined, class_name="more"
            ),
            rx.el.div(
                submit("Показать", busy=press.now),
                rx.cond(state.narrowed, action_link("Сбросить", paths.STAFF_REQUESTS, quiet=True)),
                class_name="row",
            ),
            on_submit=[press.pressed, state.look_for],
            no_validate=True,
            class_name="fields",
            key=state.form.to_string(),
        ),
        title="Поиск и условия",
        card_id="search-card",
    )  # fmt: skip


def _more() -> rx.Component:
    state = RequestsDeskState
    organizations = rx.foreach(state.organizations, lambda one: rx.el.option(one.title, value=one.key))
    late = rx.el.div(
        rx.el.input(type="checkbox", value="yes", id=OVERDUE, name=OVERDUE, default_checked=state.overdue),
        rx.el.label("Только просроченные", html_for=OVERDUE),
        class_name="check",
    )
    return rx.el.div(
        rx.el.div(
            _select("Исполнитель:", WHOSE, state.whose, WHOSE_CHOICES),
            form_field("Организация:", ORGANIZATION, control=_chosen(ORGANIZATION, state.organization, organizations)),
            day_field("Отправлены с:", FIRST, state.first, state.first_error),
            day_field("по:", LAST, state.last, state.last_error),
            _select("Порядок:", SORT, state.sort, SORT_CHOICES),
            class_name="inputs",
        ),
        late,
        class_name="fields",
    )


def _select(label: str, name: str, chosen: Any, choices: Sequence[Choice]) -> rx.Component:
    options = [rx.el.option(one.title, value=one.key) for one in choices]
    return form_field(label, name, control=_chosen(name, chosen, *options))


def _chosen(name: str, chosen: Any, *options: rx.Component) -> rx.Component:
    return rx.el.select(*options, default_value=chosen, **described(name, name))


def _results() -> rx.Component:
    state = RequestsDeskState
    nothing = rx.cond(
        state.narrowed,
        empty_state(NOTHING, rx.el.p(NOTHING_HOW)),
        empty_state(EMPTY, rx.el.p(EMPTY_HOW)),
    )
    empty = rx.cond(state.cut | (state.faults.length() > 0), rx.fragment(), nothing)
    return rx.el.div(
        _fresh(),
        rx.cond(state.rows.length() > 0, _table(), empty),
        rx.cond(state.cut, rx.el.p(CUT)),
        rx.el.div(
            rx.cond(present(state.beginning), action_link("К началу списка", state.beginning, quiet=True)),
            rx.cond(
                present(state.further),
                action_link(rx.cond(state.cut, "Искать дальше", "Следующие"), state.further, quiet=True),
            ),
            class_name="row",
        ),
        id=RESULTS_ID,
        tab_index=-1,
        class_name="stack",
    )


def _fresh() -> rx.Component:
    button = rx.el.button(
        joined("Новых: ", RequestsDeskState.fresh.to_string(), " — показать"), type="button",
        on_click=RequestsDeskState.show_fresh, class_name="button quiet",
    )  # fmt: skip
    return rx.el.div(rx.cond(RequestsDeskState.fresh > 0, button), role="status", class_name="row")


def _table() -> rx.Component:
    table = data_table(COLUMNS, RequestsDeskState.rows, caption="Заявки и обращения", row_key="key", hide_caption=True,
                       turn="cards-wide", strong="urgent")  # fmt: skip
    return card(
        rx.el.div(table, role="region", aria_label="Заявки: таблица", class_name="dense"),
        title="Заявки",
        card_id="found",
    )


def _two(strong: Any, more: Any) -> rx.Component:
    return rx.el.span(strong, rx.el.br(), rx.el.span(more, class_name="small muted"))


def _kind(row: QueueRow) -> rx.Component:
    """A break doesn't wait with the appeals: it stands out in the queue."""
    return rx.cond(row.kind == KINDS[Kind.EMERGENCY], tag(row.kind, "bad"), rx.el.span(row.kind))


def _status(row: QueueRow) -> rx.Component:
    return rx.el.span(
        tag(row.status, row.tag),
        rx.cond(row.late != "", rx.fragment(" ", tag(row.late, "bad"))),
        rx.cond(row.term != "", rx.fragment(rx.el.br(), rx.el.span(row.term, class_name="small muted"))),
    )


COLUMNS = (
    Column("Заявка", lambda row: _two(rx.el.a(row.number, href=row.href, class_name="whole"), row.sent)),
    Column("Тип обращения", _kind),
    Column("Статус и срок", _status),
    Column("Заявитель", lambda row: _two(row.contact, row.account)),
    Column("Адрес", "address"),
    Column("Исполнитель", "assignee"),
    Column("Организация", "organization"),
)


def _saved() -> rx.Component:
    state = RequestsDeskState
    press = sending("filter", state.answers)
    return card(
        outcome_area(SAVED_ID, rx.cond(present(state.told), rx.el.p(state.told))),
        rx.cond(
            state.saved.length() > 0,
            rx.el.ul(rx.foreach(state.saved, _filter), class_name="kept"),
            rx.el.p("Сохранённых фильтров пока нет.", class_name="muted"),
        ),
        rx.el.form(
            form_field(
                "Название фильтра:", FILTER_TITLE, error=state.title_error, max_length=60, auto_complete="off",
                hint="Сохранится то, что показано сейчас: поиск, условия и порядок. Видите его только вы",
            ),
            rx.el.div(submit("Сохранить фильтр", busy=press.now, quiet=True), class_name="row"),
            on_submit=[press.pressed, state.keep_filter],
            no_validate=True,
            class_name="fields narrow",
            key=joined("filter-", state.told),
        ),
        title="Мои фильтры",
        card_id="filters",
    )  # fmt: skip


def _filter(one: FilterRow) -> rx.Component:
    return rx.el.li(
        rx.el.a(one.title, href=one.href, custom_attrs={"aria-current": rx.cond(one.current, "true", "false")}),
        rx.el.button(
            "Удалить", rx.el.span(" фильтр ", one.title, class_name="hidden"), type="button",
            on_click=RequestsDeskState.forget_filter(one.key), class_name="button quiet",
        ),
        key=one.key,
        class_name="row",
    )  # fmt: skip


def _keys() -> rx.Component:
    return rx.el.details(
        rx.el.summary("Работа с клавиатуры"),
        rx.el.ul(*(rx.el.li(line) for line in KEYS)),
        class_name="keys",
    )
