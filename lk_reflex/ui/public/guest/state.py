"""Передать показания без регистрации: the form of the account that a guest is visiting, without its figures.

Who came by a reminder's link is its addressee: to them the last readings and the averages are shown as in the cabinet.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import reflex as rx

from lk_reflex.core.clock import local_time
from lk_reflex.domain.accounts.guest import accounts_of_guest, guest_account, turn_to
from lk_reflex.domain.announcements.showing import outages_for_guest
from lk_reflex.domain.metering.meters import meters_for_guest
from lk_reflex.domain.metering.sending.guest_sends import send_as_guest
from lk_reflex.domain.metering.sending.taken import Taken
from lk_reflex.ui.announcements import AnnouncementRow, announcement_rows
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import WHILE_CALM, Turn, guest
from lk_reflex.ui.meter_form.form import entries_of
from lk_reflex.ui.meter_form.rows import guests_taken_rows, meter_cards, reading_id, taken_rows
from lk_reflex.ui.meter_form.state import MeterForm
from lk_reflex.ui.meter_form.typed import typed_fields
from lk_reflex.ui.meter_form.unsent import UnsentReadings
from lk_reflex.ui.publish import publish
from lk_reflex.ui.session import Draft
from lk_reflex.ui.visit import Visit

#: What was typed waits for so long.
DRAFT_LASTS = timedelta(hours=1)


@dataclass(frozen=True)
class Choice:
    """One organization's account of the same number, house and flat."""

    key: str
    organization: str
    address: str
    chosen: bool


class GuestState(UnsentReadings, MeterForm, rx.State):
    """Nothing here names a person or a sum; what the meters have counted is shown only to a reminder's addressee."""

    number: str = ""
    address: str = ""
    organization: str = ""
    phone: str = ""
    open_until: str = ""
    #: Of this house alone: an address is what a guest has proven.
    outages: list[AnnouncementRow] = []
    #: Whether a reminder's link has opened the form.
    by_link: bool = False
    #: Filled where several organizations number alike.
    choices: list[Choice] = []
    #: What the fields begin with, by row: typed before the page was opened anew, or before the last half hour ended.
    kept: dict[str, str] = {}

    @rx.event
    @guest
    def load(self, visit: Visit) -> None:
        """Show the visited account's meters with an empty form."""
        self._open(visit)

    @rx.event
    @guest(writes=True)
    def choose(self, visit: Visit, key: str) -> None:
        """Go on with another organization's account."""
        visit.guested = visit.database.write(turn_to, visit.guest, row_id(key), now=visit.now)
        self._open(visit)

    def _open(self, visit: Visit) -> None:
        account = visit.database.read(guest_account, visit.guest)
        found = visit.database.read(accounts_of_guest, visit.guest)
        self._turn_to(visit.guest.account_id, account.time_zone)
        publish(
            self,
            number=account.number,
            address=next((one.address for one in found if one.account_id == visit.guest.account_id), ""),
            organization=account.organization,
            phone=account.phone,
            outages=announcement_rows(visit.database.read(outages_for_guest, visit.guest, now=visit.now)),
            by_link=visit.guest.user_id is not None,
            open_until=f"{local_time(visit.guest.expires_at, account.time_zone):%H:%M}",
            choices=[
                Choice(str(one.account_id), one.organization, one.address, one.account_id == visit.guest.account_id)
                for one in found
                if len(found) > 1
            ],
        )
        self._fill(visit)

    @rx.event
    @guest(turn=WHILE_CALM)
    def keep_typed(self, visit: Visit, form: dict[str, Any]) -> None:
        """Something was typed: keep it, and quietly."""
        self._note(visit, visit.guest, typed_fields(form, self._rows, self._first_day))

    @rx.event
    @guest(turn=WHILE_CALM)
    def take_up(self, visit: Visit, form: dict[str, Any]) -> None:
        """The page is there: put in what was typed before and not sent, or keep what stands in the fields."""
        put_in = self._taken_up(visit, visit.guest, form)
        readings = {row: put_in[reading_id(row)] for row in self._rows if reading_id(row) in put_in}
        if readings:
            publish(self, kept=readings)

    @rx.event
    @guest(writes=True, turn=Turn(instead=MeterForm._ask_again))
    def submit(self, visit: Visit, form: dict[str, Any]) -> Any:
        """Send the filled rows; faults and questions go to their rows, and everything typed stays."""
        given = form if isinstance(form, dict) else {}
        outcome = self._send(
            given,
            entries_of(given, self._rows, {}),
            lambda *filled: send_as_guest(visit.database, visit.guest, *filled, now=visit.now),
        )
        if not isinstance(outcome, Taken):
            return outcome
        self.form_key, visit.session._draft = "", Draft()  # the next form is another one
        self._sent_typed(visit, visit.guest)
        self._fill(visit)
        rows = guests_taken_rows(outcome) if visit.guest.user_id is None else taken_rows(outcome)
        return self._say_taken(outcome, rows)

    def _fill(self, visit: Visit) -> None:
        account = visit.database.read(meters_for_guest, visit.guest, now=visit.now)
        self._show(account, meter_cards(account, guest=visit.guest.user_id is None))
        draft = visit.session._draft
        waits = draft.account_id == account.account_id and draft.at is not None and visit.now - draft.at < DRAFT_LASTS
        publish(self, kept=dict(draft.texts) if waits else {})
        self._begin_typing(visit, visit.guest)

    def _typed_in(self, given: Mapping[str, Any], now: datetime) -> Draft:
        """What a form that came too late holds."""
        form = given.get("form")
        entries = entries_of(form if isinstance(form, dict) else {}, self._rows, {})
        return Draft(self._account_id, {row: entry.reading for row, entry in entries.items() if entry.filled}, now)
