"""Организации: the list; each line leads to what may be changed of one."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.notices import card, empty_state, skeleton
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.organizations.state import OrganizationsState

TITLE = paths.TITLES[paths.STAFF_ORGANIZATIONS]
HOW = (
    "Новые организации приходят с первым пакетом биллинга. Загрузка пакета с организациями заменяет их реквизиты "
    "теми, что в пакете."
)
NOBODY, NOBODY_HOW = "Организаций ещё нет.", "Загрузите пакет биллинга в разделе «Обмен с биллингом»."


def staff_organizations_page() -> rx.Component:
    """The list."""
    table = data_table(COLUMNS, OrganizationsState.rows, caption=TITLE, row_key="key", hide_caption=True,
                       turn="cards-wide")  # fmt: skip
    return staff_page(
        TITLE,
        rx.cond(
            OrganizationsState.loaded,
            rx.cond(
                OrganizationsState.rows.length() > 0,
                card(
                    rx.el.p(HOW, class_name="small"),
                    rx.el.div(table, role="region", aria_label="Организации: таблица", class_name="dense"),
                ),
                empty_state(NOBODY, rx.el.p(NOBODY_HOW)),
            ),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_ORGANIZATIONS,
    )


COLUMNS = (
    Column("Организация", lambda row: rx.el.a(row.name, href=row.href)),
    Column("ИНН", "inn"),
    Column("Телефон", "phone"),
    Column("Приём показаний", "window"),
    Column("Оплата", "payments"),
)
