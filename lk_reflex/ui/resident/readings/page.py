"""Передать показания: a card for each meter with its two fields, and what was taken."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import meter_files, section_page
from lk_reflex.ui.consumption.cards import meter_hint
from lk_reflex.ui.meter_form.parts import (
    SEND,
    TYPING_PAUSE,
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
from lk_reflex.ui.resident.meter_parts.past_table import past_readings, show_button
from lk_reflex.ui.resident.readings.correction_parts import correct_button, correction_area, correction_list
from lk_reflex.ui.resident.readings.photo import photo_zone
from lk_reflex.ui.resident.readings.state import WAITING_ID, WAITS, ReadingsState
from lk_reflex.ui.shared.forms import described, field_error, form_field
from lk_reflex.ui.shared.notices import action_link, notice, outcome_area

HOW = (
    "Введите новое показание прибора учета, объем изменения, дату снятия показания и нажмите на кнопку "
    "«Передать показания»."
)
HOW_TO_COUNT = (
    "Для расчета объема изменения можно просмотреть предыдущие показания, нажав на кнопку «Показать». "
    "Достаточно заполнить одно из двух полей: второе посчитаем сами."
)
HOW_IT_COSTS = (
    "Сумма под полями примерная: объем по тарифу из последних начислений. Если тарифа там нет, суммы не будет."
)
WHEN_OPEN = "Передать, когда откроется приём"
HOW_IT_WAITS = (
    "Приём ещё не открыт. Показания сохранятся, и в первый день приёма кабинет передаст их сам; до этого их можно "
    "отменить или заменить."
)


def readings_page() -> rx.Component:
    """The form over the meters of the chosen account."""
    return section_page(
        paths.TITLES[paths.READINGS],
        taken_message(
            ReadingsState,
            rx.el.p("Пока показание не ушло на расчёт, его можно исправить: передайте новое."),
            rx.el.div(action_link("Информация об ИПУ", paths.METERS, quiet=True), class_name="row"),
        ),
        correction_area(),
        outcome_area(WAITING_ID, rx.cond(ReadingsState.waiting.title != "", _waiting())),
        form_or_nothing(
            ReadingsState,
            meter_form(
                ReadingsState,
                _meter,
                _how(),
                keeps=True,
                send=rx.cond(ReadingsState.opening != "", f"{WHEN_OPEN} {ReadingsState.opening}", SEND),
                within=[rx.el.input(type="hidden", name=WAITS, value=ReadingsState.opening, read_only=True)],
                before_send=[rx.cond(ReadingsState.opening != "", rx.el.p(HOW_IT_WAITS, class_name="small"))],
                # Under the button: it must not move away from a finger.
                after_send=[
                    rx.el.p(ReadingsState.total, class_name="cost total", custom_attrs={"aria-live": "polite"})
                ],
            ),
        ),
        correction_list(),
        current=paths.READINGS,
        head_extra=window_tag(ReadingsState),
    )


def _waiting() -> rx.Component:
    """What waits for the window, or couldn't be sent when it opened; and what can be done about it."""
    card = ReadingsState.waiting
    return notice(
        card.kind,
        card.title,
        rx.foreach(card.reasons, lambda reason: rx.el.p(reason)),
        rx.el.ul(rx.foreach(card.lines, lambda line: rx.el.li(line.text, key=line.key))),
        rx.el.p(card.text),
        rx.el.div(
            rx.cond(card.may_restore, _button("Подставить в форму", ReadingsState.restore)),
            rx.cond(card.may_cancel, _button(card.cancel, ReadingsState.cancel_waiting)),
            class_name="row",
        ),
    )


def _button(title: rx.Var[str] | str, on_click: Any) -> rx.Component:
    return rx.el.button(title, type="button", on_click=on_click, class_name="button quiet")


def _how() -> rx.Component:
    """Folded: who sends readings every month comes for the fields."""
    return rx.el.details(rx.el.summary("Как заполнить"), rx.el.p(HOW), rx.el.p(HOW_TO_COUNT), rx.el.p(HOW_IT_COSTS))


def _meter(meter: MeterCard) -> rx.Component:
    return meter_card(
        meter,
        _fields,
        meter_hint(ReadingsState.hints, meter.key),
        rx.cond(meter.accepts, photo_zone(meter=meter.key, name=meter.name)),
        rx.el.p(
            "Предыдущие показания: ",
            show_button(ReadingsState.opened[meter.key], meter.name, ReadingsState.toggle(meter.key)),
        ),
        rx.cond(
            ReadingsState.opened[meter.key],
            rx.fragment(past_readings(ReadingsState.past[meter.key], meter.name), meter_files(meter.key, meter.name)),
        ),
        facts=last_facts,
        closed=_closed,
    )


def _closed(scale: ScaleRow) -> rx.Component:
    """Nothing new can be taken: what became of what was sent, and «Исправить» where an operator can be asked."""
    return rx.el.div(fate(scale), correct_button(scale), class_name="fields")


def _fields(scale: ScaleRow) -> rx.Component:
    return rx.el.div(
        # Above both fields: a sentence in one of two narrow columns would be a tower of single words.
        field_error(scale.reading_id, ReadingsState.errors[scale.row]),
        rx.el.div(
            form_field(
                scale.reading_label,
                "",
                field_id=scale.reading_id,
                hint=scale.hint,
                fault_apart=True,
                control=_reading(scale),
            ),
            form_field(
                scale.volume_label, "", field_id=scale.volume_id, hint=scale.volume_hint, control=_volume(scale)
            ),
            class_name="inputs",
        ),
        rx.el.p(ReadingsState.costs[scale.row], class_name="cost", custom_attrs={"aria-live": "polite"}),
        after_fields(ReadingsState, scale),
        correct_button(scale),
        class_name="fields",
    )


def _reading(scale: ScaleRow) -> rx.Component:
    attrs = described(scale.reading_id, scale.reading_id, ReadingsState.errors[scale.row], scale.hint)
    return _followed(
        attrs,
        ReadingsState.readings[scale.row],
        lambda text: ReadingsState.type_reading(scale.row, text, ReadingsState.form_id),
    )


def _volume(scale: ScaleRow) -> rx.Component:
    attrs = described(scale.volume_id, scale.volume_id, hint=scale.volume_hint)
    return _followed(
        attrs,
        ReadingsState.volumes[scale.row],
        lambda text: ReadingsState.type_volume(scale.row, text, ReadingsState.form_id),
    )


def _followed(attrs: dict[str, Any], value: rx.Var[str], typed: Any) -> rx.Component:
    """A field that keeps what is typed to itself until a pause, and takes what the other one makes of it."""
    field = rx.el.input(**attrs, on_change=typed, input_mode="decimal", auto_complete="off")
    return rx.debounce_input(field, value=value, debounce_timeout=TYPING_PAUSE)
