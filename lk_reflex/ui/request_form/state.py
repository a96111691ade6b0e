"""One draft of a request: kept field by field while it is typed, read once more, sent once. To be mixed in.

What is typed lives in the browser and, a moment later, in the database. A form says what is its own by the hooks at
the end of the class.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.clock import DEFAULT_ZONE, local_time
from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.requests.drafts import Draft, keep_fields
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.visit import Visit

OUTCOME_ID = "outcome"
SAVED = "Черновик сохранён. Он ждёт в разделе «Услуги»: продолжить можно позже и с другого устройства."
ASKED = "Оператор просит это исправить"
GONE = "Такого черновика нет: он удалён, или ссылка устарела."


@dataclass(frozen=True)
class Fact:
    """A field on the check page; `field_id` is where «Изменить» leads."""

    field_id: str
    label: str
    value: str


@dataclass(frozen=True)
class About:
    """What one form is: its service, headings and sentences, its place for files, and how long a text is kept."""

    kind: Kind
    title: str
    checking: str
    saved_correction: str
    sent: str
    slot: str
    longest: int


class RequestForm(rx.State, mixin=True):
    """The vars and the handlers; the hooks at the end, and the var `errors`, are the form's own.

    Stands before `ResidentUploads`, whose lists it shows.
    """

    loaded: bool = False
    heading: str = ""
    #: Empty where there is nothing to fill in: `closed` says why, and `closed_href` leads on.
    number: str = ""
    closed: str = ""
    closed_href: str = paths.SERVICES
    #: What the form begins with; it isn't changed while somebody types.
    values: dict[str, str] = {}
    form: int = 0
    checking: bool = False
    facts: list[Fact] = []
    correcting: bool = False
    comment: str = ""
    to_correct: list[str] = []
    faults: list[Fault] = []
    kept_at: str = ""
    outcome: str = ""
    outcome_kind: str = "good"
    answers: int = 0

    _version: int = 0
    _once_key: str = ""
    #: What the check page shows, as the sending has to find it.
    _seen: str = ""
    _zone: str = DEFAULT_ZONE
    #: Whether the address asks for the check page.
    _asked: bool = False

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the draft in the address, or its check page; what is being typed stays when something else changes."""
        account = visit.chosen()
        checking = visit.query("check") == "1"
        another = self.number != visit.token
        anew = visit.opening or checking != self._asked or another
        self._asked = checking
        draft = self._draft(visit)
        if draft is None:
            return
        if account is not None:
            self._zone = account.time_zone
        self._opened(visit, another=another)
        if anew:
            self._begin(visit, draft)
        publish(self, correcting=draft.status is Status.CORRECTING, comment=draft.comment)
        self._show_own_files(visit, draft)
        if anew:
            self._mark_files(draft)
        if checking and anew:
            self._begin_check(visit, draft)
        elif anew:
            publish(self, checking=False, heading=self._about().title)

    @rx.event
    @resident(writes=True)
    def save(self, visit: Visit) -> Any:
        """«Сохранить»: on purpose, faults and all. What was typed is kept by then, field by field."""
        try:
            visit.write(keep_fields, self.number, {}, now=visit.now, kept=True)
        except DomainError as fault:
            return self._tell(fault.sentence, "bad")
        self._forget()
        return self._tell(self._about().saved_correction if self.correcting else SAVED, "good")

    @rx.event
    @resident(writes=True)
    def send(self, visit: Visit) -> Any:
        """«Отправить» of the check page; a repeated press is the same sending."""
        publish(self, answers=self.answers + 1, outcome="")
        if not self.checking or not self._once_key:
            return None
        try:
            number = self._send(visit)
        except Invalid as fault:
            publish(self, checking=False, heading=self._about().title)
            return self._faulty(fault.fields)
        except (Conflict, NotFound, Refused) as fault:
            draft = self._draft(visit)
            if draft is not None:
                self._begin_check(visit, draft)
            return self._tell(fault.sentence, "bad")
        return rx.redirect(paths.request_page(number))

    def _on_to_check(self, visit: Visit, errors: dict[str, str]) -> Any:
        """From the form to its check page, or to what is wrong."""
        if errors:
            return self._faulty(errors)
        if self._asked:  # the address is that of the check page already: going there would load nothing
            self._begin_check(visit, self._own(visit, self.number))
            return rx.set_focus(TITLE_ID)
        return rx.redirect(f"{paths.request_form(self._about().kind.value, self.number)}?check=1")

    def _draft(self, visit: Visit) -> Draft | None:
        """The draft in the address; else it is said why there is nothing to fill in."""
        try:
            draft = self._own(visit, visit.token)
        except NotFound:
            self._close(GONE, paths.SERVICES)
            return None
        except Refused:
            self._close(self._about().sent, paths.request_page(visit.token))
            return None
        self._version = draft.version
        publish(self, loaded=True, number=draft.number, closed="")
        return draft

    def _close(self, why: str, href: str) -> None:
        publish(self, loaded=True, number="", closed=why, closed_href=href, checking=False,
                heading=self._about().title, facts=[], values={}, comment="", to_correct=[])  # fmt: skip
        self._forget()

    def _begin_check(self, visit: Visit, draft: Draft) -> None:
        errors = self._errors_of(visit, draft)
        if errors:
            publish(self, checking=False, heading=self._about().title, outcome="")
            self._faulty(errors)
            return
        self._once_key = secrets.token_urlsafe(24)
        self._seen, facts = self._read_once_more(visit, draft)
        self._show_own_files(visit, draft)
        self._forget()
        publish(self, checking=True, heading=f"{self._about().checking} {grouped(draft.number)}", facts=facts)

    def _show_own_files(self, visit: Visit, draft: Draft) -> None:
        self._show_files(visit, draft.request_id, draft.number, [self._about().slot])  # type: ignore[attr-defined]

    def _keep(self, visit: Visit, name: str, text: object) -> None:
        if isinstance(text, str):
            self._put(visit, {name: field_text({name: text}, name, longest=2 * self._about().longest)})

    def _put(self, visit: Visit, fields: Mapping[str, object]) -> bool:
        """Keep what was typed; False where it couldn't be."""
        if not self.number:
            return False
        try:
            visit.write(keep_fields, self.number, fields, now=visit.now)
            self._kept(visit, fields)
        except Invalid as fault:
            publish(self, errors={**self.errors, **fault.fields})  # type: ignore[attr-defined]
            return False
        except DomainError as fault:
            publish(self, kept_at="", outcome=fault.sentence, outcome_kind="bad")
            return False
        publish(self, kept_at=f"Сохранено в {local_time(visit.now, self._zone):%H:%M:%S}")
        return True

    def _faulty(self, errors: Mapping[str, str]) -> Any:
        publish(
            self,
            errors={**self._blank(), **errors},
            faults=[Fault(self._field_id(name), sentence) for name, sentence in errors.items()],
        )
        return rx.set_focus(SUMMARY_ID)

    def _forget(self) -> None:
        publish(self, errors=self._blank(), faults=[])

    def _tell(self, sentence: str, kind: str) -> Any:
        publish(self, outcome=sentence, outcome_kind=kind)
        return rx.set_focus(OUTCOME_ID)

    # What each form has of its own.

    def _about(self) -> About:
        raise NotImplementedError

    def _own(self, visit: Visit, number: str) -> Draft:
        """The person's draft of this service. Raises NotFound, Refused where it has been sent."""
        raise NotImplementedError

    def _begin(self, visit: Visit, draft: Draft) -> None:
        """Fill the form anew."""
        raise NotImplementedError

    def _errors_of(self, visit: Visit, draft: Draft) -> dict[str, str]:
        raise NotImplementedError

    def _read_once_more(self, visit: Visit, draft: Draft) -> tuple[str, list[Fact]]:
        """The fingerprint of what the check page shows, and what that is."""
        raise NotImplementedError

    def _send(self, visit: Visit) -> str:
        """Returns the number. Raises as the service does."""
        raise NotImplementedError

    def _field_id(self, name: str) -> str:
        raise NotImplementedError

    def _blank(self) -> dict[str, str]:
        """The errors of a form without any."""
        return {}

    def _opened(self, visit: Visit, *, another: bool) -> None:
        """The page was opened or told to load anew; `another`: it has shown another draft."""

    def _mark_files(self, draft: Draft) -> None:
        """The form was filled anew, its place for files with it."""

    def _kept(self, visit: Visit, fields: Mapping[str, object]) -> None:
        """These fields are in the database now."""
