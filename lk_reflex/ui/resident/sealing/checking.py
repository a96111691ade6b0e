"""The page that is checked before sending: what will be sent, the two consents, and the press. To be mixed in."""

import secrets
from collections.abc import Mapping
from typing import Any

import reflex as rx

from lk_reflex.core.errors import Conflict, DomainError, Invalid, NotFound, Refused, Unavailable
from lk_reflex.domain.identity.registering.documents import SEALING_ACCESS, SEALING_CONSENT, current
from lk_reflex.domain.requests.drafts import Draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.passports.own import masked
from lk_reflex.domain.requests.sealing.consents import MISSING, texts
from lk_reflex.domain.requests.sealing.sending import send_sealing
from lk_reflex.domain.requests.sending import fingerprint
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text, ticked
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.sealing import words
from lk_reflex.ui.resident.sealing.checks import CheckSection, check_sections
from lk_reflex.ui.resident.sealing.rows import slots_of
from lk_reflex.ui.resident.sealing.told import faults_of, sealing_draft
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.shared.prose import Block, blocks_of
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import vault

POLICY, ACCESS = SEALING_CONSENT, SEALING_ACCESS
SEND_FAULT_ID = "not-sent"


def consent_text(name: str) -> list[Block]:
    """The text of a consent as it holds now, for the page itself."""
    return blocks_of(current(name).text)


class SealingCheck(rx.State, mixin=True):
    """The vars of the check page; the form's state fills them by `_show_check`."""

    checking: bool = False
    heading: str = paths.TITLES[paths.SEALING_FORM]
    sections: list[CheckSection] = []
    form_key: str = ""
    version: str = ""
    #: The versions of the texts that are agreed to.
    texts: dict[str, str] = {POLICY: "", ACCESS: ""}
    seen: str = ""
    consent_errors: dict[str, str] = {POLICY: "", ACCESS: ""}
    send_fault: str = ""

    @rx.event
    @resident(writes=True)
    def send(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Отправить» on the check page; the same rendering is one sending, however often it is pressed."""
        publish(self, answers=self.answers + 1, send_fault="")
        missing = {name: text for name, text in MISSING.items() if not ticked(form, name)}
        publish(self, consent_errors={POLICY: "", ACCESS: "", **missing})
        if missing:
            publish(self, faults=[Fault(name, text) for name, text in missing.items()])
            return rx.set_focus(SUMMARY_ID)
        publish(self, faults=[])
        try:
            number = self._send(visit, form)
        except Invalid as fault:
            self._refuse(sealing_draft(visit, self.number), fault.fields)
            return rx.redirect(paths.request_form(Kind.SEALING.value, self.number))
        except (Conflict, Refused, NotFound, Unavailable) as fault:
            return self._not_sent(visit, fault)
        return rx.redirect(paths.request_page(number))

    def _send(self, visit: Visit, form: object) -> str:
        return visit.database.write(
            send_sealing, vault(), visit.actor, self.number, version=_whole(field_text(form, "version")),
            once_key=field_text(form, "form_key"), seen=field_text(form, "seen"),
            consents={name: field_text(form, f"{name}-version") for name in MISSING},
            address=visit.client.address, site=visit.site, now=visit.now,
        )  # fmt: skip

    def _show_check(self, visit: Visit, draft: Draft, *, turned: bool) -> Any:
        faults = faults_of(visit, draft.number)
        if faults:
            publish(self, checking=False, heading=paths.TITLES[paths.SEALING_FORM])
            self._refuse(draft, faults)
            return rx.redirect(paths.request_form(Kind.SEALING.value, draft.number), replace=True)
        # Before what is shown beside the form: what comes in between is in none of both, and is told of at the sending.
        seen = visit.database.read(fingerprint, draft)
        passport = visit.database.read(masked, vault(), visit.actor, draft.number)
        self._show_files(visit, draft.request_id, draft.number, slots_of(draft.form))
        publish(
            self,
            checking=True,
            heading=words.CHECKING,
            sections=check_sections(draft, passport, self.uploaded, self._new),
            version=str(draft.version),
            seen=seen,
            texts=texts(),
        )
        if turned or not self.form_key:
            # A press by the Enter key, a double click, the browser's Back: the same rendering is one sending.
            publish(self, form_key=secrets.token_urlsafe(16), faults=[], send_fault="")
        return rx.set_focus(TITLE_ID) if turned else None

    def _not_sent(self, visit: Visit, fault: DomainError) -> Any:
        try:
            draft = sealing_draft(visit, self.number)
        except DomainError:
            publish(self, send_fault=fault.message)
            return rx.set_focus(SEND_FAULT_ID)
        self._fill(visit, draft)
        outcome = self._show_check(visit, draft, turned=False)
        publish(self, send_fault=fault.message)
        return outcome or rx.set_focus(SEND_FAULT_ID)

    # The form's own, which stands behind the page.

    def _refuse(self, draft: Draft, faults: Mapping[str, str]) -> Any:
        raise NotImplementedError

    def _fill(self, visit: Visit, draft: Draft) -> None:
        raise NotImplementedError


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
