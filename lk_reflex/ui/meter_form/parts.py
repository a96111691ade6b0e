"""The pieces of a form of readings: what was taken, the notices, a meter's card, the day and the button."""

from collections.abc import Callable, Sequence
from typing import Any

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.meter_form.rows import MeterCard, ScaleRow, TakenRow
from lk_reflex.ui.meter_form.state import TAKEN_ID
from lk_reflex.ui.meter_form.verification import VerificationNotice
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.forms import error_summary, form_field, submit, told_anew, typed_in
from lk_reflex.ui.shared.notices import empty_state, notice, skeleton, tag
from lk_reflex.ui.shared.sending import Sending, sending

SEND = paths.TITLES[paths.READINGS]
NOT_SENT = (
    "Если показание не передать, начислят по среднему потреблению за 6 месяцев, но не дольше трёх периодов подряд, "
    "а потом по нормативу."
)
NO_METERS = "Приборов учёта на этом лицевом счете нет"
NO_METERS_HOW = "Если прибор установлен, обратитесь в организацию: она введёт его в эксплуатацию, и он появится здесь."
#: Said at once, by the browser itself: without a connection the answer may be long in coming.
SENDING = "Передаём…"
UNSENT = "Введённое раньше сохранилось, но ещё не передано."
#: Of the page's one form of readings.
FORM_ID = "readings-form"
#: What is typed goes to the server after so long a pause, in milliseconds.
TYPING_PAUSE = 400
YES = "Да, показание верное"

#: A state that mixes `MeterForm` in. On a page its attributes are vars.
Form = Any
DrawScale = Callable[[ScaleRow], rx.Component]


def taken_message(form: Form, *after: rx.Component) -> rx.Component:
    """What was taken. The container never leaves the page, so that the focus always finds it."""
    return rx.el.div(
        rx.cond(
            form.taken_title != "",
            notice(
                "good", form.taken_title + ".", rx.el.ul(rx.foreach(form.taken, _taken_row), class_name="taken"), *after
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


def form_or_nothing(form: Form, filled: rx.Component) -> rx.Component:
    """The form; or that there are no meters, or that they haven't come yet."""
    return rx.cond(
        form.meters.length() > 0,
        filled,
        rx.cond(form.loaded, empty_state(NO_METERS, rx.el.p(NO_METERS_HOW)), skeleton()),
    )


def window_tag(form: Form) -> rx.Component:
    """«Приём открыт до 25 ноября», beside the heading."""
    return rx.cond(form.accepts, tag(form.window, form.window_kind))


def meter_form(
    form: Form, draw_meter: Callable[[MeterCard], rx.Component], how: rx.Component, *,
    send: rx.Var[str] | str = SEND, within: Sequence[rx.Component] = (), before_send: Sequence[rx.Component] = (),
    after_send: Sequence[rx.Component] = (), keeps: bool = False,
) -> rx.Component:  # fmt: skip
    """Faults, notices and the form itself; `how` explains how to fill it in, `send` is the button's words.

    With `keeps` the state mixes `UnsentReadings` in, too.
    """
    under_way = sending(f"readings_{form.__name__.lower()}", form.answers)
    return rx.fragment(
        error_summary(form.faults, title=form.faults_title),
        rx.cond(
            form.refusal != "",
            notice("due", form.refusal + "."),
            rx.cond(form.accepts, how),
        ),
        rx.foreach(form.notices, _notice),
        *([rx.cond(form.unsent, notice("info", UNSENT))] if keeps else []),
        # Another id is another form: everything typed goes once it has been taken, and not before.
        rx.el.form(
            rx.el.input(type="hidden", name="form_key", value=form.form_key, read_only=True),
            *within,
            rx.foreach(form.meters, draw_meter),
            rx.cond(form.accepts, _send(form, send, under_way, before_send, after_send, keeps=keeps)),
            on_submit=[under_way.pressed, form.submit],
            no_validate=True,
            class_name="stack",
            id=FORM_ID,
            key=form.form_id,
        ),
        *([_taking_up(form)] if keeps else []),
    )


def keeping(form: Form) -> Any:
    """The event of a field that keeps what is typed into the form, whichever of its fields it was."""
    return form.keep_typed(typed_in(FORM_ID)).debounce(TYPING_PAUSE)


def _taking_up(form: Form) -> rx.Component:
    """Tells, when the page has connected, what stands in its fields."""
    return rx.cond(form.accepts, told_anew(form.connection, form.take_up(typed_in(FORM_ID))))


def _notice(said: VerificationNotice) -> rx.Component:
    return notice(said.kind, said.title, rx.el.p(said.text))


def _send(
    form: Form, title: rx.Var[str] | str, under_way: Sending, before: Sequence[rx.Component],
    after: Sequence[rx.Component], *, keeps: bool,
) -> rx.Component:  # fmt: skip
    kept = {"on_change": keeping(form)} if keeps else {}
    return rx.el.div(
        form_field(
            "Дата снятия показания:",
            "taken_on",
            error=form.date_error,
            hint="Сегодня, если показание снято сегодня; например 20.11.2026",
            short=True,
            default_value=form.today,
            auto_complete="off",
            **kept,
        ),
        *before,
        rx.el.div(submit(title, busy=under_way.now, busy_title=SENDING), class_name="row"),
        *after,
        rx.el.p(NOT_SENT, class_name="small muted"),
        class_name="card",
    )


def meter_card(
    meter: MeterCard, fields: DrawScale, *below: rx.Component, facts: DrawScale | None = None,
    closed: DrawScale | None = None,
) -> rx.Component:  # fmt: skip
    """One meter with its scales, each with its fields; `facts` draws what is known of a scale.

    `closed` draws a scale for which nothing new can be taken: what became of its reading, unless told otherwise.
    """
    title_id = rx.Var.create("meter-") + meter.key

    def scale_line(scale: ScaleRow, place: rx.Var[int]) -> rx.Component:
        label = rx.cond(scale.label != "", rx.el.h3(scale.label))
        entered = rx.cond(meter.accepts & scale.open, fields(scale), (closed or fate)(scale))
        known = [rx.el.div(label, facts(scale)), entered] if facts else [rx.el.div(label, entered, class_name="stack")]
        return rx.el.div(
            # The meter itself stands before its first scale only.
            rx.cond(place == 0, _identity(meter, title_id), rx.el.span()),
            *known,
            class_name="meter" if facts else "meter brief",
            key=scale.row,
        )

    return rx.el.section(
        rx.foreach(meter.scales, scale_line),
        rx.cond(meter.refusal != "", notice("info", meter.refusal + ".")),
        *below,
        class_name="card",
        custom_attrs={"aria-labelledby": title_id},
        key=meter.key,
    )


def _identity(meter: MeterCard, title_id: rx.Var[str]) -> rx.Component:
    verified = rx.fragment(
        rx.cond(meter.verification != "", meter.verification, words.NO_VALUE),
        rx.cond(meter.verification_tag != "", rx.fragment(" ", tag(meter.verification_tag, meter.verification_kind))),
    )
    return rx.el.div(
        rx.el.h2(rx.el.span("Наименование: ", class_name="hidden"), meter.name, id=title_id),
        rx.el.dl(
            fact("Номер:", meter.number),
            fact("Место установки:", meter.place),
            rx.el.div(rx.el.dt("Дата поверки:"), rx.el.dd(verified)),
            class_name="facts",
        ),
    )


def last_facts(scale: ScaleRow) -> rx.Component:
    """The reading from which a volume counts, under a name that says so while a newer one waits; and the average."""
    return rx.el.dl(
        rx.cond(scale.held, fact("Передано:", scale.given, strong=True)),
        rx.cond(
            scale.held,
            fact("Показание до него:", scale.last),
            fact("Последнее показание:", scale.last, strong=True),
        ),
        fact(rx.cond(scale.held, "Дата показания до него:", "Дата последнего показания:"), scale.last_on),
        fact("Среднее потребление за последние 6 месяцев:", scale.average, absent=words.NO_DATA),
        class_name="facts",
    )


def fact(
    label: rx.Var[str] | str, value: rx.Var[str], *, strong: bool = False, absent: str = words.NO_VALUE
) -> rx.Component:
    """A label and its value in a list of facts; `absent` stands for an empty one."""
    shown = rx.cond(value != "", value, absent)
    return rx.el.div(rx.el.dt(label), rx.el.dd(rx.el.b(shown) if strong else shown, class_name="num"))


def after_fields(form: Form, scale: ScaleRow) -> rx.Component:
    """What has been sent for this period already, and the doubt that wants a «yes»."""
    return rx.fragment(
        fate(scale),
        rx.cond(form.questions[scale.row] != "", _question(form, scale)),
    )


def fate(scale: ScaleRow) -> rx.Component:
    """What was sent for this period, and what billing has said of it."""
    return rx.fragment(
        rx.cond(scale.sent != "", rx.el.p(scale.sent, class_name="small")),
        rx.cond(scale.refused != "", rx.el.div(rx.el.p(scale.refused), class_name="notice bad")),
    )


def _question(form: Form, scale: ScaleRow) -> rx.Component:
    """Another question is another tick: a «yes» never passes over to a number that it wasn't said of."""
    question = form.questions[scale.row]
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
