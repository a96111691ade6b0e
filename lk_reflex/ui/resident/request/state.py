"""One request of the person's own: what became of it, the thread, the mark at the end."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.requests.own import OwnRequest, own_request
from lk_reflex.domain.requests.rating import BEST, COMMENT, RATING, rate
from lk_reflex.domain.requests.slots import MESSAGE
from lk_reflex.domain.requests.thread import LONGEST, TEXT, say
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.request import rows
from lk_reflex.ui.resident.request.rows import FilesRow, MessageRow, SectionRow, Shown, StepRow
from lk_reflex.ui.resident.request.words import heading
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.uploads.state import ResidentUploads
from lk_reflex.ui.visit import Visit

UNKNOWN = paths.TITLES[paths.REQUEST]
SAID_ID, SUMMARY_ID, RATED_ID = "said", "message-faults", "rated"
SAID = "Сообщение отправлено"
MARKS = tuple(str(mark) for mark in range(1, BEST + 1))
RATED = "Спасибо, оценка сохранена"


class RequestState(ResidentUploads, rx.State):
    """What is typed stands in the browser alone: when the request changes, the forms are left as they are."""

    loaded: bool = False
    heading: str = UNKNOWN
    shown: Shown = rows.NOTHING
    #: What an operator wants changed, by label.
    to_correct: list[str] = []
    sections: list[SectionRow] = []
    files: list[FilesRow] = []
    steps: list[StepRow] = []
    messages: list[MessageRow] = []
    faults: list[Fault] = []
    text_error: str = ""
    rating_error: str = ""
    comment_error: str = ""
    said: str = ""
    said_kind: str = "good"
    rated: str = ""
    rated_kind: str = "good"
    #: Grows with each form that is to begin anew.
    form: int = 0
    answers: int = 0

    _number: str = ""

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the request in the address; one that isn't the person's is not found."""
        visit.chosen()
        if visit.opening or self._number != visit.token:
            self._number = visit.token
            self._forget()
            publish(self, said="", rated="", form=self.form + 1)
        self._show(visit)

    @rx.event
    @resident(writes=True)
    def write(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Отправить сообщение»: what is wrong stands at its place, and what was typed stays."""
        self._forget()
        publish(self, answers=self.answers + 1, said="")
        try:
            # Longer than what is taken, so that whoever wrote too much is told and loses nothing.
            text = field_text(form, TEXT, longest=2 * LONGEST)
            visit.write(say, self._number, text, now=visit.now, site=visit.site)
        except Invalid as fault:
            return self._faulty(fault.fields)
        except (Conflict, NotFound, Refused) as fault:
            self._show(visit)
            return self._tell(fault)
        publish(self, said=f"{SAID}.", said_kind="good", form=self.form + 1)
        self._show(visit)
        return rx.set_focus(SAID_ID)

    @rx.event
    @resident(writes=True)
    def rate(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Оценить»."""
        self._forget()
        publish(self, answers=self.answers + 1, rated="")
        mark, comment = field_text(form, RATING), field_text(form, COMMENT, longest=2 * LONGEST)
        try:
            visit.write(rate, self._number, int(mark) if mark in MARKS else 0, comment, now=visit.now)
        except Invalid as fault:
            return self._faulty(fault.fields)
        except (Conflict, NotFound, Refused) as fault:
            publish(self, rated=fault.sentence, rated_kind="bad")
        else:
            publish(self, rated=f"{RATED}.", rated_kind="good")
        self._show(visit)
        return rx.set_focus(RATED_ID)

    def _faulty(self, errors: dict[str, str]) -> Any:
        publish(
            self,
            faults=[Fault(f"{RATING}-5" if name == RATING else name, text) for name, text in errors.items()],
            text_error=errors.get(TEXT, ""),
            rating_error=errors.get(RATING, ""),
            comment_error=errors.get(COMMENT, ""),
        )
        return rx.set_focus(SUMMARY_ID)

    def _tell(self, fault: DomainError) -> Any:
        publish(self, said=fault.sentence, said_kind="bad")
        return rx.set_focus(SAID_ID)

    def _forget(self) -> None:
        publish(self, faults=[], text_error="", rating_error="", comment_error="")

    def _show(self, visit: Visit) -> None:
        try:
            request = visit.read(own_request, self._number)
        except NotFound:
            publish(
                self, loaded=True, heading=UNKNOWN, shown=rows.NOTHING, to_correct=[], sections=[], files=[], steps=[],
                messages=[],
            )  # fmt: skip
            self._show_no_files()
            return
        self._publish(request)
        self._show_files(visit, request.request_id, request.number, [MESSAGE])

    def _show_no_files(self) -> None:
        self._upload_number = ""
        publish(self, uploaded={}, upload_errors={}, upload_full={}, upload_busy="", upload_slot="", upload_told="")

    def _publish(self, request: OwnRequest) -> None:
        publish(
            self,
            loaded=True,
            heading=heading(request),
            shown=rows.shown(request),
            to_correct=[part.label for part in request.to_correct],
            sections=rows.section_rows(request),
            files=rows.files_rows(request),
            steps=rows.step_rows(request),
            messages=rows.message_rows(request.thread, request.time_zone),
        )
