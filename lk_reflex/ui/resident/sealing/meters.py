"""«Список счетчиков»: a section a meter, with its fields, its copies of documents, and the way to take it out."""

import reflex as rx

from lk_reflex.ui.resident.sealing import words
from lk_reflex.ui.resident.sealing.fields import choice_field, long_field, mark, text_field
from lk_reflex.ui.resident.sealing.rows import MeterRow
from lk_reflex.ui.resident.sealing.state import METERS_ID, SealingState
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.uploads import upload_zones

zone = upload_zones(SealingState)


def meter_list() -> rx.Component:
    """All meters. The heading never leaves the page: the focus goes there when a meter has gone."""
    return rx.el.section(
        rx.el.h2(words.LIST, id=METERS_ID, tab_index=-1),
        rx.foreach(SealingState.rows, _meter),
        class_name="card",
        custom_attrs={"aria-labelledby": METERS_ID},
    )


def _meter(row: MeterRow) -> rx.Component:
    field = words.METER
    title_id = joined(row.key, "-title")
    return rx.el.section(
        rx.el.h3(row.title, id=title_id),
        rx.el.div(
            choice_field("application", field["application"], row=row, value=row.application,
                         auto_focus=SealingState.at == row.key),
            choice_field("type", field["type"], row=row, value=row.type),
            text_field("serial", field["serial"], row=row, value=row.serial),
            choice_field("brand", field["brand"], row=row, value=row.brand),
            text_field("reading", field["reading"], row=row, value=row.reading),
            text_field("verification_due", field["verification_due"], row=row, value=row.verification_due),
            choice_field("place", field["place"], row=row, value=row.place),
            class_name="inputs wide",
        ),
        long_field("installer", field["installer"], row=row, value=row.installer),
        _copies(row),
        _removal(row),
        class_name="meter-row",
        key=row.key,
        custom_attrs={"aria-labelledby": title_id},
    )  # fmt: skip


def _copies(row: MeterRow) -> rx.Component:
    passport, act = joined(row.key, ":passport"), joined(row.key, ":act")
    no_act = rx.el.p(words.NO_ACT, class_name="small muted")
    return rx.el.div(
        rx.el.h4(words.COPIES),
        rx.el.div(
            rx.el.div(mark(passport), zone(slot=passport, label=words.PASSPORT_COPY, single=True)),
            rx.cond(row.needs_act, rx.el.div(mark(act), zone(slot=act, label=words.ACT_COPY, single=True)), no_act),
            class_name="inputs wide",
        ),
        class_name="stack tight",
    )


def _removal(row: MeterRow) -> rx.Component:
    """There is always one meter at least."""
    number = rx.el.span(" ", row.place_in_list, class_name="hidden")
    remove = rx.el.button(
        words.REMOVE, number, type="button", on_click=SealingState.remove_row(row.key), class_name="link-button"
    )
    ask = rx.el.div(
        rx.el.p(rx.el.b(words.REMOVE_ASK)),
        rx.el.div(
            rx.el.button(
                words.REMOVE_YES, number, type="button", auto_focus=True, on_click=SealingState.remove_row(row.key),
                class_name="button",
            ),
            rx.el.button(words.REMOVE_NO, type="button", on_click=SealingState.keep_row, class_name="button quiet"),
            class_name="row",
        ),
        class_name="notice due",
        role="alert",
    )  # fmt: skip
    return rx.cond(SealingState.rows.length() > 1, rx.cond(SealingState.removing == row.key, ask, remove))
