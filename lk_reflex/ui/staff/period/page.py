"""Показания за период: the list with its filter and doubts; or the form for whoever has called."""

import reflex as rx

from lk_reflex.domain.metering.period.calling import CALLER
from lk_reflex.domain.metering.period.checking import NOTE
from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import cabinet_frame
from lk_reflex.ui.meter_form.parts import (
    after_fields,
    fate,
    form_or_nothing,
    last_facts,
    meter_card,
    meter_form,
    taken_message,
    window_tag,
)
from lk_reflex.ui.meter_form.rows import MeterCard, ScaleRow
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.forms import described, form_field, submit
from lk_reflex.ui.shared.layout import staff_page
from lk_reflex.ui.shared.native import native_link
from lk_reflex.ui.shared.notices import action_link, card, empty_state, notice, outcome_area, skeleton, tag
from lk_reflex.ui.shared.sending import sending
from lk_reflex.ui.shared.tables import Column, data_table
from lk_reflex.ui.staff.period.caller import CallerState
from lk_reflex.ui.staff.period.rows import SHOWN, Choice, ReadingRow
from lk_reflex.ui.staff.period.state import MONTH, OUTCOME_ID, PLACE, RESULTS_ID, SHOW, PeriodState

TITLE = paths.TITLES[paths.STAFF_PERIOD]
CALL = "Ввести показания по звонку"
CALL_HOW = "Найдите лицевой счет звонящего и нажмите на его странице «Ввести показания по звонку»."
HOW = (
    "Спросите у звонящего номер лицевого счета и адрес и сверьте их с теми, что выше. Показания проверяются так же, "
    "как в кабинете жителя; он увидит их в уведомлениях и сможет исправить."
)
THANKS = "Житель получил уведомление. Пока показание не ушло на расчёт, новое заменит его."
NOBODY, NOBODY_HOW = (
    "Нет ни одной организации",
    "Администратор назначает сотруднику организации, с которыми он работает.",
)
NOTHING = "Таких показаний нет"
NOTHING_HOW = "Выберите другой период или покажите все показания."


def staff_period_page() -> rx.Component:
    """The list, or the form."""
    return staff_page(
        TITLE,
        rx.cond(PeriodState.loaded, rx.cond(PeriodState.calling, _calling(), _listing()), skeleton()),
        frame=cabinet_frame(),
        current=paths.STAFF_PERIOD,
    )


def _listing() -> rx.Component:
    said = rx.cond(PeriodState.outcome != "", notice(PeriodState.outcome_kind, PeriodState.outcome))
    return rx.fragment(
        outcome_area(OUTCOME_ID, said),
        rx.cond(
            PeriodState.places.length() > 0,
            rx.el.div(_overall(), _results(), class_name="stack"),
            empty_state(NOBODY, rx.el.p(NOBODY_HOW)),
        ),
    )


def _overall() -> rx.Component:
    press = sending("period", PeriodState.answers)
    window = rx.cond(PeriodState.window_open, tag(PeriodState.window, "good"), tag(PeriodState.window, "due"))
    return card(
        rx.el.p(rx.el.b(PeriodState.sent), ". ", window),
        rx.el.form(
            rx.el.div(
                _select("Организация:", PLACE, PeriodState.place, rx.foreach(PeriodState.places, _option)),
                _select("Период:", MONTH, PeriodState.month, rx.foreach(PeriodState.months, _option)),
                _select("Показать:", SHOW, PeriodState.show, *(_option(one) for one in SHOWN)),
                class_name="inputs",
            ),
            rx.el.div(submit("Показать", busy=press.now), class_name="row"),
            on_submit=[press.pressed, PeriodState.choose],
            no_validate=True,
            class_name="fields",
            key=PeriodState.form.to_string(),
        ),
        rx.el.details(
            rx.el.summary(CALL),
            rx.el.p(CALL_HOW),
            rx.el.div(action_link("Найти лицевой счет", paths.STAFF_ACCOUNTS, quiet=True), class_name="row"),
        ),
        title=PeriodState.title,
        card_id="period",
    )


def _select(label: str, name: str, chosen: rx.Var[str], *options: rx.Component) -> rx.Component:
    return form_field(label, name, control=rx.el.select(*options, default_value=chosen, **described(name, name)))


def _option(one: Choice) -> rx.Component:
    return rx.el.option(one.title, value=one.key)


def _results() -> rx.Component:
    found = card(
        rx.el.div(
            data_table(
                COLUMNS, PeriodState.rows, caption="Показания, новые сверху", row_key="key", hide_caption=True,
                turn="cards-wide", details=_check, opened="opened",
            ),
            role="region", aria_label="Показания: таблица", class_name="dense",
        ),
        rx.el.div(
            rx.cond(PeriodState.newer, _press("Более поздние", PeriodState.go_newer)),
            rx.cond(PeriodState.older, _press("Более ранние", PeriodState.go_older)),
            class_name="row",
        ),
        title="Показания",
        card_id="found",
    )  # fmt: skip
    return rx.el.div(
        rx.cond(PeriodState.rows.length() > 0, found, empty_state(NOTHING, rx.el.p(NOTHING_HOW))),
        id=RESULTS_ID,
        tab_index=-1,
    )


def _press(title: str, handler: rx.event.EventCallback) -> rx.Component:
    return rx.el.button(title, type="button", on_click=handler, class_name="button quiet")


def _two(first: rx.Component | rx.Var[str], more: rx.Var[str]) -> rx.Component:
    return rx.el.span(first, rx.el.br(), rx.el.span(more, class_name="small muted"))


def _why(row: ReadingRow) -> rx.Component:
    doubts = rx.el.ul(rx.foreach(row.doubts, lambda doubt: rx.el.li(doubt)), class_name="plain-list small")
    checked = rx.fragment(tag("проверено", "good"), rx.el.br(), rx.el.span(row.checked, class_name="small"))
    return rx.el.div(
        rx.cond(row.doubts.length() > 0, doubts, words.NO_VALUE),
        rx.cond(row.checked != "", checked),
    )


def _value(row: ReadingRow) -> rx.Component:
    photo = native_link("Фото", rx.el.span(" к показанию ", row.value, class_name="hidden"), href=row.photo,
                        target="_blank", rel="noopener")  # fmt: skip
    return rx.el.span(
        _two(rx.el.b(row.value), row.volume), rx.cond(row.photo != "", rx.fragment(rx.el.br(), photo))
    )  # fmt: skip


def _deed(row: ReadingRow) -> rx.Component:
    of = rx.el.span(" показание: ", row.account, ", ", row.meter, class_name="hidden")
    return rx.cond(
        row.waits,
        rx.el.button(
            "Отметить проверенным…", of, type="button", on_click=PeriodState.open_check(row.key),
            class_name="button quiet", custom_attrs={"aria-expanded": rx.cond(row.opened, "true", "false")},
        ),
        words.NO_VALUE,
    )  # fmt: skip


def _check(row: ReadingRow) -> rx.Component:
    press = sending("period_check", PeriodState.answers)
    attrs = described(NOTE, NOTE, PeriodState.error, "Увидят сотрудники", required=True)
    return rx.el.form(
        form_field(
            "Что выяснили:", NOTE, required=True, error=PeriodState.error,
            hint="Увидят сотрудники: например, «позвонили, житель подтвердил»",
            control=rx.el.textarea(**attrs, rows=2, max_length=300),
        ),
        rx.el.div(submit("Проверено", busy=press.now), class_name="row"),
        on_submit=[press.pressed, PeriodState.check],
        no_validate=True,
        class_name="inner stack",
        key=row.key,
    )  # fmt: skip


COLUMNS = (
    Column("Лицевой счет", lambda row: _two(rx.el.a(row.account, href=row.href), row.address)),
    Column("Прибор учета", lambda row: _two(row.meter, row.taken)),
    Column("Показание", _value),
    Column("Источник", lambda row: _two(row.source, row.sent)),
    Column("Почему сомнительно", _why),
    Column("Действия", _deed),
)


def _calling() -> rx.Component:
    return rx.cond(
        CallerState.missing != "",
        empty_state(
            CallerState.missing,
            rx.el.div(action_link("Найти лицевой счет", paths.STAFF_ACCOUNTS, quiet=True), class_name="row"),
        ),
        rx.fragment(
            rx.el.div(
                rx.el.div(rx.el.h2(CallerState.whose), rx.el.p(CallerState.address)),
                window_tag(CallerState),
                class_name="head",
            ),
            taken_message(CallerState, rx.el.p(THANKS), rx.el.div(_ways(), class_name="row")),
            form_or_nothing(CallerState, meter_form(CallerState, _meter, rx.el.p(HOW), within=(_caller(),))),
        ),
    )


def _ways() -> rx.Component:
    return rx.fragment(
        action_link("К лицевому счету", CallerState.back, quiet=True),
        action_link(TITLE, paths.STAFF_PERIOD, quiet=True),
    )


def _caller() -> rx.Component:
    return rx.cond(
        CallerState.accepts,
        rx.el.div(
            form_field(
                "Кто звонит:", CALLER, required=True, error=CallerState.caller_error, auto_complete="off",
                hint="Имя и кем приходится: «Анна Петровна, собственник». Увидят только сотрудники",
            ),
            class_name="card",
        ),
    )  # fmt: skip


def _meter(meter: MeterCard) -> rx.Component:
    return meter_card(meter, _fields, facts=last_facts, closed=fate)


def _fields(scale: ScaleRow) -> rx.Component:
    return rx.el.div(
        form_field(
            scale.reading_label,
            scale.reading_id,
            field_id=scale.reading_id,
            error=CallerState.errors[scale.row],
            hint=scale.hint,
            short=True,
            input_mode="decimal",
            auto_complete="off",
        ),
        after_fields(CallerState, scale),
        class_name="fields",
    )
