"""The overview's charts: what was charged and what was used, each with its sentence and its table."""

from typing import Any

import reflex as rx

from lk_reflex.ui.account import AccountState
from lk_reflex.ui.cabinet import table_files
from lk_reflex.ui.consumption.cards import BY_MONTHS, use_card
from lk_reflex.ui.resident.overview.state import OverviewState
from lk_reflex.ui.resident.overview.year_state import YEAR_ID, YearState
from lk_reflex.ui.shared.charts import bar_chart, chart_put_off, chart_textures, chart_wait
from lk_reflex.ui.shared.notices import card
from lk_reflex.ui.shared.tables import Column, data_table

CHARGES, CONSUMPTION = "Начислено за 13 месяцев", "Расход за 13 месяцев"


def year_cards() -> rx.Component:
    """Room for the charts at once, the charts when they have come."""
    return rx.fragment(
        chart_textures(),
        rx.cond(OverviewState.receipts.length() > 0, _charges()),
        rx.cond(OverviewState.resources > 0, _consumption()),
    )


def _come() -> Any:
    """Whether the charts are there, and of the account that the page shows."""
    return YearState.of == AccountState.key


def _wait(count: Any, what: str) -> rx.Component:
    return rx.cond(YearState.put_off, chart_put_off(YearState.load, what), chart_wait(count))


def _charges() -> rx.Component:
    year = YearState.year
    return rx.el.section(
        # A link from the charges leads here: the focus takes the page along.
        rx.el.h2(CHARGES, id=YEAR_ID, tab_index=-1),
        rx.cond(
            _come(),
            rx.el.div(
                rx.el.p(year.sentence),
                rx.cond(year.drawn, bar_chart(year.chart, summary=year.sentence)),
                rx.el.details(rx.el.summary(BY_MONTHS), _table(), table_files("charges-by-month", CHARGES)),
                class_name="use",
            ),
            _wait(1, CHARGES),
        ),
        class_name="card",
        custom_attrs={"aria-labelledby": YEAR_ID},
    )


def _consumption() -> rx.Component:
    return card(
        rx.cond(
            _come(),
            rx.el.div(rx.foreach(YearState.uses, use_card), class_name="uses"),
            _wait(OverviewState.resources, CONSUMPTION),
        ),
        table_files("consumption", "Расход по месяцам"),
        title=CONSUMPTION,
        card_id="consumption",
    )


def _table() -> rx.Component:
    names = YearState.year.names
    services = (
        Column(names[place], place + 2, numeric=True, shown=names[place] != "")
        for place in range(7)
    )  # fmt: skip
    return data_table(
        (Column("Месяц", 0), Column("Начислено (руб.)", 1, numeric=True), *services),
        YearState.year.rows,
        caption="Начислено по месяцам и услугам",
        row_key=0,
        turn="cards-wide",
        hide_caption=True,
    )
