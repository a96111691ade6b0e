"""Draws the cards of consumption, and the notes about leaks and standing meters."""

from typing import Any

import reflex as rx

from lk_reflex.ui.shared.charts import bar_chart
from lk_reflex.ui.shared.frame import joined
from lk_reflex.ui.shared.notices import notice
from lk_reflex.ui.shared.tables import Column, data_table

BY_MONTHS = "Таблицей"


def use_card(card: Any) -> rx.Component:
    """A var of `rows.UseCard`: heading, sentence, picture, and the table folded."""
    return rx.el.section(
        rx.el.h3(card.title, id=card.key),
        rx.el.p(card.sentence),
        rx.cond(
            card.drawn,
            rx.fragment(
                bar_chart(card.chart, summary=card.sentence), rx.el.details(rx.el.summary(BY_MONTHS), _table(card))
            ),
        ),
        class_name="use",
        custom_attrs={"aria-labelledby": card.key},
        key=card.key,
    )


def _table(card: Any) -> rx.Component:
    zoned = card.scales > 1
    return data_table(
        (
            Column("Месяц", 0),
            Column("Т1", 1, numeric=True, shown=zoned),
            Column("Т2", 2, numeric=True, shown=zoned),
            Column("Т3", 3, numeric=True, shown=card.scales > 2),
            Column(joined("Расход, ", card.unit), 4, numeric=True),
            Column("Год назад", 5, numeric=True),
            Column("Примечание", 6, hide_empty=True),
        ),
        card.rows,
        caption=joined("Расход по месяцам: ", card.title),
        row_key=0,
        turn="cards",
        hide_caption=True,
    )


def hint_note(hint: Any) -> rx.Component:
    """A var of `rows.HintRow`."""
    return notice("due", hint.title, rx.el.p(hint.text))


def meter_hint(hints: Any, meter: Any) -> rx.Component:
    """The note at a meter's card; `hints` is a var of `rows.hints_by_meter`, `meter` the card's key."""
    return rx.cond(hints.contains(meter), hint_note(hints[meter]))
