"""The form of an appeal: kept while it is typed, checked, read once more, sent."""

import secrets
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.clock import DEFAULT_ZONE, local_time
from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.requests.appeal.rules import FILE, LONGEST, PHONE, TEXT, TOPIC, plain
from lk_reflex.domain.requests.appeal.sending import check_appeal, send_appeal
from lk_reflex.domain.requests.dictionaries import TOPIC as TOPICS
from lk_reflex.domain.requests.dictionaries import choices
from lk_reflex.domain.requests.drafts import Draft, keep_fields, own_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import FIELDS, label
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.sending import fingerprint
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.shared.uploads import upload_field_id
from lk_reflex.ui.uploads.state import ResidentUploads
from lk_reflex.ui.visit import Visit

TITLE, CHECKED = paths.TITLES[paths.APPEAL_FORM], "Проверьте обращение"
NAMES = (TOPIC, TEXT, PHONE)
OUTCOME_ID = "outcome"
SAVED = "Черновик сохранён. Он ждёт в разделе «Услуги»: продолжить можно позже и с другого устройства."
SAVED_CORRECTION = "Изменения сохранены. Чтобы оператор их увидел, отправьте обращение."
ASKED = "Оператор просит это исправить"


@dataclass(frozen=True)
class Fact:
    """A field on the check page; `field_id` is where «Изменить» leads."""

    field_id: str
    label: str
    value: str


class AppealState(ResidentUploads, rx.State):
    """One draft. What is typed lives in the browser and, a moment later, in the database."""

    loaded: bool = False
    heading: str = TITLE
    #: Empty where there is nothing to fill in: `closed` says why, and `closed_href` leads on.
    number: str = ""
    closed: str = ""
    closed_href: str = paths.SERVICES
    topics: list[str] = []
    #: What the form begins with; it isn't changed while somebody types.
    values: dict[str, str] = {}
    form: int = 0
    checking: bool = False
    facts: list[Fact] = []
    correcting: bool = False
    comment: str = ""
    to_correct: list[str] = []
    errors: dict[str, str] = {}
    faults: list[Fault] = []
    kept_at: str = ""
    outcome: str = ""
    outcome_kind: str = "good"
    answers: int = 0

    _version: int = 0
    _once_key: str = ""
    #: What the check page shows, as the sending has to find it.
    _seen: str = ""
    _request_id: int = 0
    _zone: str = DEFAULT_ZONE
    #: Whether the address asks for the check page.
    _asked: bool = False

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the draft in the address, or its check page; what is being typed stays when something else changes."""
        account = visit.chosen()
        checking = visit.query("check") == "1"
        anew = visit.opening or checking != self._asked or self.number != visit.token
        self._asked = checking
        draft = self._draft(visit)
        if draft is None:
            return
        if account is not None:
            self._zone = account.time_zone
        if anew:
            self._begin(visit, draft)
        publish(self, correcting=draft.status is Status.CORRECTING, comment=draft.comment)
        self._show_files(visit, draft.request_id, draft.number, [FILE])
        if checking and anew:
            self._begin_check(visit, draft)
        elif anew:
            publish(self, checking=False, heading=TITLE)

    @rx.event
    @resident(writes=True)
    def keep_topic(self, visit: Visit, text: str) -> None:
        """Keep the topic as it is chosen."""
        self._keep(visit, TOPIC, text)

    @rx.event
    @resident(writes=True)
    def keep_text(self, visit: Visit, text: str) -> None:
        """Keep the text while it is typed."""
        self._keep(visit, TEXT, text)

    @rx.event
    @resident(writes=True)
    def keep_phone(self, visit: Visit, text: str) -> None:
        """Keep the phone while it is typed."""
        self._keep(visit, PHONE, text)

    @rx.event
    @resident(writes=True)
    def save(self, visit: Visit) -> Any:
        """«Сохранить»: on purpose, faults and all. What was typed is kept by then, field by field."""
        try:
            visit.write(keep_fields, self.number, {}, now=visit.now, kept=True)
        except DomainError as fault:
            return self._tell(fault.sentence, "bad")
        self._forget()
        return self._tell(SAVED_CORRECTION if self.correcting else SAVED, "good")

    @rx.event
    @resident(writes=True)
    def check(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Отправить» of the form: keep it, check it, and show it once more."""
        publish(self, answers=self.answers + 1, outcome="")
        self._forget()
        fields = {name: field_text(form, name, longest=2 * LONGEST) for name in NAMES}
        try:
            visit.write(keep_fields, self.number, fields, now=visit.now)
            errors = visit.read(check_appeal, self.number)
        except Invalid as fault:
            errors = fault.fields
        except DomainError as fault:
            return self._tell(fault.sentence, "bad")
        if errors:
            return self._faulty(errors)
        if self._asked:  # the address is that of the check page already: going there would load nothing
            self._begin_check(visit, visit.read(own_draft, self.number))
            return rx.set_focus(TITLE_ID)
        return rx.redirect(f"{paths.request_form(Kind.APPEAL.value, self.number)}?check=1")

    @rx.event
    @resident(writes=True)
    def send(self, visit: Visit) -> Any:
        """«Отправить» of the check page; a repeated press is the same sending."""
        publish(self, answers=self.answers + 1, outcome="")
        if not self.checking or not self._once_key:
            return None
        try:
            number = visit.write(
                send_appeal, self.number, version=self._version, once_key=self._once_key, seen=self._seen,
                site=visit.site, now=visit.now,
            )  # fmt: skip
        except Invalid as fault:
            publish(self, checking=False, heading=TITLE)
            return self._faulty(fault.fields)
        except (Conflict, NotFound, Refused) as fault:
            draft = self._draft(visit)
            if draft is not None:
                self._begin_check(visit, draft)
            return self._tell(fault.sentence, "bad")
        return rx.redirect(paths.request_page(number))

    def _draft(self, visit: Visit) -> Draft | None:
        """The draft in the address; else it is said why there is nothing to fill in."""
        try:
            draft = visit.read(own_draft, visit.token)
            if draft.kind is not Kind.APPEAL:
                raise NotFound("Это не обращение")
        except NotFound:
            self._close("Такого черновика нет: он удалён, или ссылка устарела.", paths.SERVICES)
            return None
        except Refused:
            self._close("Это обращение уже отправлено.", paths.request_page(visit.token))
            return None
        self._version, self._request_id = draft.version, draft.request_id
        publish(self, loaded=True, number=draft.number, closed="")
        return draft

    def _close(self, why: str, href: str) -> None:
        publish(self, loaded=True, number="", closed=why, closed_href=href, checking=False, heading=TITLE, facts=[],
                values={}, faults=[], errors={}, comment="", to_correct=[])  # fmt: skip

    def _begin(self, visit: Visit, draft: Draft) -> None:
        titles = [choice.title for choice in visit.database.read(choices, TOPICS, draft.organization_id)]
        values = {name: plain(draft.form, name) for name in NAMES}
        if values[TOPIC] and values[TOPIC] not in titles:
            values[TOPIC] = ""
        self._forget()
        publish(
            self,
            topics=titles,
            values=values,
            form=self.form + 1,
            kept_at="",
            outcome="",
            to_correct=[label(draft.kind, name, draft.form) for name in draft.to_correct],
            errors={name: ASKED for name in draft.to_correct if name in NAMES},
        )

    def _begin_check(self, visit: Visit, draft: Draft) -> None:
        errors = visit.read(check_appeal, draft.number)
        if errors:
            publish(self, checking=False, heading=TITLE, outcome="")
            self._faulty(errors)
            return
        self._once_key = secrets.token_urlsafe(24)
        self._seen = visit.database.read(fingerprint, draft)
        self._show_files(visit, draft.request_id, draft.number, [FILE])
        self._forget()
        facts = [Fact(name, title, plain(draft.form, name)) for name, title in FIELDS[draft.kind].items()]
        publish(self, checking=True, heading=f"{CHECKED} {grouped(draft.number)}", facts=facts)

    def _keep(self, visit: Visit, name: str, text: object) -> None:
        if not isinstance(text, str) or not self.number:
            return
        value = field_text({name: text}, name, longest=2 * LONGEST)
        try:
            visit.write(keep_fields, self.number, {name: value}, now=visit.now)
        except Invalid as fault:
            publish(self, errors={**self.errors, **fault.fields})
        except DomainError as fault:
            publish(self, kept_at="", outcome=fault.sentence, outcome_kind="bad")
        else:
            publish(self, kept_at=f"Сохранено в {local_time(visit.now, self._zone):%H:%M:%S}")

    def _faulty(self, errors: dict[str, str]) -> Any:
        publish(
            self,
            errors=errors,
            faults=[
                Fault(upload_field_id(FILE) if name == FILE else name, sentence) for name, sentence in errors.items()
            ],
        )
        return rx.set_focus(SUMMARY_ID)

    def _forget(self) -> None:
        publish(self, errors={}, faults=[])

    def _tell(self, sentence: str, kind: str) -> Any:
        publish(self, outcome=sentence, outcome_kind=kind)
        return rx.set_focus(OUTCOME_ID)
