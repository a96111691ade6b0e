"""Журнал действий: a search over everything that was ever done, and the list."""

from typing import Any

import reflex as rx

from lk_reflex.domain.administration.audit_search import ACTION, FIRST, LAST, SEARCH
from lk_reflex.domain.personal_data.words import DEEDS
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import described, error_summary, form_field, submit
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import card, empty_state, skeleton
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.audit.rows import EntryRow
from lk_reflex.ui.staff.audit.state import RESULTS_ID, AuditState
from lk_reflex.ui.staff.days import day_field

TITLE = paths.TITLES[paths.STAFF_AUDIT]
WHAT = "Адрес почты жителя или сотрудника, номер лицевого счета или номер заявки"
NOTHING, NOTHING_HOW = "Ничего не найдено", "Проверьте условия поиска или сбросьте их."
#: Many names begin alike: people look for them by their alphabet.
_CHOICES = sorted(DEEDS.items(), key=lambda deed: deed[1].casefold().replace("ё", "е"))


def staff_audit_page() -> rx.Component:
    """The log."""
    return staff_page(
        TITLE,
        error_summary(AuditState.faults),
        rx.cond(AuditState.loaded, rx.el.div(_search(), _results(), class_name="stack"), skeleton()),
        frame=cabinet_frame(),
        current=paths.STAFF_AUDIT,
    )


def _search() -> rx.Component:
    press = sending("audit", AuditState.answers)
    deeds = rx.el.select(
        rx.el.option("Любое", value=""),
        *(rx.el.option(words, value=deed) for deed, words in _CHOICES),
        default_value=AuditState.action,
        **described(ACTION, ACTION),
    )
    reset = rx.el.button("Сбросить", type="button", on_click=AuditState.reset_search, class_name="button quiet")
    return card(
        rx.el.form(
            form_field(
                "Найти:", SEARCH, hint=WHAT, error=AuditState.search_error, type="search",
                default_value=AuditState.search, auto_complete="off", spell_check=False,
            ),
            rx.el.div(
                form_field("Действие:", ACTION, control=deeds),
                day_field("с:", FIRST, AuditState.first, AuditState.first_error),
                day_field("по:", LAST, AuditState.last, AuditState.last_error),
                class_name="inputs",
            ),
            rx.el.div(submit("Найти", busy=press.now), rx.cond(AuditState.narrowed, reset), class_name="row"),
            on_submit=[press.pressed, AuditState.look_for],
            no_validate=True,
            class_name="fields",
            key=AuditState.form.to_string(),
        ),
        title="Поиск",
        card_id="search-card",
    )  # fmt: skip


def _results() -> rx.Component:
    nothing = rx.cond(AuditState.faults.length() > 0, rx.fragment(), empty_state(NOTHING, rx.el.p(NOTHING_HOW)))
    return rx.el.div(rx.cond(AuditState.rows.length() > 0, _found(), nothing), id=RESULTS_ID, tab_index=-1)


def _found() -> rx.Component:
    table = data_table(COLUMNS, AuditState.rows, caption="Действия, новые сверху", row_key="key", hide_caption=True,
                       turn="cards-wide")  # fmt: skip
    return card(
        rx.el.div(table, role="region", aria_label="Действия: таблица", class_name="dense"),
        rx.el.div(
            rx.cond(AuditState.newer, _turn("Более поздние", AuditState.go_newer)),
            rx.cond(AuditState.older, _turn("Более ранние", AuditState.go_older)),
            class_name="row",
        ),
        title="Действия",
        card_id="found",
    )


def _turn(title: str, handler: Any) -> rx.Component:
    return rx.el.button(title, type="button", on_click=handler, class_name="button quiet")


def _who(row: EntryRow) -> rx.Component:
    about = rx.fragment(rx.el.br(), rx.el.span("о логине: ", row.about, class_name="small muted"))
    return rx.el.span(row.by, rx.cond(row.about != "", about), class_name="said")


COLUMNS = (
    Column("Когда", "at"),
    Column("Действие", "deed"),
    Column("Кто", _who),
    Column("Лицевой счет", "account", hide_empty=True),
    Column("Подробности", "detail", hide_empty=True),
    Column("Адрес в сети", "address", hide_empty=True),
)
