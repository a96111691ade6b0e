"""Документы: the list by year, each receipt as a page and for printing, and several of them in one file."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.cabinet import freshness, section_page, table_files
from lk_reflex.ui.resident.documents.state import DocumentRow, DocumentsState, DocumentYear, MonthChoice
from lk_reflex.ui.shared.icons import icon
from lk_reflex.ui.shared.native import native_form, native_link
from lk_reflex.ui.shared.notices import card, empty_state, skeleton, tag
from lk_reflex.ui.shared.tables import Column, data_table

TITLE = paths.TITLES[paths.DOCUMENTS]
HOW = "Нажмите на иконку принтера и отправьте на печать полученную форму квитанции."
SEVERAL = "Несколько квитанций в одном файле"
SEVERAL_HOW = "Выберите месяцы: все квитанции за них откроются одним файлом."
NONE, NONE_HOW = "Документов пока нет", "Квитанция появится здесь, как только организация её выпустит."


def documents_page() -> rx.Component:
    """The receipts of the chosen account."""
    return section_page(
        TITLE,
        rx.cond(
            DocumentsState.newest.length() > 0,
            rx.el.div(
                rx.el.p(HOW, class_name="muted"),
                rx.foreach(DocumentsState.newest, _year),
                rx.foreach(DocumentsState.earlier, _earlier),
                table_files("documents", TITLE),
                _several(),
                class_name="stack documents",
            ),
            rx.cond(DocumentsState.loaded, empty_state(NONE, rx.el.p(NONE_HOW)), skeleton()),
        ),
        current=paths.DOCUMENTS,
        head_extra=freshness(),
    )


def _year(year: DocumentYear) -> rx.Component:
    return card(_table(year, hide_caption=False))


def _earlier(year: DocumentYear) -> rx.Component:
    """Years ago: folded, and open in print only where the person has opened them."""
    return rx.el.details(
        rx.el.summary(year.title),
        _table(year, hide_caption=True),
        key=year.title,
        class_name="card folded",
    )


def _table(year: DocumentYear, *, hide_caption: bool) -> rx.Component:
    return data_table(
        COLUMNS, year.rows, caption=year.title, row_key="key", turn="cards-slim", hide_caption=hide_caption
    )


def _name(row: DocumentRow) -> rx.Component:
    return rx.el.span(
        rx.el.a(row.title, href=row.page),
        rx.cond(row.is_new, rx.fragment(" ", tag("Новая", "good"))),
        class_name="named",
    )


def _printer(row: DocumentRow) -> rx.Component:
    return native_link(
        icon("printer"),
        rx.el.span("Печать: ", row.title, class_name="hidden"),
        href=row.pdf,
        target="_blank",
        rel="noopener",
        title="Открыть для печати",
        class_name="icon-link",
    )


COLUMNS = (
    Column("Наименование документа", _name),
    Column("Дата выпуска", "issued"),
    Column("Печать", _printer, numeric=True),
)


def _several() -> rx.Component:
    """A form that the browser sends by itself: the file opens in a tab of its own, or a page says what to change."""
    return card(
        rx.el.p(SEVERAL_HOW, " ", DocumentsState.fits, id="several-how", class_name="muted"),
        native_form(
            rx.el.input(type="hidden", name="account", value=AccountState.key, read_only=True),
            rx.el.div(
                _month("from", "С месяца", DocumentsState.first),
                _month("to", "По месяц", DocumentsState.last),
                class_name="inputs",
            ),
            rx.el.div(
                rx.el.button("Открыть квитанции", type="submit", class_name="button quiet"),
                class_name="row",
            ),
            action=paths.RECEIPTS_PDF,
            method="get",
            target="_blank",
            class_name="period",
            custom_attrs={"aria-describedby": "several-how"},
        ),
        title=SEVERAL,
        card_id="several",
    )


def _month(name: str, label: str, chosen: Any) -> rx.Component:
    return rx.el.div(
        rx.el.label(label, html_for=f"several-{name}"),
        rx.el.select(rx.foreach(DocumentsState.months, _option), id=f"several-{name}", name=name, default_value=chosen),
        class_name="field",
    )


def _option(month: MonthChoice) -> rx.Component:
    return rx.el.option(month.title, value=month.key, key=month.key)
