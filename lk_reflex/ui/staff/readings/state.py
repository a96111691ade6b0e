"""The operators' desk: the queue of requests, and the two decisions."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Conflict, Invalid, Refused
from lk_reflex.domain.identity.access import ADMIN, OPERATOR
from lk_reflex.domain.metering.correcting.correction_desk import COMMENT, accept, decline
from lk_reflex.domain.metering.correcting.correction_queue import desk_of
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.staff.readings.rows import DecidedRow, WaitingRow, decided_row, waiting_row, waiting_title
from lk_reflex.ui.visit import Visit

OUTCOME_ID, CONFIRM_ID = "outcome", "accept-yes"


class DeskState(rx.State):
    """What waits and what was decided; nothing of it is kept for anybody but staff."""

    loaded: bool = False
    title: str = ""
    waiting: list[WaitingRow] = []
    decided: list[DecidedRow] = []
    error: str = ""
    outcome: str = ""
    outcome_kind: str = "good"
    #: The line whose «Исправить» takes the focus back after «Отмена».
    returned: str = ""

    _declining: str = ""
    _confirming: str = ""

    @rx.event
    @staff(OPERATOR, ADMIN)
    def load(self, visit: Visit) -> None:
        """Show the queue as it stands."""
        self._declining = self._confirming = ""
        publish(self, outcome="", error="", returned="")
        self._show(visit)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def refresh(self, visit: Visit) -> None:
        """«Обновить»: colleagues decide, too; a refusal that is being written stays open."""
        self._show(visit)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def open_accept(self, visit: Visit, correction: str) -> Any:
        """«Исправить»: ask once more under the line, with the old value and the new one; a second press closes it."""
        key = str(row_id(correction))
        self._confirming, self._declining = ("" if self._confirming == key else key), ""
        publish(self, error="", outcome="", returned="")
        self._show(visit)
        return rx.set_focus(CONFIRM_ID) if self._confirming else None

    @rx.event
    @staff(OPERATOR, ADMIN)
    def cancel(self, visit: Visit, correction: str) -> None:
        """«Отмена»: nothing was decided; the focus goes back to where it came from."""
        self._confirming = ""
        publish(self, returned=str(row_id(correction)))
        self._show(visit)

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def accept(self, visit: Visit, correction: str) -> Any:
        """«Да, исправить»: the new reading takes the place of the old one."""
        return self._decide(visit, correction, "Исправлено: новое показание уйдёт со следующей выгрузкой.", accept)

    @rx.event
    @staff(OPERATOR, ADMIN)
    def open_decline(self, visit: Visit, correction: str) -> Any:
        """«Отклонить…»: ask for the reason under the line; a second press closes it."""
        key = str(row_id(correction))
        self._declining, self._confirming = ("" if self._declining == key else key), ""
        publish(self, error="", outcome="")
        self._show(visit)
        return rx.set_focus(COMMENT) if self._declining else None

    @rx.event
    @staff(OPERATOR, ADMIN)
    def typing(self, visit: Visit, text: str) -> None:
        """A reason is being typed: it is missing no more."""
        publish(self, error="")

    @rx.event
    @staff(OPERATOR, ADMIN, writes=True)
    def decline(self, visit: Visit, form: dict[str, Any]) -> Any:
        """Decline with the reason that the resident will read."""
        comment = field_text(form, COMMENT)
        try:
            return self._decide(visit, self._declining, "Отклонено: житель получит ваше объяснение.", decline, comment)
        except Invalid as fault:
            publish(self, error=fault.fields[COMMENT])
            return rx.set_focus(COMMENT)

    def _decide(self, visit: Visit, correction: str, done: str, service: Any, *more: str) -> Any:
        kind = "good"
        try:
            visit.write(service, row_id(correction), *more, now=visit.now)
        except (Conflict, Refused) as fault:
            done, kind = fault.sentence, "bad"
        if kind == "good" or self._declining == correction:
            self._declining = ""
        self._confirming = ""
        publish(self, outcome=done, outcome_kind=kind, error="")
        self._show(visit)
        return rx.set_focus(OUTCOME_ID)

    def _show(self, visit: Visit) -> None:
        desk = visit.read(desk_of, now=visit.now)
        publish(visit.account, known=True)
        publish(
            self,
            loaded=True,
            title=waiting_title(desk.total, len(desk.waiting)),
            waiting=[waiting_row(one, declining=self._declining, confirming=self._confirming) for one in desk.waiting],
            decided=[decided_row(one) for one in desk.decided],
        )
