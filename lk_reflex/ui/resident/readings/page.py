"""Передать показания: a card for each meter with its two fields, and what was taken."""

from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.cabinet import section_page
from lk_reflex.ui.resident.meter_parts.past_table import past_readings, show_button
from lk_reflex.ui.resident.meter_parts.verification import VerificationNotice
from lk_reflex.ui.resident.readings.rows import MeterCard, ScaleRow, TakenRow
from lk_reflex.ui.resident.readings.state import TAKEN_ID, ReadingsState
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.forms import described, error_summary, field_error, form_field, submit
from lk_reflex.ui.shared.notices import action_link, empty_state, notice, skeleton, tag

TITLE = paths.TITLES[paths.READINGS]
HOW = (
    "Введите новое показание прибора учета, объем изменения, дату снятия показания и нажмите на кнопку "
    "«Передать показания»."
)
HOW_TO_COUNT = (
    "Для расчета объема изменения можно просмотреть предыдущие показания, нажав на кнопку «Показать». "
    "Достаточно заполнить одно из двух полей: второе посчитаем сами."
)
NOT_SENT = (
    "Если показание не передать, начислят по среднему потреблению за 6 месяцев, но не дольше трёх периодов подряд, "
    "а потом по нормативу."
)
NO_METERS = "Приборов учёта на этом лицевом счете нет"
NO_METERS_HOW = "Если прибор установлен, обратитесь в организацию: она введёт его в эксплуатацию, и он появится здесь."
YES = "Да, показание верное"
TYPING_PAUSE = 400


def readings_page() -> rx.Component:
    """The form over the meters of the chosen account."""
    return section_page(
        TITLE,
        _taken(),
        rx.cond(
            ReadingsState.meters.length() > 0,
            _meters(),
            rx.cond(ReadingsState.loaded, empty_state(NO_METERS, rx.el.p(NO_METERS_HOW)), skeleton()),
        ),
        current=paths.READINGS,
        head_extra=rx.cond(ReadingsState.accepts, tag(ReadingsState.window, ReadingsState.window_kind)),
    )


def _taken() -> rx.Component:
    """What was taken. The container never leaves the page, so that the focus always finds it."""
    return rx.el.div(
        rx.cond(
            ReadingsState.taken_title != "",
            notice(
                "good",
                ReadingsState.taken_title + ".",
                rx.el.ul(rx.foreach(ReadingsState.taken, _taken_row)),
                rx.el.p("Пока показание не ушло на расчёт, его можно исправить: передайте новое."),
                rx.el.div(action_link("Информация об ИПУ", paths.METERS, quiet=True), class_name="row"),
            ),
        ),
        id=TAKEN_ID,
        tab_index=-1,
        role="status",
        class_name="message",
    )


def _taken_row(row: TakenRow) -> rx.Component:
    return rx.el.li(
        row.text,
        rx.cond(row.warning != "", rx.fragment(rx.el.br(), row.warning, ".")),
        key=row.key,
    )


def _meters() -> rx.Component:
    return rx.fragment(
        error_summary(ReadingsState.faults, title=ReadingsState.faults_title),
        rx.cond(
            ReadingsState.refusal != "",
            notice("due", ReadingsState.refusal + "."),
            rx.cond(ReadingsState.accepts, _how()),
        ),
        rx.foreach(ReadingsState.notices, _notice),
        # Another id is another form: everything typed goes once it has been taken, and not before.
        rx.el.form(
            rx.el.input(type="hidden", name="form_key", value=ReadingsState.form_key, read_only=True),
            rx.foreach(ReadingsState.meters, _meter),
            rx.cond(ReadingsState.accepts, _send()),
            on_submit=ReadingsState.submit,
            no_validate=True,
            class_name="stack",
            key=ReadingsState.form_id,
        ),
    )


def _how() -> rx.Component:
    """Folded: who sends readings every month comes for the fields."""
    return rx.el.details(rx.el.summary("Как заполнить"), rx.el.p(HOW), rx.el.p(HOW_TO_COUNT))


def _notice(said: VerificationNotice) -> rx.Component:
    return notice(said.kind, said.title, rx.el.p(said.text))


def _send() -> rx.Component:
    return rx.el.div(
        form_field(
            "Дата снятия показания:",
            "taken_on",
            error=ReadingsState.date_error,
            hint="Сегодня, если показание снято сегодня; например 20.11.2026",
            short=True,
            default_value=ReadingsState.today,
            auto_complete="off",
        ),
        rx.el.div(submit(TITLE), class_name="row"),
        rx.el.p(NOT_SENT, class_name="small muted"),
        class_name="card",
    )


def _meter(meter: MeterCard) -> rx.Component:
    title_id = rx.Var.create("meter-") + meter.key
    return rx.el.section(
        rx.foreach(meter.scales, lambda scale, place: _scale(scale, place, meter, title_id)),
        rx.cond(meter.refusal != "", notice("info", meter.refusal + ".")),
        rx.el.p(
            "Предыдущие показания: ",
            show_button(ReadingsState.opened[meter.key], meter.name, ReadingsState.toggle(meter.key)),
        ),
        rx.cond(ReadingsState.opened[meter.key], past_readings(ReadingsState.past[meter.key], meter.name)),
        class_name="card",
        custom_attrs={"aria-labelledby": title_id},
        key=meter.key,
    )


def _scale(scale: ScaleRow, place: rx.Var[int], meter: MeterCard, title_id: rx.Var[str]) -> rx.Component:
    """One line of a card; the meter itself stands before its first scale only."""
    return rx.el.div(
        rx.cond(place == 0, _identity(meter, title_id), rx.el.span()),
        rx.el.div(
            rx.cond(scale.label != "", rx.el.h3(scale.label)),
            rx.el.dl(
                _fact("Последнее показание:", scale.last, strong=True),
                _fact("Дата последнего показания:", scale.last_on),
                _fact("Среднее потребление за последние 6 месяцев:", scale.average, absent=words.NO_DATA),
                class_name="facts",
            ),
        ),
        rx.cond(meter.accepts, _fields(scale), rx.cond(scale.sent != "", rx.el.p(scale.sent, class_name="small"))),
        class_name="meter",
        key=scale.row,
    )


def _identity(meter: MeterCard, title_id: rx.Var[str]) -> rx.Component:
    verified = rx.fragment(
        rx.cond(meter.verification != "", meter.verification, words.NO_VALUE),
        rx.cond(meter.verification_tag != "", rx.fragment(" ", tag(meter.verification_tag, meter.verification_kind))),
    )
    return rx.el.div(
        rx.el.h2(rx.el.span("Наименование: ", class_name="hidden"), meter.name, id=title_id),
        rx.el.dl(
            _fact("Номер:", meter.number),
            _fact("Место установки:", meter.place),
            rx.el.div(rx.el.dt("Дата поверки:"), rx.el.dd(verified)),
            class_name="facts",
        ),
    )


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
        rx.cond(scale.sent != "", rx.el.p(scale.sent, class_name="small")),
        rx.cond(ReadingsState.questions[scale.row] != "", _question(scale)),
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


def _question(scale: ScaleRow) -> rx.Component:
    """Another question is another tick: a «yes» never passes over to a number that it wasn't said of."""
    question = ReadingsState.questions[scale.row]
    question_id = scale.yes_id + "-question"
    return rx.el.div(
        rx.el.p(question, id=question_id),
        rx.el.div(
            rx.el.input(
                type="checkbox",
                value="yes",
                id=scale.yes_id,
                name=scale.yes_id,
                custom_attrs={"aria-describedby": question_id},
            ),
            rx.el.label(YES, html_for=scale.yes_id),
            class_name="check",
        ),
        class_name="notice due",
        key=question,
    )


def _fact(label: str, value: rx.Var[str], *, strong: bool = False, absent: str = words.NO_VALUE) -> rx.Component:
    shown = rx.cond(value != "", value, absent)
    return rx.el.div(rx.el.dt(label), rx.el.dd(rx.el.b(shown) if strong else shown, class_name="num"))
