"""Информация об ИПУ: the meters of the chosen account as ready strings."""

from dataclasses import dataclass, replace

import reflex as rx

from lk_reflex.core.clock import format_date
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.meters import VERIFICATION_OVER, MeterView, ScaleView, meters_of
from lk_reflex.domain.metering.units import amount
from lk_reflex.domain.metering.usage.use import use_of
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.consumption.rows import HintRow, hint_rows
from lk_reflex.ui.fresh import show_fresh
from lk_reflex.ui.guard import resident
from lk_reflex.ui.meter_form.fates import refusal_notices
from lk_reflex.ui.meter_form.verification import (
    VerificationNotice,
    verification_notices,
    verification_tag,
)
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.meter_parts.past_rows import NOTHING, PastList, past_list
from lk_reflex.ui.shared import words
from lk_reflex.ui.visit import Visit


@dataclass(frozen=True)
class MeterRow:
    """One meter in the manual's columns; `verification_tag` warns beside the date."""

    key: str
    number: str
    name: str
    place: str
    installed: str
    verification: str
    verification_tag: str
    verification_kind: str
    started: str
    ended: str
    end_reason: str
    average: str
    opened: bool
    past: PastList


class MetersState(rx.State):
    """The list, and the earlier readings that are open."""

    loaded: bool = False
    notices: list[VerificationNotice] = []
    rows: list[MeterRow] = []
    hints: list[HintRow] = []
    #: How many charts will come: they have their room at once.
    charts: int = 0

    _account_id: int = 0

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the chosen account's meters."""
        account = visit.chosen()
        show_fresh(visit, account)
        self._account_id = account.account_id if account else 0
        found = visit.read(meters_of, account.account_id, now=visit.now) if account else None
        use = visit.read(use_of, account.account_id, now=visit.now) if account else None
        publish(
            self,
            loaded=True,
            notices=[*refusal_notices(found), *verification_notices(found)] if found else [],
            rows=[_row(meter) for meter in found.meters] if found else [],
            hints=hint_rows(use.hints) if use else [],
            charts=sum(bool(meter.months) for meter in use.meters) if use else 0,
        )

    @rx.event
    @resident
    def toggle(self, visit: Visit, meter: str) -> None:
        """«Показать» or «Скрыть» the earlier readings of a meter."""
        known = next((row for row in self.rows if row.key == meter), None)
        if known is None:
            return
        changed = _closed(known) if known.opened else _open(known, visit, self._account_id)
        self.rows = [changed if row.key == meter else row for row in self.rows]


def _row(meter: MeterView) -> MeterRow:
    return MeterRow(
        str(meter.meter_id),
        meter.serial,
        meter.name,
        meter.place,
        format_date(meter.installed_on),
        format_date(meter.verification_due),
        verification_tag(meter),
        "bad" if meter.verification == VERIFICATION_OVER else "due",
        format_date(meter.started_on),
        format_date(meter.ended_on),
        meter.end_reason,
        ", ".join(_average(scale, meter.unit) for scale in meter.scales if scale.average is not None) or words.NO_DATA,
        opened=False,
        past=NOTHING,
    )


def _closed(row: MeterRow) -> MeterRow:
    return replace(row, opened=False, past=NOTHING)


def _open(row: MeterRow, visit: Visit, account_id: int) -> MeterRow:
    return replace(row, opened=True, past=past_list(visit.read(history, account_id, row_id(row.key))))


def _average(scale: ScaleView, unit: str) -> str:
    text = amount(scale.average or 0, unit)
    return f"{scale.label}: {text}" if scale.label else text
