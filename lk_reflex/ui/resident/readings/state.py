"""Передать показания: the form, its faults and questions, and what was taken; as ready strings."""

import secrets
from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.metering.entries import TAKEN_ON, NeedsConfirmation
from lk_reflex.domain.metering.follow import reading_for, volume_for
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.meters import AccountMeters, meters_of
from lk_reflex.domain.metering.rules import Scale
from lk_reflex.domain.metering.submit import submit
from lk_reflex.domain.metering.taken import Taken
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.meter_parts.past_rows import NOTHING, PastList, past_list
from lk_reflex.ui.resident.meter_parts.verification import VerificationNotice, verification_notices
from lk_reflex.ui.resident.readings.form import Pair, confirmed, entries_of, field_text, text_of
from lk_reflex.ui.resident.readings.rows import (
    MeterCard,
    TakenRow,
    meter_cards,
    reading_id,
    scales_by_row,
    taken_rows,
    taken_title,
    yes_id,
)
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

CONFIRM = "Подтвердите показания, пока они не переданы"
FIX = "Исправьте ошибки, показания пока не переданы"
TAKEN_ID = "taken"


class ReadingsState(rx.State):
    """The meters of the chosen account and the form over them.

    `readings` and `volumes` hold what the server has put into the fields, never an echo of what is typed there:
    an echo that comes late would undo the next keystroke. A row that is missing there leaves its field alone.
    """

    loaded: bool = False
    window: str = ""
    window_kind: str = "info"
    refusal: str = ""
    notices: list[VerificationNotice] = []
    meters: list[MeterCard] = []
    accepts: bool = False
    today: str = ""
    form_key: str = ""
    #: Names the form on the screen: it changes with a sending, and not with a lost connection or a new server.
    form_id: str = ""

    readings: dict[str, str] = {}
    volumes: dict[str, str] = {}
    errors: dict[str, str] = {}
    questions: dict[str, str] = {}
    date_error: str = ""
    faults: list[Fault] = []
    faults_title: str = FIX

    taken_title: str = ""
    taken: list[TakenRow] = []

    opened: dict[str, bool] = {}
    past: dict[str, PastList] = {}

    _account_id: int = 0
    _zone: str = ""
    _scales: dict[str, tuple[Scale, int]] = {}
    _pairs: dict[str, Pair] = {}
    _tokens: dict[str, str] = {}
    _confirmed: list[str] = []

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the chosen account's meters with an empty form."""
        account = visit.chosen()
        publish(self, taken_title="", taken=[])
        if account is None:
            publish(self, loaded=True, meters=[], notices=[], accepts=False)
            return
        if account.account_id != self._account_id:
            self._account_id, self.form_key = account.account_id, ""
        self._zone = account.time_zone
        self._show(visit.read(meters_of, account.account_id, now=visit.now))

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
        entries = entries_of(given, self._scales, self._pairs)
        day, key = field_text(given, TAKEN_ON), field_text(given, "form_key") or self.form_key
        tokens = self._confirmed = [*self._confirmed, *confirmed(given, self._tokens)]
        try:
            taken = visit.write(submit, self._account_id, entries, day, key, tokens, now=visit.now)
        except Invalid as fault:
            return self._refuse(fault.fields)
        except NeedsConfirmation as doubt:
            self._tokens = {question.row: question.token for question in doubt.questions}
            return self._refuse({}, {question.row: question.text for question in doubt.questions})
        except Refused as refusal:
            if self.taken_title and not any(entry.filled for entry in entries.values()):
                return rx.set_focus(TAKEN_ID)  # the second press of an impatient finger finds the next, empty form
            return self._refuse({next(iter(self._scales), TAKEN_ON): refusal.message})
        return self._took(visit, taken)

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

    def _show(self, account: AccountMeters) -> None:
        cards = meter_cards(account)
        self._scales = scales_by_row(account)
        self._pairs, self._tokens, self._confirmed = {}, {}, []
        blank = dict.fromkeys(self._scales, "")
        publish(
            self,
            loaded=True,
            window=account.window.sentence,
            window_kind="good" if account.window.is_open else "due",
            refusal=account.refusal,
            notices=verification_notices(account),
            meters=cards,
            accepts=any(card.accepts for card in cards),
            today=format_date(account.today),
            form_key=self.form_key or secrets.token_urlsafe(16),
            form_id=f"{account.account_id}-{account.latest_submission}",
            readings={},
            volumes={},
            errors=blank,
            questions=blank,
            date_error="",
            faults=[],
            opened={card.key: False for card in cards},
            past={card.key: NOTHING for card in cards},
        )

    def _refuse(self, errors: dict[str, str], questions: dict[str, str] | None = None) -> Any:
        asked = questions or {}
        names = {scale.row: card.name for card in self.meters for scale in card.scales}
        faults = [
            Fault(TAKEN_ON if row == TAKEN_ON else reading_id(row), _named(names.get(row), text))
            for row, text in errors.items()
        ]
        faults += [Fault(yes_id(row), _named(names.get(row), text)) for row, text in asked.items()]
        publish(
            self,
            errors={row: errors.get(row, "") for row in self._scales},
            questions={row: asked.get(row, "") for row in self._scales},
            date_error=errors.get(TAKEN_ON, ""),
            faults=faults,
            faults_title=FIX if errors else CONFIRM,
            taken_title="",
            taken=[],
        )
        return rx.set_focus(SUMMARY_ID)

    def _took(self, visit: Visit, taken: Taken) -> Any:
        self.form_key = ""  # the next form is another one
        self._show(visit.read(meters_of, self._account_id, now=visit.now))
        publish(self, taken_title=taken_title(taken, self._zone), taken=taken_rows(taken))
        return rx.set_focus(TAKEN_ID)


def _named(name: str | None, text: str) -> str:
    return f"{name}: {text}" if name else text


def _anew(text: str, shown: str | None) -> str:
    """A text equal to the one put there before wouldn't reach a field typed over since: a space tells them apart."""
    return f"{text} " if text and text == shown else text
