"""«Исправить» a reading that billing already has: the form of a request, and what became of those made."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.metering.correcting.correction_list import CORRECTED, DECLINED, WAITS, Correction, corrections_of
from lk_reflex.domain.metering.correcting.corrections import (
    EXPLANATION,
    READING,
    TAKEN_ON,
    Correctable,
    Request,
    ask_correction,
    correctable,
    withdraw_correction,
)
from lk_reflex.domain.metering.sending.entries import NeedsConfirmation
from lk_reflex.domain.metering.units import amount, number
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.readings.state import ReadingsState
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.visit import Visit

DONE_ID, FORM_ID, SUMMARY_ID, YES = "correction-done", "correction", "correction-faults", "correction-yes"
SENT = "Просьба отправлена оператору"
SENT_HOW = "Ответ придёт в уведомления и на почту. Пока просьба ждёт, её можно отозвать."
WITHDRAWN = "Просьба отозвана, показание осталось прежним"
_FATES = {WAITS: ("ждёт оператора", "due"), CORRECTED: ("исправлено", "good"), DECLINED: ("отклонено", "bad")}


@dataclass(frozen=True)
class CorrectionRow:
    """One request as the list shows it; `mine` says whether it may be taken back."""

    key: str
    meter: str
    was: str
    asked: str
    why: str
    fate: str
    kind: str
    comment: str
    mine: bool


@dataclass(frozen=True)
class CorrectionForm:
    """The open form; `sent` is the reading it is about, empty while none is open."""

    sent: str = ""
    title: str = ""
    was: str = ""
    hint: str = ""
    taken_on: str = ""
    key: str = ""


NO_FORM, NO_ERRORS = CorrectionForm(), {READING: "", TAKEN_ON: "", EXPLANATION: ""}


class CorrectionState(rx.State):
    """The requests of the chosen account, and the form of a new one."""

    rows: list[CorrectionRow] = []
    #: The readings that an operator has been asked about, by number.
    waiting: list[str] = []
    form: CorrectionForm = NO_FORM
    errors: dict[str, str] = NO_ERRORS
    question: str = ""
    faults: list[Fault] = []
    done: str = ""
    done_how: str = ""

    _account_id: int = 0
    _token: str = ""
    _confirmed: list[str] = []

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the requests of the chosen account; a form that is open stays while the account does."""
        account_id = visit.actor.chosen_account_id or 0
        if account_id != self._account_id:
            self._account_id = account_id
            self._close()
        publish(self, done="", done_how="")
        self._list(visit)

    @rx.event
    @resident
    def start(self, visit: Visit, sent: str) -> Any:
        """«Исправить»: open the form about a sent reading."""
        self._close()
        # The page may still be loading the list: what it finds open for this account it leaves open.
        self._account_id = visit.actor.chosen_account_id or 0
        found = visit.read(correctable, row_id(sent))
        publish(self, form=_form(found), done="", done_how="")
        return rx.set_focus(FORM_ID)

    @rx.event
    @resident
    def cancel(self, visit: Visit) -> None:
        """Close the form; what was typed goes."""
        self._close()

    @rx.event
    @resident(writes=True)
    def send(self, visit: Visit, form: dict[str, Any]) -> Any:
        """Ask the operator; faults and a question go to their fields, and everything typed stays."""
        if not self.form.sent:  # the second press of an impatient finger: the first has closed the form
            return rx.set_focus(DONE_ID) if self.done else None
        given = form if isinstance(form, dict) else {}
        if _text(given, YES) and self._token:
            self._confirmed = [*self._confirmed, self._token]
        request = Request(_text(given, READING), _text(given, TAKEN_ON), _text(given, EXPLANATION))
        try:
            visit.write(ask_correction, row_id(self.form.sent), request, self.form.key, self._confirmed, now=visit.now)
        except Invalid as fault:
            return self._refuse(fault.fields)
        except NeedsConfirmation as doubt:
            self._token = doubt.questions[0].token
            return self._refuse({}, doubt.questions[0].text)
        except Refused as refusal:
            return self._refuse({READING: refusal.message})
        self._close()
        publish(self, done=SENT, done_how=SENT_HOW)
        self._list(visit)
        return [ReadingsState.put_away_taken, rx.set_focus(DONE_ID)]

    @rx.event
    @resident(writes=True)
    def withdraw(self, visit: Visit, correction: str) -> Any:
        """«Отозвать» one's own request; the reading stays as it was sent."""
        visit.write(withdraw_correction, row_id(correction), now=visit.now)
        publish(self, done=WITHDRAWN, done_how="")
        self._list(visit)
        return [ReadingsState.put_away_taken, rx.set_focus(DONE_ID)]

    def _list(self, visit: Visit) -> None:
        found = visit.read(corrections_of, self._account_id, now=visit.now)
        publish(
            self,
            rows=[_row(one) for one in found if one.fate in _FATES],
            waiting=[str(one.sent_id) for one in found if one.fate == WAITS],
        )

    def _close(self) -> None:
        self._token, self._confirmed = "", []
        publish(self, form=NO_FORM, errors=NO_ERRORS, question="", faults=[])

    def _refuse(self, errors: Mapping[str, str], question: str = "") -> Any:
        asked = [Fault(YES, question)] if question else []
        publish(
            self,
            errors={**NO_ERRORS, **errors},
            question=question,
            faults=[*(Fault(field_id(name), text) for name, text in errors.items()), *asked],
            done="",
        )
        return rx.set_focus(SUMMARY_ID)


def field_id(name: str) -> str:
    """The id of a field of this form: the page has another one with a day of its own."""
    return f"correction-{name}"


def _text(form: Mapping[str, Any], name: str) -> str:
    return field_text(form, name if name == YES else field_id(name))


def _form(found: Correctable) -> CorrectionForm:
    label = f", {found.label}" if found.label else ""
    last = f" Показание до него: {number(found.last, found.decimals)}." if found.last is not None else ""
    return CorrectionForm(
        sent=str(found.sent_id),
        title=f"Исправить показание: {found.name} № {found.serial}{label}",
        was=f"За {found.period.name} передано {amount(found.value, found.unit, found.decimals)}, "
        f"снято {format_date(found.taken_on)}."
        f"{last}",
        hint=f"Какое показание верное, {found.unit}",
        taken_on=format_date(found.taken_on),
        key=secrets.token_urlsafe(16),
    )


def _row(one: Correction) -> CorrectionRow:
    fate, kind = _FATES[one.fate]
    label = f", {one.label}" if one.label else ""
    return CorrectionRow(
        key=str(one.correction_id),
        meter=f"{one.name} № {one.serial}{label}",
        was=f"{amount(one.old_value, one.unit)}, снято {format_date(one.old_taken_on)}",
        asked=f"{amount(one.value, one.unit)}, снято {format_date(one.taken_on)}",
        why=one.explanation,
        fate=fate,
        kind=kind,
        comment=one.comment,
        mine=one.mine and one.fate == WAITS,
    )
