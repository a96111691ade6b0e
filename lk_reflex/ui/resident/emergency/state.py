"""The form of a report of an accident: kept while it is typed, checked, read once more, sent."""

from collections.abc import Mapping
from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError, Invalid
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
from lk_reflex.domain.requests.sending import fingerprint
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text, ticked
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.request_form.state import ASKED, About, Fact, RequestForm
from lk_reflex.ui.resident.emergency.place import PlaceForm
from lk_reflex.ui.resident.emergency.regulation_state import Call, call_of
from lk_reflex.ui.shared.prose import Block, blocks_of
from lk_reflex.ui.shared.uploads import upload_field_id
from lk_reflex.ui.uploads.state import ResidentUploads
from lk_reflex.ui.visit import Visit

#: What is kept field by field, beside the place; and what the check page shows, in the order of the form.
NAMES = (DESCRIPTION, DAMAGE, NAME, PHONE, ORGANIZATION)
SHOWN = (ADDRESS, ORGANIZATION, DESCRIPTION, DAMAGE, NAME, PHONE)
#: Every field has an entry: what isn't there would count as a fault.
NO_ERRORS: dict[str, str] = dict.fromkeys((*SHOWN, CONSENT), "")
SENT_ALREADY = "Эта заявка уже отправлена."
ABOUT = About(
    Kind.EMERGENCY,
    paths.TITLES[paths.EMERGENCY_FORM],
    "Проверьте заявку",
    "Изменения сохранены. Чтобы оператор их увидел, отправьте заявку.",
    SENT_ALREADY,
    PHOTO,
    LONGEST_DESCRIPTION,
)


def consent_text() -> list[Block]:
    """The consent as it reads now, for the page itself."""
    return blocks_of(current(EMERGENCY_CONSENT).text)


class EmergencyState(RequestForm, PlaceForm, ResidentUploads, rx.State):
    """One draft of a report."""

    heading: str = ABOUT.title
    damages: list[str] = []
    #: Whom to choose among, by name; empty where it is clear who is told.
    organizations: list[str] = []
    told: Call = Call("", "", "")
    #: The tick as this person has set it on this page, or given it with an earlier sending.
    consented: bool = False
    consent_held: bool = False
    errors: dict[str, str] = NO_ERRORS

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
        return self._on_to_check(visit, errors)

    def _about(self) -> About:
        return ABOUT

    def _own(self, visit: Visit, number: str) -> Draft:
        return visit.read(emergency_draft, number)

    def _opened(self, visit: Visit, *, another: bool) -> None:
        """A tick holds for as long as its page is open."""
        if another or (visit.opening and not visit.by_link):
            publish(self, consented=False)

    def _mark_files(self, draft: Draft) -> None:
        if PHOTO in draft.to_correct:
            publish(self, upload_errors={PHOTO: ASKED})

    def _close(self, why: str, href: str) -> None:
        super()._close(why, href)
        publish(self, address="", suggestions=[], placed=False, place_said="")

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

    def _errors_of(self, visit: Visit, draft: Draft) -> dict[str, str]:
        return visit.database.read(check_emergency, draft, consented=self.consented)

    def _read_once_more(self, visit: Visit, draft: Draft) -> tuple[str, list[Fact]]:
        whole = visit.database.read(directed, draft)
        form = whole.form
        facts = [Fact(name, label(draft.kind, name, form), plain(form, name)) for name in SHOWN]
        return visit.database.read(fingerprint, whole), facts

    def _send(self, visit: Visit) -> str:
        return visit.write(
            send_emergency, self.number, version=self._version, once_key=self._once_key, seen=self._seen,
            consented=self.consented, client=visit.client, site=visit.site, now=visit.now,
        )  # fmt: skip

    def _kept(self, visit: Visit, fields: Mapping[str, object]) -> None:
        """Who is told may be another after such a change."""
        if ADDRESS in fields or ORGANIZATION in fields or "building" in fields:
            self._show_addressee(visit, visit.read(emergency_draft, self.number))

    def _blank(self) -> dict[str, str]:
        return NO_ERRORS

    def _field_id(self, name: str) -> str:
        return _field_id(name, self.organizations)


def radio_id(place: int) -> str:
    """The id of one of the radios «Кому сообщить»."""
    return f"{ORGANIZATION}-{place}"


def _field_id(name: str, organizations: list[str]) -> str:
    if name == PHOTO:
        return upload_field_id(PHOTO)
    return radio_id(0) if name == ORGANIZATION and organizations else name
