"""Передать показания: the form of the chosen account, its fields that follow each other, and the earlier readings."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid, NotFound, Refused, Unavailable
from lk_reflex.core.months import day_in_words
from lk_reflex.domain.billing.tariffs import present_prices
from lk_reflex.domain.metering.follow import reading_for, volume_for, volume_made, volume_typed
from lk_reflex.domain.metering.history import history
from lk_reflex.domain.metering.meters import AccountMeters, meters_of
from lk_reflex.domain.metering.rules import Scale
from lk_reflex.domain.metering.sending.photos import PHOTO, add_photo, remove_photo, unsent_photos
from lk_reflex.domain.metering.sending.submit import submit
from lk_reflex.domain.metering.sending.taken import Taken
from lk_reflex.domain.metering.sending.waiting import Waiting, newest_form, send_when_open, waiting_of, withdraw
from lk_reflex.domain.metering.usage.use import account_hints
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.consumption.rows import HintRow, hints_by_meter
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import WHILE_CALM, Turn, resident
from lk_reflex.ui.meter_form.costs import Priced, cost_text, priced_rows, total_text
from lk_reflex.ui.meter_form.form import Pair, entries_of, text_of
from lk_reflex.ui.meter_form.photos import LOADING, photo_path, progress_words, rejection_words
from lk_reflex.ui.meter_form.rows import meter_cards, reading_id, scales_by_row, taken_rows, volume_id
from lk_reflex.ui.meter_form.state import MeterForm
from lk_reflex.ui.meter_form.typed import retyped, typed_fields
from lk_reflex.ui.meter_form.unsent import UnsentReadings
from lk_reflex.ui.meter_form.waiting_words import NO_WAITING, WaitingCard, waiting_card
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.meter_parts.past_rows import NOTHING, PastList, past_list
from lk_reflex.ui.uploads.words import first_file
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import file_store

WAITING_ID = "waiting"
#: The hidden field that says what the button has promised.
WAITS = "waits"


class ReadingsState(UnsentReadings, MeterForm, rx.State):
    """The meters of the chosen account and the form over them.

    `readings` and `volumes` hold what the server has put into the fields, never an echo of what is typed there:
    an echo that comes late would undo the next keystroke. A row that is missing there leaves its field alone.
    """

    readings: dict[str, str] = {}
    volumes: dict[str, str] = {}
    costs: dict[str, str] = {}
    total: str = ""
    opened: dict[str, bool] = {}
    past: dict[str, PastList] = {}
    hints: dict[str, HintRow] = {}
    #: The day on which a form filled now will be sent: «15 декабря»; empty where it is sent at once.
    opening: str = ""
    waiting: WaitingCard = NO_WAITING

    #: Addresses of the photos added and not sent yet, by meter; the meter whose photo is on its way, and how far.
    photos: dict[str, str] = {}
    photo_errors: dict[str, str] = {}
    photo_busy: str = ""
    photo_told: str = ""

    _scales: dict[str, tuple[Scale, int]] = {}
    _pairs: dict[str, Pair] = {}
    _prices: dict[str, Priced] = {}
    _spent: dict[str, int] = {}

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the chosen account's meters with an empty form."""
        account = visit.chosen()
        if account is None:
            publish(self, taken_title="", taken=[], loaded=True, meters=[], notices=[], accepts=False,
                    waiting=NO_WAITING, hints={})  # fmt: skip
            return
        self._turn_to(account.account_id, account.time_zone)
        self._fill(visit)
        publish(self, hints=hints_by_meter(visit.read(account_hints, account.account_id, now=visit.now)))

    @rx.event
    @resident(turn=WHILE_CALM)
    def type_reading(self, visit: Visit, row: str, text: str, form_id: str) -> None:
        """A reading was typed: fill in its volume, and say what it will cost."""
        known = self._scale_of(row, form_id)
        if known is not None:
            volume = volume_for(text_of(text), *known)
            self._pairs[row] = self._pair_of(row).turned(text_of(text), volume)
            self.volumes = {**self.volumes, row: _anew(volume, self.volumes.get(row))}
            self._price(row, volume_made(text_of(text), *known))
            self._note(visit, visit.actor, retyped(self._typed, row, reading_id(row), text_of(text)))

    @rx.event
    @resident(turn=WHILE_CALM)
    def type_volume(self, visit: Visit, row: str, text: str, form_id: str) -> None:
        """A volume was typed: fill in the reading that it makes, and say what it will cost."""
        known = self._scale_of(row, form_id)
        if known is not None:
            reading = reading_for(text_of(text), *known)
            self._pairs[row] = self._pair_of(row).turned(reading, text_of(text), by_volume=True)
            self.readings = {**self.readings, row: _anew(reading, self.readings.get(row))}
            self._price(row, volume_typed(text_of(text), *known))
            self._note(visit, visit.actor, retyped(self._typed, row, volume_id(row), text_of(text)))

    @rx.event
    @resident(turn=WHILE_CALM)
    def keep_typed(self, visit: Visit, form: dict[str, Any]) -> None:
        """The day was typed: keep it with the rest."""
        self._note(visit, visit.actor, typed_fields(form, self._rows, self._first_day))

    @rx.event
    @resident(turn=WHILE_CALM)
    def take_up(self, visit: Visit, form: dict[str, Any]) -> None:
        """The page is there: put in what was typed before and not sent, or keep what stands in the fields."""
        for row, field, text in (
            (row, field, text)
            for field, text in self._taken_up(visit, visit.actor, form).items()
            for row in self._scales
            if field in (reading_id(row), volume_id(row))
        ):
            if field == reading_id(row):
                self._put_reading(row, text)
            else:
                self._put_volume(row, text)

    @rx.event
    @resident(writes=True, turn=Turn(instead=MeterForm._ask_again))
    def submit(self, visit: Visit, form: dict[str, Any]) -> Any:
        """Send the filled rows; faults and questions go to their rows, and everything typed stays."""
        given = form if isinstance(form, dict) else {}
        # Whoever pressed «Передать показания» is never answered by a form that waits.
        service = send_when_open if field_text(given, WAITS) else submit
        outcome = self._send(
            given,
            entries_of(given, self._rows, self._pairs),
            lambda *filled: visit.write(service, self._account_id, *filled, now=visit.now),
        )
        if not isinstance(outcome, Taken | Waiting):
            return outcome
        self.form_key = ""  # the next form is another one
        self._sent_typed(visit, visit.actor)
        self._fill(visit)
        if isinstance(outcome, Taken):
            return self._say_taken(outcome, taken_rows(outcome))
        publish(self, taken_title="", taken=[])
        return rx.set_focus(WAITING_ID)

    @rx.event
    @resident(writes=True)
    def cancel_waiting(self, visit: Visit) -> Any:
        """«Отменить» the form that waits, or put away the one that couldn't be sent; what is typed stays."""
        waiting = visit.read(waiting_of, self._account_id, now=visit.now)
        if waiting is not None:
            visit.write(withdraw, self._account_id, waiting.form_id, now=visit.now)
        publish(self, waiting=NO_WAITING)
        return rx.set_focus(WAITING_ID)

    @rx.event
    @resident
    def put_away_taken(self, visit: Visit) -> None:
        """Newer news have come: «Показания переданы» isn't said beside them."""
        publish(self, taken_title="", taken=[])

    @rx.event
    @resident
    def restore(self, visit: Visit) -> None:
        """Put the readings of the form that couldn't be sent into the fields."""
        waiting = visit.read(waiting_of, self._account_id, now=visit.now)
        for one in waiting.rows if waiting else ():
            if one.row in self._scales:
                self._put_reading(one.row, one.reading)

    @rx.event
    @resident
    def photo_starts(self, visit: Visit, meter: str) -> None:
        """A photo has been chosen and is on its way."""
        if not self._has(meter):
            return
        publish(self, photo_busy=meter, photo_told=LOADING, photo_errors={**self.photo_errors, meter: ""})

    @rx.event
    @resident
    def photo_progress(self, visit: Visit, progress: dict[str, Any]) -> None:
        """How much of it has come."""
        if self.photo_busy:
            publish(self, photo_told=progress_words(progress))

    @rx.event
    @resident(draws=True, writes=True)
    def take_photo(self, visit: Visit, files: list[rx.UploadFile], meter: str) -> None:
        """Keep the photo for the meter's next sending; what is wrong with it is said beside it."""
        error = ""
        if not self._has(meter):
            return
        if not files:  # the browser had taken none of them, and says itself why
            publish(self, photo_busy="", photo_told="")
            return
        try:
            name, data = first_file(files)
            key = add_photo(
                visit.database, file_store(), visit.actor, self._account_id, row_id(meter), name, data, now=visit.now
            )
            publish(self, photos={**self.photos, meter: photo_path(key)})
        except Invalid as fault:
            error = fault.fields[PHOTO]
        except (NotFound, Refused, Unavailable) as fault:
            error = fault.message
        publish(self, photo_busy="", photo_told="", photo_errors={**self.photo_errors, meter: error})

    @rx.event
    @resident
    def photo_rejected(self, visit: Visit, code: str, meter: str) -> None:
        """The browser itself has found the file unfit."""
        if not self._has(meter):
            return
        errors = {**self.photo_errors, meter: rejection_words(code)}
        publish(self, photo_busy="", photo_told="", photo_errors=errors)

    @rx.event
    @resident(writes=True)
    def remove_photo(self, visit: Visit, meter: str) -> None:
        """Take the photo out of the form."""
        if not self._has(meter):
            return
        visit.write(remove_photo, self._account_id, row_id(meter), now=visit.now)
        publish(
            self,
            photos={known: path for known, path in self.photos.items() if known != meter},
            photo_errors={**self.photo_errors, meter: ""},
        )

    @rx.event
    @resident
    def toggle(self, visit: Visit, meter: str) -> None:
        """«Показать» or «Скрыть» the earlier readings of a meter."""
        if not self._has(meter):
            return
        if self.opened.get(meter):
            self.opened = {**self.opened, meter: False}
            return
        found = past_list(visit.read(history, self._account_id, row_id(meter)))
        self.past = {**self.past, meter: found}
        self.opened = {**self.opened, meter: True}

    def _turned_away(self, sentence: str) -> bool:
        """A photo didn't come in at the door; whether there is a place to say so."""
        if self.photo_busy:
            errors = {**self.photo_errors, self.photo_busy: sentence}
            publish(self, photo_busy="", photo_told="", photo_errors=errors)
            return True
        return False

    def _has(self, meter: str) -> bool:
        """Whether it is the key of a meter of this page: any other would only fill the tab's state."""
        return isinstance(meter, str) and meter in self.opened

    def _scale_of(self, row: str, form_id: str) -> tuple[Scale, int] | None:
        """The scale typed for, unless its form has been sent meanwhile: a late word must not fill the next one."""
        return self._scales.get(text_of(row)) if form_id == self.form_id else None

    def _put_reading(self, row: str, reading: str) -> None:
        """Put a reading into its field, with the volume and the cost that it makes."""
        known = self._scales[row]
        self._put(row, self._pair_of(row).turned(reading, volume_for(reading, *known)))
        self._price(row, volume_made(reading, *known))

    def _put_volume(self, row: str, volume: str) -> None:
        """The same of a volume."""
        known = self._scales[row]
        self._put(row, self._pair_of(row).turned(reading_for(volume, *known), volume, by_volume=True))
        self._price(row, volume_typed(volume, *known))

    def _put(self, row: str, pair: Pair) -> None:
        self._pairs[row] = pair
        self.readings = {**self.readings, row: _anew(pair.reading, self.readings.get(row))}
        self.volumes = {**self.volumes, row: _anew(pair.volume, self.volumes.get(row))}

    def _pair_of(self, row: str) -> Pair:
        return self._pairs.get(row, Pair())

    def _price(self, row: str, volume: int | None) -> None:
        spent = {known: one for known, one in self._spent.items() if known != row}
        self._spent = spent if volume is None else {**spent, row: volume}
        cost = cost_text(volume, self._prices.get(row))
        publish(
            self,
            costs={**self.costs, row: cost} if cost or row in self.costs else self.costs,
            total=total_text(self._spent, self._prices),
        )

    def _fill(self, visit: Visit) -> None:
        account: AccountMeters = visit.read(meters_of, self._account_id, now=visit.now)
        waiting = visit.read(waiting_of, self._account_id, now=visit.now)
        cards = meter_cards(account, may_wait=True)
        self._scales, self._pairs = scales_by_row(account), {}
        self._prices, self._spent = priced_rows(account, visit.read(present_prices, self._account_id)), {}
        self._show(account, cards)
        photos = visit.read(unsent_photos, self._account_id, now=visit.now)
        publish(
            self,
            photos={str(meter): photo_path(key) for meter, key in photos.items()},
            photo_errors={},
            photo_busy="",
            photo_told="",
            # A form that waits is another form for the browser, too: it empties the fields.
            form_id=f"{self.form_id}-{visit.read(newest_form, self._account_id)}",
            refusal="" if account.can_wait else account.refusal,
            opening=day_in_words(account.window.opens) if account.can_wait else "",
            waiting=waiting_card(waiting),
            readings={},
            volumes={},
            costs={},
            total="",
            opened={card.key: False for card in cards},
            past={card.key: NOTHING for card in cards},
        )
        self._begin_typing(visit, visit.actor)


def _anew(text: str, shown: str | None) -> str:
    """A text equal to the one put there before wouldn't reach a field typed over since: a space tells them apart."""
    return f"{text} " if text and text == shown else text
