"""What both forms of readings keep while they are filled in: the meters, the faults, the questions, what was taken."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import reflex as rx

from lk_reflex.core.clock import DEFAULT_ZONE, format_date
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.metering.meters import AccountMeters
from lk_reflex.domain.metering.sending.entries import TAKEN_ON, Entry, NeedsConfirmation
from lk_reflex.domain.metering.sending.taken import Taken
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.meter_form.form import confirmed
from lk_reflex.ui.meter_form.rows import MeterCard, TakenRow, reading_id, taken_title, yes_id
from lk_reflex.ui.meter_form.verification import VerificationNotice, verification_notices
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID

CONFIRM = "Подтвердите показания, пока они не переданы"
FIX = "Исправьте ошибки, показания пока не переданы"
NOT_YET = "Показания пока не переданы"
BUSY = "Сейчас много обращений. Показания в полях сохранены, отправьте ещё раз через минуту."
TAKEN_ID = "taken"

#: From the entries, the day, the form's key and the confirmations to what was taken, or what waits.
Send = Callable[[Mapping[str, Entry], str, str, list[str]], Any]


class MeterForm(rx.State, mixin=True):
    """The vars of the form; whoever mixes it in has the handlers, each with its own guard."""

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
    #: Grows with each answer to a sending, by which the button knows that it came.
    answers: int = 0

    errors: dict[str, str] = {}
    questions: dict[str, str] = {}
    date_error: str = ""
    faults: list[Fault] = []
    faults_title: str = FIX

    taken_title: str = ""
    taken: list[TakenRow] = []

    _account_id: int = 0
    _zone: str = DEFAULT_ZONE
    _rows: list[str] = []
    _tokens: dict[str, str] = {}
    _confirmed: list[str] = []

    def _turn_to(self, account_id: int, zone: str) -> None:
        """Another account is another form; what was taken for the last one isn't said again."""
        if account_id != self._account_id:
            self._account_id, self.form_key = account_id, ""
        self._zone = zone
        publish(self, taken_title="", taken=[])

    def _show(self, account: AccountMeters, cards: list[MeterCard]) -> None:
        """An empty form over the meters."""
        self._rows = [scale.row for card in cards for scale in card.scales]
        self._tokens, self._confirmed = {}, []
        blank = dict.fromkeys(self._rows, "")
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
            errors=blank,
            questions=blank,
            date_error="",
            faults=[],
        )

    def _send(self, given: Mapping[str, Any], entries: Mapping[str, Entry], send: Send) -> Any:
        """What was taken, or waits; or, where nothing was, the event that leads to the faults and questions."""
        publish(self, answers=self.answers + 1)
        day, key = field_text(given, TAKEN_ON), field_text(given, "form_key") or self.form_key
        tokens = self._confirmed = [*self._confirmed, *confirmed(given, self._tokens)]
        try:
            return send(entries, day, key, tokens)
        except Invalid as fault:
            return self._refuse(fault.fields)
        except NeedsConfirmation as doubt:
            self._tokens = {question.row: question.token for question in doubt.questions}
            return self._refuse({}, {question.row: question.text for question in doubt.questions})
        except Refused as refusal:
            if self.taken_title and not any(entry.filled for entry in entries.values()):
                return rx.set_focus(TAKEN_ID)  # the second press of an impatient finger finds the next, empty form
            return self._refuse({next(iter(self._rows), TAKEN_ON): refusal.message}, of_all=True)

    def _refuse(self, errors: dict[str, str], questions: dict[str, str] | None = None, *, of_all: bool = False) -> Any:
        """Say what is wrong. What is `of_all` meters leads to the first field and blames no meter by name."""
        asked = questions or {}
        names = {} if of_all else _names(self.meters)
        publish(
            self,
            errors={row: errors.get(row, "") for row in self._rows},
            questions={row: asked.get(row, "") for row in self._rows},
            date_error=errors.get(TAKEN_ON, ""),
            faults=[*_faults(errors, names), *(Fault(yes_id(row), _of(names, row, asked[row])) for row in asked)],
            faults_title=FIX if errors else CONFIRM,
            taken_title="",
            taken=[],
        )
        return rx.set_focus(SUMMARY_ID)

    def _ask_again(self) -> Any:
        """There is no time for it now. The fields and the form's key stay: sent again, it is taken once."""
        first = next((reading_id(row) for row in self._rows), TAKEN_ON)
        faults = [Fault(first, BUSY)]
        publish(self, answers=self.answers + 1, faults=faults, faults_title=NOT_YET, taken_title="", taken=[])
        return rx.set_focus(SUMMARY_ID)

    def _say_taken(self, taken: Taken, rows: list[TakenRow]) -> Any:
        publish(self, taken_title=taken_title(taken, self._zone), taken=rows)
        return rx.set_focus(TAKEN_ID)


def _names(cards: list[MeterCard]) -> dict[str, str]:
    """What a row is called above the form: no two rows alike, or the same line would stand there twice."""
    names = [card.name for card in cards]
    alike = {name for name in names if names.count(name) > 1}
    return {
        scale.row: (f"{card.name} №\u00a0{card.number}" if card.name in alike else card.name)
        + (f", {scale.label}" if scale.label else "")
        for card in cards
        for scale in card.scales
    }


def _faults(errors: Mapping[str, str], names: Mapping[str, str]) -> Iterable[Fault]:
    for row, text in errors.items():
        yield Fault(TAKEN_ON if row == TAKEN_ON else reading_id(row), _of(names, row, text))


def _of(names: Mapping[str, str], row: str, text: str) -> str:
    return f"{names[row]}: {text}" if row in names else text
