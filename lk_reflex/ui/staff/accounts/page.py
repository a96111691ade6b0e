"""Лицевые счета: one field for a number, a surname or an address, and what it finds."""

import reflex as rx

from lk_reflex.domain.accounts.staff_search import FIELD
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import error_summary, form_field, submit
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import card, empty_state, skeleton, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.accounts.state import RESULTS_ID, AccountRow, AccountSearchState

TITLE = paths.TITLES[paths.STAFF_ACCOUNTS]
WHAT = "Номер лицевого счета, фамилия или адрес: «1234567», «Иванов», «Кыштымская 10 кв. 5». Можно только начало"
LOGGED = "Просмотр лицевого счета записывается в журнал действий."
NOTHING = "Ничего не найдено"
NOTHING_HOW = "Проверьте, что введено. Искать можно только среди организаций, с которыми вы работаете."


def staff_accounts_page() -> rx.Component:
    """The search."""
    return staff_page(
        TITLE,
        error_summary(AccountSearchState.faults),
        rx.cond(AccountSearchState.loaded, rx.el.div(_search(), _results(), class_name="stack"), skeleton()),
        frame=cabinet_frame(),
        current=paths.STAFF_ACCOUNTS,
    )


def _search() -> rx.Component:
    press = sending("accounts_search", AccountSearchState.answers)
    return card(
        rx.el.form(
            form_field(
                "Найти:", FIELD, hint=WHAT, error=AccountSearchState.error, type="search",
                default_value=AccountSearchState.search, auto_complete="off", spell_check=False,
            ),
            rx.el.div(submit("Найти", busy=press.now), class_name="row"),
            rx.el.p(LOGGED, class_name="small muted"),
            on_submit=[press.pressed, AccountSearchState.look_for],
            no_validate=True,
            class_name="fields",
            key=AccountSearchState.form.to_string(),
        ),
        title="Поиск",
        card_id="search-card",
    )  # fmt: skip


def _results() -> rx.Component:
    nothing = rx.cond(AccountSearchState.searched, empty_state(NOTHING, rx.el.p(NOTHING_HOW)))
    return rx.el.div(
        rx.cond(AccountSearchState.rows.length() > 0, _found(), nothing),
        id=RESULTS_ID,
        tab_index=-1,
    )


def _found() -> rx.Component:
    table = data_table(
        COLUMNS, AccountSearchState.rows, caption="Найденные лицевые счета", row_key="key", hide_caption=True,
        turn="cards-wide",
    )  # fmt: skip
    return card(
        rx.el.div(table, role="region", aria_label="Лицевые счета: таблица", class_name="dense"),
        rx.cond(AccountSearchState.more != "", rx.el.p(AccountSearchState.more)),
        title="Найдено",
        card_id="found",
    )


def _number(row: AccountRow) -> rx.Component:
    return rx.el.span(rx.el.a(row.number, href=row.href), rx.cond(row.closed, rx.fragment(" ", tag("закрыт", "info"))))


COLUMNS = (
    Column("Лицевой счет", _number),
    Column("Адрес", "address"),
    Column("Собственник", "person"),
    Column("Организация", "organization"),
)
