"""Обмен с биллингом: a package in, batches out, and the tasks with their progress and reports."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import check_field, described, error_summary, form_field, submit
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.native import native_form, native_link
from lk_reflex.ui.shared.notices import card, empty_state, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.exchange.rows import KINDS, BatchRow, TaskRow
from lk_reflex.ui.staff.exchange.state import EXPORT_MONTH, FILE, MONTH, OUTCOME_ID, ExchangeState

TITLE = paths.TITLES[paths.STAFF_EXCHANGE]
IMPORT_PATH = "/api/staff/exchange"
HOW_IMPORT = (
    "Пакет загружается целиком или не загружается вовсе: при ошибках база не меняется, а отчёт назовёт файл, строку и "
    "причину. Проверка ничего не меняет."
)
HOW_EXPORT = "Выгружается то, что ещё не выгружалось. Каждая выгрузка получает номер, и её можно повторить."
NOTHING, NOTHING_HOW = "Заданий ещё не было.", "Загруженные файлы и выгрузки появятся здесь."


def staff_exchange_page() -> rx.Component:
    """The page."""
    return staff_page(
        TITLE,
        outcome_area(
            OUTCOME_ID, rx.cond(ExchangeState.outcome != "", notice(ExchangeState.outcome_kind, ExchangeState.outcome))
        ),
        error_summary(ExchangeState.faults),
        rx.cond(
            ExchangeState.loaded,
            rx.el.div(rx.el.div(_import(), _export(), class_name="pair"), _tasks(), _batches(), class_name="stack"),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_EXCHANGE,
    )


def _import() -> rx.Component:
    tied = described(FILE, FILE, ExchangeState.file_error, HOW_IMPORT, True)
    file = rx.el.input(type="file", accept=".zip,.xlsx,.csv,.txt,.dbf", **tied)
    return card(
        native_form(
            form_field(
                "Файл пакета или реестра:", FILE, required=True, hint=HOW_IMPORT, error=ExchangeState.file_error,
                control=file,
            ),
            _profile("profile", "Что это:", "Пакет биллинга (ZIP, XLSX или CSV)"),
            form_field(
                "Месяц реестра (необязательно):", MONTH, error=ExchangeState.month_error, input_mode="numeric",
                hint="Только для реестра «Город», например 10.2026", auto_complete="off", short=True,
            ),
            check_field("Только проверить, ничего не менять", "dry_run"),
            check_field("Взять годные строки, остальные вернуть файлом", "skip_bad_rows"),
            rx.el.div(submit("Загрузить файл"), class_name="row"),
            action=IMPORT_PATH,
            enc_type="multipart/form-data",
            no_validate=True,
            class_name="fields",
        ),
        title="Загрузить",
        card_id="import",
    )  # fmt: skip


def _export() -> rx.Component:
    press = sending("export", ExchangeState.answers)
    return card(
        rx.el.p(HOW_EXPORT, class_name="small"),
        rx.el.form(
            _select("Что выгрузить:", "kind", [rx.el.option(title, value=key) for key, title in KINDS.items()]),
            _select("В каком виде:", "suffix", [rx.el.option("CSV", value="csv"), rx.el.option("XLSX", value="xlsx")]),
            rx.cond(ExchangeState.profiles.length() > 0, _register()),
            rx.el.div(submit("Выгрузить", busy=press.now), class_name="row"),
            on_submit=[press.pressed, ExchangeState.order_export],
            no_validate=True,
            class_name="fields",
        ),
        title="Выгрузить",
        card_id="export",
    )


def _register() -> rx.Component:
    return rx.fragment(
        _profile("profile", "Или реестр по профилю:", "Нет, выгрузка для биллинга", field_id="export-profile"),
        form_field(
            "Месяц реестра «Город» (необязательно):", EXPORT_MONTH, error=ExchangeState.export_month_error,
            input_mode="numeric", hint="Например, 10.2026", auto_complete="off", short=True,
        ),
    )  # fmt: skip


def _profile(name: str, label: str, none: str, field_id: str = "") -> rx.Component:
    options = [
        rx.el.option(none, value=""),
        rx.foreach(ExchangeState.profiles, lambda one: rx.el.option("Реестр по профилю «", one, "»", value=one)),
    ]
    return _select(label, name, options, field_id)


def _select(label: str, name: str, options: list[Any], field_id: str = "") -> rx.Component:
    used = field_id or name
    attrs = {**described(used, used), "name": name}
    return form_field(label, used, control=rx.el.select(*options, default_value="" if field_id else None, **attrs))


def _tasks() -> rx.Component:
    table = data_table(TASKS, ExchangeState.tasks, caption="Задания, новые сверху", row_key="key", hide_caption=True,
                       turn="cards-wide")  # fmt: skip
    return rx.cond(
        ExchangeState.tasks.length() > 0,
        card(rx.el.div(table, role="region", aria_label="Задания: таблица", class_name="dense"), title="Задания",
             card_id="tasks"),
        empty_state(NOTHING, rx.el.p(NOTHING_HOW)),
    )  # fmt: skip


def _batches() -> rx.Component:
    table = data_table(BATCHES, ExchangeState.batches, caption="Сделанные выгрузки, новые сверху", row_key="key",
                       hide_caption=True, turn="cards-wide")  # fmt: skip
    return rx.cond(
        ExchangeState.batches.length() > 0,
        card(rx.el.div(table, role="region", aria_label="Сделанные выгрузки: таблица", class_name="dense"),
             title="Сделанные выгрузки", card_id="batches"),
    )  # fmt: skip


def _two(strong: Any, more: Any) -> rx.Component:
    below = rx.fragment(rx.el.br(), rx.el.span(more, class_name="small"))
    return rx.el.span(rx.el.b(strong), rx.cond(more != "", below))


def _state(row: TaskRow) -> rx.Component:
    bar = rx.el.progress(value=row.share, max=100, aria_label="Выполнено, процентов")
    return rx.el.div(
        tag(row.status, row.kind),
        rx.cond(row.running, rx.fragment(bar, rx.el.span(row.progress, class_name="small"))),
        rx.cond(row.verdict != "", rx.el.p(row.verdict, class_name="small")),
        class_name="stack tight",
    )


def _outcome(row: TaskRow) -> rx.Component:
    report = rx.el.details(
        rx.el.summary("Отчёт", rx.el.span(" задания ", row.key, class_name="hidden")),
        rx.el.ul(rx.foreach(row.report, lambda line: rx.el.li(line)), class_name="plain-list small"),
        rx.cond(row.more != "", rx.el.p(row.more, class_name="small")),
        rx.el.p(native_link("Скачать отчёт", href=row.report_href), class_name="take-away"),
    )
    file = rx.el.p(native_link("Скачать ", row.file_name, href=row.file_href), class_name="take-away")
    return rx.el.div(
        rx.cond(row.report_href != "", report),
        rx.cond(row.file_href != "", file),
        rx.cond(
            row.waiting,
            rx.el.button("Отменить", rx.el.span(" задание ", row.key, class_name="hidden"), type="button",
                         on_click=ExchangeState.cancel(row.key), class_name="button quiet"),
        ),
        class_name="stack tight",
    )  # fmt: skip


def _again(row: BatchRow) -> rx.Component:
    return rx.el.button(
        "Повторить", rx.el.span(" выгрузку: ", row.what, " ", row.number, class_name="hidden"), type="button",
        on_click=ExchangeState.repeat_export(row.key), class_name="button quiet",
    )  # fmt: skip


TASKS = (
    Column("Задание", lambda row: _two(row.what, row.name)),
    Column("Кто и когда", lambda row: _two(row.by, row.at)),
    Column("Состояние", _state),
    Column("Что получилось", _outcome),
)
BATCHES = (
    Column("Что", "what"),
    Column("Номер", "number"),
    Column("Строк", "rows", numeric=True),
    Column("Когда", "at"),
    Column("Ещё раз", _again),
)
