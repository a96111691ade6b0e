"""The form of a report of an accident: kept while it is typed, checked, read once more, sent."""

import secrets
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.clock import DEFAULT_ZONE, local_time
from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.identity.registering.documents import EMERGENCY_CONSENT, current
from lk_reflex.domain.requests.dictionaries import DAMAGE as DAMAGES
from lk_reflex.domain.requests.dictionaries import choices
from lk_reflex.domain.requests.drafts import Draft, keep_fields
from lk_reflex.domain.requests.emergency.addressees import choice_of, goes_to
from lk_reflex.domain.requests.emergency.rules import (
    ADDRESS,
    CONSENT,
    DAMAGE,
    DESCRIPTION,
    LONGEST_DESCRIPTION,
    NAME,
    ORGANIZATION,
    PHONE,
    PHOTO,
    plain,
)
from lk_reflex.domain.requests.emergency.sending import (
    check_emergency,
    directed,
    emergency_draft,
    gave_consent,
    send_emergency,
)
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import label
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.sending import fingerprint
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text, ticked
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.emergency.place import PlaceForm
from lk_reflex.ui.resident.emergency.regulation_state import Call, call_of
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.shared.prose import Block, blocks_of
from lk_reflex.ui.shared.uploads import upload_field_id
from lk_reflex.ui.uploads.state import ResidentUploads
from lk_reflex.ui.visit import Visit

TITLE, CHECKED = paths.TITLES[paths.EMERGENCY_FORM], "Проверьте заявку"
#: What is kept field by field, beside the place; and what the check page shows, in the order of the form.
NAMES = (DESCRIPTION, DAMAGE, NAME, PHONE, ORGANIZATION)
SHOWN = (ADDRESS, ORGANIZATION, DESCRIPTION, DAMAGE, NAME, PHONE)
#: Every field has an entry: what isn't there would count as a fault.
NO_ERRORS: dict[str, str] = dict.fromkeys((*SHOWN, CONSENT), "")
OUTCOME_ID = "outcome"
SAVED = "Черновик сохранён. Он ждёт в разделе «Услуги»: продолжить можно позже и с другого устройства."
SAVED_CORRECTION = "Изменения сохранены. Чтобы оператор их увидел, отправьте заявку."
ASKED = "Оператор просит это исправить"
NO_DRAFT = "Такого черновика нет: он удалён, или ссылка устарела."
SENT_ALREADY = "Эта заявка уже отправлена."


@dataclass(frozen=True)
class Fact:
    """A field on the check page; `field_id` is where «Изменить» leads."""

    field_id: str
    label: str
    value: str


def consent_text() -> list[Block]:
    """The consent as it reads now, for the page itself."""
    return blocks_of(current(EMERGENCY_CONSENT).text)


class EmergencyState(PlaceForm, ResidentUploads, rx.State):
    """One draft. What is typed lives in the browser and, a moment later, in the database."""

    loaded: bool = False
    heading: str = TITLE
    #: Empty where there is nothing to fill in: `closed` says why, and `closed_href` leads on.
    number: str = ""
    closed: str = ""
    closed_href: str = paths.SERVICES
    damages: list[str] = []
    #: Whom to choose among, by name; empty where it is clear who is told.
    organizations: list[str] = []
    told: Call = Call("", "", "")
    #: What the form begins with; it isn't changed while somebody types.
    values: dict[str, str] = {}
    form: int = 0
    checking: bool = False
    facts: list[Fact] = []
    correcting: bool = False
    comment: str = ""
    to_correct: list[str] = []
    #: The tick as this person has set it on this page, or given it with an earlier sending.
    consented: bool = False
    consent_held: bool = False
    errors: dict[str, str] = NO_ERRORS
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
        if another or (visit.opening and not visit.by_link):
            publish(self, consented=False)
        if anew:
            self._begin(visit, draft)
        publish(self, correcting=draft.status is Status.CORRECTING, comment=draft.comment)
        self._show_files(visit, draft.request_id, draft.number, [PHOTO])
        if anew and PHOTO in draft.to_correct:
            publish(self, upload_errors={PHOTO: ASKED})
        if checking and anew:
            self._begin_check(visit, draft)
        elif anew:
            publish(self, checking=False, heading=TITLE)

    @rx.event
    @resident(writes=True)
    def keep_description(self, visit: Visit, text: str) -> None:
        """Keep the description while it is typed."""
        self._keep(visit, DESCRIPTION, text)

    @rx.event
    @resident(writes=True)
    def keep_damage(self, visit: Visit, text: str) -> None:
        """Keep the kind of damage as it is chosen."""
        self._keep(visit, DAMAGE, text)

    @rx.event
    @resident(writes=True)
    def keep_name(self, visit: Visit, text: str) -> None:
        """Keep the name while it is typed."""
        self._keep(visit, NAME, text)

    @rx.event
    @resident(writes=True)
    def keep_phone(self, visit: Visit, text: str) -> None:
        """Keep the phone while it is typed."""
        self._keep(visit, PHONE, text)

    @rx.event
    @resident(writes=True)
    def keep_organization(self, visit: Visit, text: str) -> None:
        """«Кому сообщить»."""
        self._keep(visit, ORGANIZATION, text)

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
        publish(self, answers=self.answers + 1, outcome="", consented=ticked(form, CONSENT))
        self._forget()
        try:
            draft = visit.read(emergency_draft, self.number)
            address = field_text(form, ADDRESS)
            if address.strip() != plain(draft.form, ADDRESS):
                self._follow(visit, address)
            # Radios that aren't on the page say nothing of what was chosen before.
            given = [name for name in NAMES if isinstance(form, dict) and name in form]
            fields = {name: field_text(form, name, longest=2 * LONGEST_DESCRIPTION) for name in given}
            visit.write(keep_fields, self.number, fields, now=visit.now)
            draft = visit.read(emergency_draft, self.number)
            self._show_addressee(visit, draft)
            errors = visit.database.read(check_emergency, draft, consented=self.consented)
        except Invalid as fault:
            return self._faulty(fault.fields)
        except DomainError as fault:
            return self._tell(fault.sentence, "bad")
        if errors:
            return self._faulty(errors)
        if self._asked:  # the address is that of the check page already: going there would load nothing
            self._begin_check(visit, draft)
            return rx.set_focus(TITLE_ID)
        return rx.redirect(f"{paths.request_form(Kind.EMERGENCY.value, self.number)}?check=1")

    @rx.event
    @resident(writes=True)
    def send(self, visit: Visit) -> Any:
        """«Отправить» of the check page; a repeated press is the same sending."""
        publish(self, answers=self.answers + 1, outcome="")
        if not self.checking or not self._once_key:
            return None
        try:
            number = visit.write(
                send_emergency, self.number, version=self._version, once_key=self._once_key, seen=self._seen,
                consented=self.consented, client=visit.client, site=visit.site, now=visit.now,
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
            draft = visit.read(emergency_draft, visit.token)
        except NotFound:
            self._close(NO_DRAFT, paths.SERVICES)
            return None
        except Refused:
            self._close(SENT_ALREADY, paths.request_page(visit.token))
            return None
        self._version = draft.version
        publish(self, loaded=True, number=draft.number, closed="")
        return draft

    def _close(self, why: str, href: str) -> None:
        publish(self, loaded=True, number="", closed=why, closed_href=href, checking=False, heading=TITLE, facts=[],
                values={}, faults=[], errors=NO_ERRORS, comment="", to_correct=[], address="", suggestions=[],
                placed=False, place_said="")  # fmt: skip

    def _begin(self, visit: Visit, draft: Draft) -> None:
        told = visit.database.read(goes_to, draft)
        titles = [choice.title for choice in visit.database.read(choices, DAMAGES, told.organization_id)]
        values = {name: plain(draft.form, name) for name in NAMES}
        if values[DAMAGE] not in titles:
            values[DAMAGE] = ""
        self._forget()
        self._begin_place(visit, draft.form, draft.account_id)
        self._show_addressee(visit, draft)
        publish(
            self,
            damages=titles,
            values=values,
            form=self.form + 1,
            kept_at="",
            outcome="",
            consent_held=visit.database.read(gave_consent, draft),
            to_correct=[label(draft.kind, name, draft.form) for name in draft.to_correct],
            errors={**NO_ERRORS, **{name: ASKED for name in draft.to_correct if name in SHOWN}},
        )

    def _show_addressee(self, visit: Visit, draft: Draft) -> None:
        """Who is told: it may change with the place, where no account says it."""
        names = [one.name for one in visit.database.read(choice_of, draft)]
        publish(self, organizations=names, told=call_of(visit.database.read(goes_to, draft)))

    def _begin_check(self, visit: Visit, draft: Draft) -> None:
        errors = visit.database.read(check_emergency, draft, consented=self.consented)
        if errors:
            publish(self, checking=False, heading=TITLE, outcome="")
            self._faulty(errors)
            return
        self._once_key = secrets.token_urlsafe(24)
        whole = visit.database.read(directed, draft)
        self._seen = visit.database.read(fingerprint, whole)
        self._show_files(visit, draft.request_id, draft.number, [PHOTO])
        self._forget()
        form = whole.form
        facts = [Fact(name, label(draft.kind, name, form), plain(form, name)) for name in SHOWN]
        publish(self, checking=True, heading=f"{CHECKED} {grouped(draft.number)}", facts=facts)

    def _keep(self, visit: Visit, name: str, text: object) -> None:
        if isinstance(text, str):
            self._put(visit, {name: field_text({name: text}, name, longest=2 * LONGEST_DESCRIPTION)})

    def _put(self, visit: Visit, fields: dict[str, object]) -> bool:
        if not self.number:
            return False
        try:
            visit.write(keep_fields, self.number, fields, now=visit.now)
            if self._where_to(fields):
                self._show_addressee(visit, visit.read(emergency_draft, self.number))
        except Invalid as fault:
            publish(self, errors={**self.errors, **fault.fields})
            return False
        except DomainError as fault:
            publish(self, kept_at="", outcome=fault.sentence, outcome_kind="bad")
            return False
        publish(self, kept_at=f"Сохранено в {local_time(visit.now, self._zone):%H:%M:%S}")
        return True

    def _where_to(self, fields: dict[str, object]) -> bool:
        """Whether who is told may be another after such a change."""
        return ADDRESS in fields or ORGANIZATION in fields or "building" in fields

    def _faulty(self, errors: dict[str, str]) -> Any:
        publish(
            self,
            errors={**NO_ERRORS, **errors},
            faults=[Fault(_field_id(name, self.organizations), sentence) for name, sentence in errors.items()],
        )
        return rx.set_focus(SUMMARY_ID)

    def _forget(self) -> None:
        publish(self, errors=NO_ERRORS, faults=[])

    def _tell(self, sentence: str, kind: str) -> Any:
        publish(self, outcome=sentence, outcome_kind=kind)
        return rx.set_focus(OUTCOME_ID)


def radio_id(place: int) -> str:
    """The id of one of the radios «Кому сообщить»."""
    return f"{ORGANIZATION}-{place}"


def _field_id(name: str, organizations: list[str]) -> str:
    if name == PHOTO:
        return upload_field_id(PHOTO)
    return radio_id(0) if name == ORGANIZATION and organizations else name
