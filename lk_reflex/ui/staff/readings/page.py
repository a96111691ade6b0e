"""Просьбы исправить показания: the operators' queue, and what was decided in the last 30 days."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.shared.forms import described, form_field, submit
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import card, empty_state, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.readings.rows import DecidedRow, WaitingRow
from lk_reflex.ui.staff.readings.state import CONFIRM_ID, OUTCOME_ID, DeskState

TITLE = paths.TITLES[paths.STAFF_READINGS]
HOW = (
    "Показание уже ушло на расчёт. «Исправить» заменит его: новое уйдёт со следующей выгрузкой. Житель получит "
    "уведомление и письмо."
)
NOBODY, NOBODY_HOW = "Просьб нет", "Новые появятся здесь, самые ранние сверху."
DECIDED = "Решённые за 30 дней"


def staff_readings_page() -> rx.Component:
    """The desk."""
    return staff_page(
        TITLE,
        outcome_area(OUTCOME_ID, rx.cond(DeskState.outcome != "", notice(DeskState.outcome_kind, DeskState.outcome))),
        rx.cond(
            DeskState.loaded,
            rx.fragment(
                rx.cond(DeskState.waiting.length() > 0, _queue(), empty_state(NOBODY, rx.el.p(NOBODY_HOW))),
                rx.cond(DeskState.decided.length() > 0, _decided()),
            ),
            skeleton(),
        ),
        frame=cabinet_frame(),
        current=paths.STAFF_READINGS,
    )


def _queue() -> rx.Component:
    return card(
        rx.el.p(HOW, class_name="small"),
        _scrolled(
            data_table(
                WAITING, DeskState.waiting, caption=TITLE, row_key="key", hide_caption=True, turn="fits",
                details=_below, opened="opened",
            ),
            TITLE,
        ),
        rx.el.div(
            rx.el.button("Обновить", type="button", on_click=DeskState.refresh, class_name="button quiet"),
            class_name="row",
        ),
        title=DeskState.title,
        card_id="waiting",
    )  # fmt: skip


def _decided() -> rx.Component:
    table = data_table(DECIDED_COLUMNS, DeskState.decided, caption=DECIDED, row_key="key", hide_caption=True,
                       turn="fits")  # fmt: skip
    return card(_scrolled(table, DECIDED), title=DECIDED, card_id="decided")


def _scrolled(table: rx.Component, name: str) -> rx.Component:
    """A wide table stays one: it scrolls by itself, and by the keyboard."""
    return rx.el.div(table, role="region", tab_index=0, aria_label=f"{name}: таблица", class_name="scrolled")


def _two(strong: rx.Var[str], more: rx.Var[str]) -> rx.Component:
    return rx.el.span(rx.el.b(strong), rx.el.br(), rx.el.span(more, class_name="small muted"))


def _billed(row: WaitingRow) -> rx.Component:
    return rx.el.ul(rx.foreach(row.billed, lambda line: rx.el.li(line)), class_name="plain-list small")


def _decisions(row: WaitingRow) -> rx.Component:
    of = rx.el.span(" показание: ", row.account, ", ", row.meter, class_name="hidden")
    # Reflex can't focus an element of a list by its name; one that is drawn anew takes the focus by itself.
    first, again = _accept_button(row, of, key="first"), _accept_button(row, of, key="again", auto_focus=True)
    return rx.el.div(
        rx.cond(row.answer == "", rx.cond(DeskState.returned == row.key, again, first)),
        rx.el.button(
            "Отклонить…",
            of,
            type="button",
            on_click=DeskState.open_decline(row.key),
            class_name="button quiet",
            custom_attrs={"aria-expanded": rx.cond(row.declining, "true", "false")},
        ),
        class_name="stack tight",
    )


def _accept_button(row: WaitingRow, of: rx.Component, **more: Any) -> rx.Component:
    return rx.el.button(
        "Исправить",
        of,
        type="button",
        on_click=DeskState.open_accept(row.key),
        class_name="button",
        custom_attrs={"aria-expanded": rx.cond(row.question != "", "true", "false")},
        **more,
    )


def _sent(row: WaitingRow) -> rx.Component:
    photo = native_link("Фото", rx.el.span(" к показанию ", row.was, class_name="hidden"), href=row.photo,
                        target="_blank", rel="noopener")  # fmt: skip
    return rx.el.span(
        _two(row.was, row.was_more),
        rx.cond(row.photo != "", rx.fragment(rx.el.br(), photo)),
        rx.cond(row.answer != "", rx.fragment(rx.el.br(), tag(row.answer, "bad"))),
    )


def _below(row: WaitingRow) -> rx.Component:
    return rx.cond(row.declining, _decline_form(row), _question(row))


def _question(row: WaitingRow) -> rx.Component:
    return rx.el.div(
        rx.el.p(rx.el.b(row.question), id="accept-question"),
        rx.el.div(
            rx.el.button(
                "Да, исправить", type="button", id=CONFIRM_ID, on_click=DeskState.accept(row.key),
                class_name="button", custom_attrs={"aria-describedby": "accept-question"},
            ),
            rx.el.button("Отмена", type="button", on_click=DeskState.cancel(row.key), class_name="button quiet"),
            class_name="row",
        ),
        class_name="inner stack",
    )  # fmt: skip


def _decline_form(row: WaitingRow) -> rx.Component:
    attrs = described("comment", "comment", DeskState.error, "Увидит житель", required=True)
    return rx.el.form(
        form_field(
            "Почему отклонено:", "comment", required=True, error=DeskState.error,
            hint="Увидит житель: в уведомлении и в письме",
            control=rx.el.textarea(
                **attrs, rows=2, max_length=500,
                on_change=lambda text: rx.cond(DeskState.error != "", DeskState.typing(text), rx.noop()),
            ),
        ),
        rx.el.div(submit("Отклонить"), class_name="row"),
        on_submit=DeskState.decline,
        no_validate=True,
        class_name="inner stack",
        key=row.key,
    )  # fmt: skip


def _fate(row: DecidedRow) -> rx.Component:
    said = rx.cond(row.comment != "", rx.fragment(rx.el.br(), rx.el.span(row.comment, class_name="small")))
    return rx.el.span(tag(row.fate, row.kind), said)


WAITING = (
    Column("Лицевой счет", lambda row: _two(row.account, row.address)),
    Column("Прибор учёта", lambda row: _two(row.meter, row.period)),
    Column("Передано", _sent),
    Column("Просят исправить на", lambda row: _two(row.asked, row.asked_more)),
    Column("Последние учтённые", _billed),
    Column("Объяснение", lambda row: _two(row.why, row.asked_by + ", " + row.at)),
    Column("Решение", _decisions),
)
DECIDED_COLUMNS = (
    Column("Лицевой счет", "account"),
    Column("Прибор учёта", "meter"),
    Column("Показание", "change"),
    Column("Решение", _fate),
    Column("Кто", "by"),
    Column("Когда", "at"),
)
