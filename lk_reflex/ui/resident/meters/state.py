"""Информация об ИПУ: the meters of the chosen account as ready strings."""

from dataclasses import dataclass, replace

import reflex as rx

from lk_reflex.core.clock import format_date
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.meters import VERIFICATION_OVER, VERIFIED, MeterView, ScaleView, meters_of
from lk_reflex.domain.metering.units import amount
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import Visit, resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.past_readings.rows import PastRow, past_rows


@dataclass(frozen=True)
class MeterRow:
    """One meter in the manual's columns; `note` warns of its verification."""

    key: str
    number: str
    name: str
    place: str
    installed: str
    verification: str
    note: str
    note_kind: str
    started: str
    ended: str
    end_reason: str
    average: str
    opened: bool
    past: list[PastRow]


class MetersState(rx.State):
    """The list, and the earlier readings that are open."""

    loaded: bool = False
    rows: list[MeterRow] = []

    _account_id: int = 0

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the chosen account's meters."""
        account = visit.chosen()
        self._account_id = account.account_id if account else 0
        meters = visit.read(meters_of, account.account_id, now=visit.now).meters if account else ()
        publish(self, loaded=True, rows=[_row(meter) for meter in meters])

    @rx.event
    @resident
    def toggle(self, visit: Visit, meter: str) -> None:
        """«Показать» or «Скрыть» the earlier readings of a meter."""
        known = next((row for row in self.rows if row.key == meter), None)
        if known is None:
            return
        past = [] if known.opened else past_rows(visit.read(history, self._account_id, row_id(meter)))
        changed = replace(known, opened=not known.opened, past=past)
        self.rows = [changed if row.key == meter else row for row in self.rows]


def _row(meter: MeterView) -> MeterRow:
    in_use = meter.ended_on is None
    return MeterRow(
        str(meter.meter_id),
        meter.serial,
        meter.name,
        meter.place,
        format_date(meter.installed_on),
        format_date(meter.verification_due),
        meter.verification_note if in_use and meter.verification != VERIFIED else "",
        "bad" if meter.verification == VERIFICATION_OVER else "due",
        format_date(meter.started_on),
        format_date(meter.ended_on),
        meter.end_reason,
        ", ".join(_average(scale, meter.unit) for scale in meter.scales if scale.average is not None),
        False,
        [],
    )


def _average(scale: ScaleView, unit: str) -> str:
    text = amount(scale.average or 0, unit)
    return f"{scale.label}: {text}" if scale.label else text
