"""Информация об ИПУ: the manual's table, with the earlier readings under each meter."""

import reflex as rx

from lk_reflex.ui import paths
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.cabinet import freshness, meter_files, section_page, table_files
from lk_reflex.ui.consumption.cards import hint_note, use_card
from lk_reflex.ui.meter_form.verification import VerificationNotice
from lk_reflex.ui.resident.meter_parts.past_table import past_readings, show_button
from lk_reflex.ui.resident.meters.state import MeterRow, MetersState
from lk_reflex.ui.resident.meters.use_state import MetersUse
from lk_reflex.ui.shared import words
from lk_reflex.ui.shared.charts import chart_put_off, chart_textures, chart_wait
from lk_reflex.ui.shared.notices import action_link, card, empty_state, notice, skeleton, tag
from lk_reflex.ui.shared.tables import Column, data_table

TITLE = paths.TITLES[paths.METERS]
USE = "Расход за 13 месяцев"
CAPTION = "Информация об индивидуальных приборах учета"
NO_METERS = "Приборов учёта на этом лицевом счете нет"
NO_METERS_HOW = "Если прибор установлен, обратитесь в организацию: она введёт его в эксплуатацию, и он появится здесь."


def meters_page() -> rx.Component:
    """The meters of the chosen account."""
    return section_page(
        TITLE,
        rx.cond(
            MetersState.rows.length() > 0,
            rx.fragment(
                rx.foreach(MetersState.notices, _notice),
                rx.foreach(MetersState.hints, hint_note),
                card(
                    data_table(
                        COLUMNS,
                        MetersState.rows,
                        caption=CAPTION,
                        row_key="key",
                        turn="cards-wide",
                        details=_details,
                        opened="opened",
                    )
                ),
                rx.el.div(
                    table_files("meters", TITLE),
                    table_files("readings", "Все показания", label="Скачать все показания:"),
                    class_name="files",
                ),
                rx.el.div(action_link("Передать показания", paths.READINGS), class_name="row"),
                _uses(),
            ),
            rx.cond(MetersState.loaded, empty_state(NO_METERS, rx.el.p(NO_METERS_HOW)), skeleton()),
        ),
        current=paths.METERS,
        head_extra=freshness(),
    )


def _uses() -> rx.Component:
    """Room for the charts at once, the charts when they have come."""
    return rx.fragment(
        chart_textures(),
        card(
            rx.cond(
                MetersUse.of == AccountState.key,
                rx.el.div(rx.foreach(MetersUse.uses, use_card), class_name="uses"),
                rx.cond(MetersUse.put_off, chart_put_off(MetersUse.load, USE), chart_wait(MetersState.charts)),
            ),
            table_files("consumption", "Расход по месяцам"),
            title=USE,
            card_id="consumption",
        ),
    )


def _notice(said: VerificationNotice) -> rx.Component:
    return notice(said.kind, said.title, rx.el.p(said.text))


def _verification(row: MeterRow) -> rx.Component:
    day = rx.cond(row.verification != "", row.verification, words.NO_VALUE)
    warning = rx.fragment(" ", tag(row.verification_tag, row.verification_kind))
    return rx.el.span(day, rx.cond(row.verification_tag != "", warning))


def _details(row: MeterRow) -> rx.Component:
    return rx.fragment(
        past_readings(row.past, row.name),
        rx.cond(row.past.rows.length() > 0, meter_files(row.key, row.name)),
    )


def _show(row: MeterRow) -> rx.Component:
    return show_button(row.opened, row.name, MetersState.toggle(row.key))


COLUMNS = (
    Column("Номер", "number"),
    Column("Наименование", "name"),
    Column("Место установки", "place"),
    Column("Дата установки", "installed"),
    Column("Дата поверки", _verification),
    Column("Дата начала расчета", "started"),
    Column("Дата окончания расчета", "ended", hide_empty=True),
    Column("Причина снятия с расчета", "end_reason", hide_empty=True),
    Column("Среднее потребление за последние 6 месяцев", "average"),
    Column("Просмотр показаний", _show),
)
