"""Передать показания: the form of the chosen account, its fields that follow each other, and the earlier readings."""

from typing import Any

import reflex as rx

from lk_reflex.domain.metering.follow import reading_for, volume_for
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.meters import AccountMeters, meters_of
from lk_reflex.domain.metering.rules import Scale
from lk_reflex.domain.metering.submit import submit
from lk_reflex.domain.metering.taken import Taken
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import resident
from lk_reflex.ui.meter_form.form import Pair, entries_of, text_of
from lk_reflex.ui.meter_form.rows import meter_cards, scales_by_row, taken_rows
from lk_reflex.ui.meter_form.state import MeterForm
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.meter_parts.past_rows import NOTHING, PastList, past_list
from lk_reflex.ui.visit import Visit


class ReadingsState(MeterForm, rx.State):
    """The meters of the chosen account and the form over them.

    `readings` and `volumes` hold what the server has put into the fields, never an echo of what is typed there:
    an echo that comes late would undo the next keystroke. A row that is missing there leaves its field alone.
    """

    readings: dict[str, str] = {}
    volumes: dict[str, str] = {}
    opened: dict[str, bool] = {}
    past: dict[str, PastList] = {}

    _scales: dict[str, tuple[Scale, int]] = {}
    _pairs: dict[str, Pair] = {}

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the chosen account's meters with an empty form."""
        account = visit.chosen()
        if account is None:
            publish(self, taken_title="", taken=[], loaded=True, meters=[], notices=[], accepts=False)
            return
        self._turn_to(account.account_id, account.time_zone)
        self._fill(visit.read(meters_of, account.account_id, now=visit.now))

    @rx.event
    @resident
    def type_reading(self, visit: Visit, row: str, text: str, form_id: str) -> None:
        """A reading was typed: fill in its volume."""
        known = self._scale_of(row, form_id)
        if known is not None:
            volume = volume_for(text_of(text), *known)
            self._pairs[row] = Pair(text_of(text), volume)
            self.volumes = {**self.volumes, row: _anew(volume, self.volumes.get(row))}

    @rx.event
    @resident
    def type_volume(self, visit: Visit, row: str, text: str, form_id: str) -> None:
        """A volume was typed: fill in the reading that it makes."""
        known = self._scale_of(row, form_id)
        if known is not None:
            reading = reading_for(text_of(text), *known)
            self._pairs[row] = Pair(reading, text_of(text))
            self.readings = {**self.readings, row: _anew(reading, self.readings.get(row))}

    @rx.event
    @resident(writes=True)
    def submit(self, visit: Visit, form: dict[str, Any]) -> Any:
        """Send the filled rows; faults and questions go to their rows, and everything typed stays."""
        given = form if isinstance(form, dict) else {}
        outcome = self._send(
            given,
            entries_of(given, self._rows, self._pairs),
            lambda *filled: visit.write(submit, self._account_id, *filled, now=visit.now),
        )
        return self._took(visit, outcome) if isinstance(outcome, Taken) else outcome

    @rx.event
    @resident
    def toggle(self, visit: Visit, meter: str) -> None:
        """«Показать» or «Скрыть» the earlier readings of a meter."""
        meter = text_of(meter)
        if self.opened.get(meter):
            self.opened = {**self.opened, meter: False}
            return
        found = past_list(visit.read(history, self._account_id, row_id(meter)))
        self.past = {**self.past, meter: found}
        self.opened = {**self.opened, meter: True}

    def _scale_of(self, row: str, form_id: str) -> tuple[Scale, int] | None:
        """The scale typed for, unless its form has been sent meanwhile: a late word must not fill the next one."""
        return self._scales.get(text_of(row)) if form_id == self.form_id else None

    def _fill(self, account: AccountMeters) -> None:
        cards = meter_cards(account)
        self._scales, self._pairs = scales_by_row(account), {}
        self._show(account, cards)
        publish(
            self,
            readings={},
            volumes={},
            opened={card.key: False for card in cards},
            past={card.key: NOTHING for card in cards},
        )

    def _took(self, visit: Visit, taken: Taken) -> Any:
        self.form_key = ""  # the next form is another one
        self._fill(visit.read(meters_of, self._account_id, now=visit.now))
        return self._say_taken(taken, taken_rows(taken))


def _anew(text: str, shown: str | None) -> str:
    """A text equal to the one put there before wouldn't reach a field typed over since: a space tells them apart."""
    return f"{text} " if text and text == shown else text
