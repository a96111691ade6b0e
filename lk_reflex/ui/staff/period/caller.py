"""Показания по звонку: the resident's form over an account that staff oversee, and the name of who called."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.overseen import overseen_account
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.metering.meters import meters_for_staff
from lk_reflex.domain.metering.period.calling import CALLER, submit_for_caller
from lk_reflex.domain.metering.sending.taken import Taken
from lk_reflex.ui import paths
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import staff
from lk_reflex.ui.meter_form.form import entries_of
from lk_reflex.ui.meter_form.rows import meter_cards, taken_rows
from lk_reflex.ui.meter_form.state import FIX, MeterForm
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.visit import Visit


class CallerState(MeterForm, rx.State):
    """The form; nothing of it is kept for anybody but staff."""

    missing: str = ""
    whose: str = ""
    address: str = ""
    back: str = ""
    caller_error: str = ""

    @rx.event
    @staff(OPERATOR, ADMIN)
    def load(self, visit: Visit) -> None:
        """The account in the address, with an empty form."""
        asked = visit.query("account")
        publish(self, missing="", whose="", caller_error="")
        if asked == "":
            publish(self, loaded=False, meters=[], accepts=False, notices=[], taken_title="", taken=[])
            return
        try:
            self._open(visit, row_id(asked))
        except NotFound as fault:
            self._turn_to(0, self._zone)
            publish(self, loaded=True, meters=[], accepts=False, notices=[], refusal="", missing=fault.sentence)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def submit(self, visit: Visit, form: dict[str, Any]) -> Any:
        """Send the filled rows for the caller; faults and questions go to their rows, and everything typed stays."""
        given = form if isinstance(form, dict) else {}
        caller = field_text(given, CALLER)
        outcome = self._send(
            given,
            entries_of(given, self._rows, {}),
            lambda *filled: visit.write(submit_for_caller, self._account_id, *filled, caller=caller, now=visit.now),
        )
        if not isinstance(outcome, Taken):
            return outcome
        self.form_key = ""  # the next form is another one
        self._fill(visit)
        return self._say_taken(outcome, taken_rows(outcome))

    def _open(self, visit: Visit, account_id: int) -> None:
        account = visit.read(overseen_account, account_id)
        self._turn_to(account.account_id, account.time_zone)
        publish(
            self,
            whose=f"Лицевой счет {account.number}",
            address=f"{account.address}. {account.person}",
            back=paths.staff_account(account.account_id),
        )
        self._fill(visit)

    def _fill(self, visit: Visit) -> None:
        account = visit.read(overseen_account, self._account_id)
        meters = visit.database.read(meters_for_staff, account, now=visit.now)
        self._show(meters, meter_cards(meters))
        publish(self, caller_error="")

    def _refuse(self, errors: dict[str, str], questions: dict[str, str] | None = None, *, of_all: bool = False) -> Any:
        """The caller's field is none of the rows, and stands above them."""
        rest = {name: text for name, text in errors.items() if name != CALLER}
        focus = super()._refuse(rest, questions, of_all=of_all)
        fault = errors.get(CALLER, "")
        publish(self, caller_error=fault)
        if fault:
            publish(self, faults=[Fault(CALLER, fault), *self.faults], faults_title=FIX)
        return focus
