"""What people type into their form of readings outlives a reload, a new version and a lost connection.

To be mixed in beside `MeterForm`. The page tells by itself, whenever it has connected, what stands in its fields
(`take_up`): where that is something, it is kept; where it is nothing, what was kept is put in. A form that is merely
connected anew is never written into: somebody may be typing there.
"""

import secrets

import reflex as rx

from lk_reflex.domain.accounts.guest import Guest
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.metering.sending.entries import TAKEN_ON
from lk_reflex.domain.metering.sending.typed import drop_typed, keep_typed, typed_before
from lk_reflex.ui.meter_form.typed import typed_fields
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit


class UnsentReadings(rx.State, mixin=True):
    """The vars for it; whoever mixes it in has the handlers `take_up` and `keep_typed`, each with its own guard."""

    #: Whether fields hold what was typed before this page was opened.
    unsent: bool = False
    #: Another one with each connection.
    connection: str = ""

    #: What is typed and not sent, by field; the form that it belongs to; the day that the form itself begins with.
    _typed: dict[str, str] = {}
    _typed_form: str = ""
    _first_day: str = ""

    def _begin_typing(self, visit: Visit, holder: Actor | Guest) -> None:
        """The server has filled the form: what was typed into this very form is known again, its day is put in."""
        self._first_day = self.today
        another = self._typed_form != self.form_id
        if another or visit.opening:
            self._typed = visit.database.read(typed_before, holder, self._account_id, self.form_id, now=visit.now)
            self._typed_form = self.form_id
        if another:
            publish(self, unsent=False)
        if visit.opening or not self.connection:
            publish(self, connection=secrets.token_urlsafe(6))
        publish(self, today=self._typed.get(TAKEN_ON, self._first_day))

    def _taken_up(self, visit: Visit, holder: Actor | Guest, form: object) -> dict[str, str]:
        """Keep what stands in the fields; where nothing does, return what is to be put in."""
        there = typed_fields(form, self._rows, self._first_day)
        if not there.keys() - {TAKEN_ON}:
            publish(self, unsent=self.unsent or bool(self._typed))
            return self._typed
        # A day typed before stands there as the field's beginning, which a new connection may have taken back.
        day = {TAKEN_ON: self._typed[TAKEN_ON]} if TAKEN_ON in self._typed else {}
        self._note(visit, holder, {**day, **there})
        publish(self, today=self._typed.get(TAKEN_ON, self._first_day))
        return {}

    def _note(self, visit: Visit, holder: Actor | Guest, texts: dict[str, str]) -> None:
        """Keep what is typed. Nobody waits for it, and what comes next holds it, too."""
        if texts == self._typed:
            return
        self._typed = texts
        key = (type(holder), holder.session_id if isinstance(holder, Actor) else holder.visit_id, self._account_id)
        given = (holder, self._account_id, self.form_id, texts)
        visit.database.write_newest(key, keep_typed, *given, now=visit.now)

    def _sent_typed(self, visit: Visit, holder: Actor | Guest) -> None:
        """The form has been taken: nothing of it is unsent."""
        if self._typed:
            visit.database.write(drop_typed, holder, self._account_id)
        self._typed = {}
