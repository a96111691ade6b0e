"""Заявка на опломбировку: the form that saves itself, and the page that is checked before sending."""

import secrets
from collections.abc import Mapping
from typing import Any

import reflex as rx

from lk_reflex.core.clock import DEFAULT_ZONE, local_time
from lk_reflex.core.errors import DomainError, Invalid, NotFound, Refused, Unavailable
from lk_reflex.domain.accounts.linked import linked_accounts
from lk_reflex.domain.requests.dictionaries import APPLICATION, BRAND, METER_TYPE, NEW, PLACE, choices
from lk_reflex.domain.requests.drafts import Draft, keep_fields
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import PASSPORT_FIELDS
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.passports.own import masked, put
from lk_reflex.domain.requests.sealing.fields import DOCUMENTS
from lk_reflex.domain.requests.sealing.rows import add_meter, remove_meter
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.sealing import words
from lk_reflex.ui.resident.sealing.checking import ACCESS, POLICY, SealingCheck
from lk_reflex.ui.resident.sealing.rows import (
    MeterRow,
    filled,
    in_order,
    meter_row_list,
    names_of,
    own_values,
    slots_of,
    texts_of,
)
from lk_reflex.ui.resident.sealing.told import (
    LONGEST,
    faults_of,
    field_id,
    has,
    label_of,
    passport_typed,
    said,
    sealing_draft,
)
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.shared.uploads import upload_field_id
from lk_reflex.ui.uploads.state import ResidentUploads
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import vault

KEPT_ID, METERS_ID, CLOSED_ID = "kept", "meters", "closed"
#: The hidden field that says which of the two buttons was pressed.
INTENT, KEEP, SEND = "intent", "keep", "send"
_LISTS = {"application": APPLICATION, "type": METER_TYPE, "brand": BRAND, "place": PLACE}


class SealingState(SealingCheck, ResidentUploads, rx.State):
    """One application while its person may change it.

    `values` and `rows` hold what the fields begin with, never an echo of what is typed there. Passport fields have no
    var at all: what is typed goes from the handler's payload into the encrypted column.
    """

    loaded: bool = False
    #: Why there is no form at this address, and where it leads instead.
    gone: str = ""
    gone_href: str = ""
    #: Sent or taken over by another tab while this one was open.
    closed: str = ""
    number: str = ""
    account: str = ""
    #: Another one with each connection: what was typed without one is then brought along.
    connection: str = ""

    values: dict[str, str] = dict.fromkeys(texts_of({}), "")
    rows: list[MeterRow] = []
    choices: dict[str, list[str]] = {name: [] for name in (*_LISTS, "document")}
    passport: str = ""
    passport_whole: bool = False
    passport_wrong: bool = False

    errors: dict[str, str] = {}
    marks: dict[str, bool] = {}
    faults: list[Fault] = []
    #: What the operator wants, and the fields named.
    asked: bool = False
    comment: str = ""
    named: list[Fault] = []

    saved: str = ""
    kept: str = ""
    kept_how: str = ""
    #: The row that «Убрать счетчик» asks about, and the one whose first field takes the focus.
    removing: str = ""
    at: str = ""
    more: bool = True
    #: Grows with each answer, by which the buttons know that it came.
    answers: int = 0

    #: Titles of the applications for a new meter; what this tab knows to be kept; the same before this connection.
    _new: list[str] = []
    _known: dict[str, str] = {}
    _before: dict[str, str] = {}
    _zone: str = DEFAULT_ZONE
    _form: dict[str, Any] = {}

    @rx.event
    @resident
    def load(self, visit: Visit) -> Any:
        """Show the form or the check page. A signal alone publishes nothing that could disturb the typing."""
        visit.chosen()
        number, checking = visit.token, visit.query("check") != ""
        try:
            draft = sealing_draft(visit, number)
        except DomainError as fault:
            self._away(visit, number, fault)
            return None
        fresh = number != self.number or visit.by_link
        turned = checking != self.checking
        if fresh:
            self._begin(number)
        if visit.opening or turned or fresh:
            self._fill(visit, draft)
        if checking:
            return self._show_check(visit, draft, turned=turned)
        publish(self, checking=False, at=visit.query("at"), heading=paths.TITLES[paths.SEALING_FORM])
        return rx.set_focus(TITLE_ID) if turned and not fresh and not self.at and not self.faults else None

    @rx.event
    @resident(writes=True)
    def type_field(self, visit: Visit, number: str, name: str, text: str) -> None:
        """Something was typed or chosen: keep it at once, and quietly."""
        typed = {name: field_text({"text": text}, "text", longest=LONGEST)} if isinstance(name, str) else {}
        self._keep(visit, number if isinstance(number, str) else "", typed)

    @rx.event
    @resident(writes=True)
    def leave_field(self, visit: Visit, number: str, name: str, text: str) -> None:
        """A field was left. An empty field of a passport says nothing: it is empty whenever the form is reopened."""
        given = field_text({"text": text}, "text", longest=LONGEST)
        if isinstance(name, str) and (given or name not in PASSPORT_FIELDS):
            self._keep(visit, number if isinstance(number, str) else "", {name: given})

    @rx.event
    @resident(writes=True)
    def catch_up(self, visit: Visit, form: dict[str, Any]) -> None:
        """The connection is back: keep what was typed meanwhile, and nothing that another tab has changed since."""
        texts = texts_of(self._form)
        typed = {
            name: field_text(form, name, longest=LONGEST)
            for name, before in self._before.items()
            if name in texts and isinstance(form, Mapping) and isinstance(form.get(name), str)
            and field_text(form, name, longest=LONGEST) not in (before, texts[name])
        }  # fmt: skip
        typed |= passport_typed(form)
        if typed:
            self._keep(visit, self.number, typed)

    @rx.event
    @resident(writes=True)
    def add_row(self, visit: Visit) -> None:
        """«+ Добавить счетчик»: its first field takes the focus."""
        key = visit.write(add_meter, self.number, now=visit.now)
        self._list_meters(visit, sealing_draft(visit, self.number))
        publish(self, at=key, removing="", kept="")
        self._say_saved(visit)

    @rx.event
    @resident(writes=True)
    def remove_row(self, visit: Visit, key: str) -> Any:
        """«Убрать счетчик»: at once where nothing is in it, else it is asked once more."""
        form = sealing_draft(visit, self.number).form
        if not isinstance(key, str) or len(meter_row_list(form, ())) < 2:
            return None
        files = any(self.uploaded.get(slot) for slot in slots_of(form) if slot.startswith(f"{key}:"))
        if self.removing != key and (filled(form, key) or files):
            publish(self, removing=key)
            return None
        visit.write(remove_meter, self.number, key, now=visit.now)
        self._list_meters(visit, sealing_draft(visit, self.number))
        publish(self, removing="", at="", faults=[fault for fault in self.faults if f"{key}" not in fault.field_id])
        self._say_saved(visit)
        return rx.set_focus(METERS_ID)

    @rx.event
    @resident
    def keep_row(self, visit: Visit) -> Any:
        """«Оставить»."""
        publish(self, removing="")
        return rx.set_focus(METERS_ID)

    @rx.event
    @resident(writes=True)
    def submit(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить» keeps all as it is, faults too; «Отправить» goes on to the check page, or to what is wrong."""
        publish(self, answers=self.answers + 1)
        sends = field_text(form, INTENT) == SEND
        try:
            draft = sealing_draft(visit, self.number)
        except DomainError as fault:
            self._shut(fault)
            return rx.set_focus(CLOSED_ID)
        shown = texts_of(draft.form)
        typed = {name: field_text(form, name, longest=LONGEST) for name in shown if has(form, name)}
        changed = {
            name: text
            for name, text in typed.items()
            if text not in (shown[name], self._known.get(name, shown[name]))
        }  # fmt: skip
        if not self._keep(visit, self.number, {**changed, **passport_typed(form)}, kept=not sends):
            return rx.set_focus(CLOSED_ID) if self.closed else None
        if not sends:
            return self._say_kept(draft)
        draft = sealing_draft(visit, self.number)
        faults = faults_of(visit, draft.number)
        if faults:
            return self._refuse(draft, faults)
        self._refuse(draft, {})
        return rx.redirect(f"{paths.request_form(Kind.SEALING.value, self.number)}?check=1")

    def _files_changed(self, visit: Visit, slot: str) -> None:
        publish(self, faults=[fault for fault in self.faults if fault.field_id != upload_field_id(slot)])
        self._say_saved(visit)

    def _begin(self, number: str) -> None:
        """Another application, or the same one opened anew: nothing of what was said before holds."""
        self._known, self._before, self._form = {}, {}, {}
        publish(
            self, number=number, gone="", closed="", errors={}, faults=[], kept="", saved="", removing="", at="",
            send_fault="", passport_wrong=False, consent_errors={POLICY: "", ACCESS: ""}, upload_errors={},
        )  # fmt: skip

    def _fill(self, visit: Visit, draft: Draft) -> None:
        account = next((one for one in visit.read(linked_accounts) if one.account_id == draft.account_id), None)
        self._zone = account.time_zone if account else DEFAULT_ZONE
        offered = {name: visit.database.read(choices, kind, draft.organization_id) for name, kind in _LISTS.items()}
        self._new = [choice.title for choice in offered["application"] if choice.meaning == NEW]
        self._before, self._known = self._known, {}
        asked = draft.status is Status.CORRECTING
        kept = visit.database.read(masked, vault(), visit.actor, draft.number)
        publish(
            self,
            loaded=True,
            gone="",
            connection=secrets.token_urlsafe(6) if visit.opening else self.connection,
            account=f"{account.number}, {account.address}" if account else "",
            choices={
                **{name: [choice.title for choice in found] for name, found in offered.items()},
                "document": list(DOCUMENTS),
            },
            passport=kept.line,
            passport_whole=kept.given == frozenset(PASSPORT_FIELDS),
            asked=asked,
            comment=draft.comment if asked else "",
        )
        self._list_meters(visit, draft)

    def _list_meters(self, visit: Visit, draft: Draft) -> None:
        """What depends on which meters there are."""
        self._form = draft.form
        self._known = {**texts_of(draft.form)}
        names, slots = names_of(draft.form), slots_of(draft.form)
        to_correct = in_order(draft.to_correct, draft.form) if draft.status is Status.CORRECTING else []
        publish(
            self,
            values=own_values(draft.form),
            rows=meter_row_list(draft.form, self._new),
            errors={name: self.errors.get(name, "") for name in names},
            marks={name: name in to_correct for name in (*names, *slots)},
            named=[Fault(field_id(name), f"{words.CORRECT}{label_of(draft, name)}") for name in to_correct],
            passport_wrong=self.passport_wrong or any(name in PASSPORT_FIELDS for name in to_correct),
            more=len(meter_row_list(draft.form, ())) < words.MOST,
        )
        self._show_files(visit, draft.request_id, draft.number, slots)

    def _keep(self, visit: Visit, number: str, typed: Mapping[str, str], *, kept: bool = False) -> bool:
        """Keep what is new; whether the application is still one to be changed, and everything could be kept."""
        own = number == self.number
        secret = {name: text for name, text in typed.items() if name in PASSPORT_FIELDS}
        plain = {
            name: text
            for name, text in typed.items()
            if name not in secret and not (own and self._known.get(name) == text)
        }  # fmt: skip
        try:
            if secret:
                visit.database.write(put, vault(), visit.actor, number, secret, now=visit.now)
            if plain or kept:
                visit.write(keep_fields, number, plain, now=visit.now, kept=kept)
        except NotFound:  # a late word about a row that is gone, or about another's application
            return False
        except Refused as fault:
            if own:
                self._shut(fault)
            return False
        except Invalid as fault:
            if own:
                publish(self, errors={**self.errors, **{n: t for n, t in fault.fields.items() if n in self.errors}})
            return False
        except Unavailable:
            if own:
                publish(self, saved=words.OFFLINE)
            return False
        if own and (secret or plain):
            self._kept(visit, plain)
        return True

    def _kept(self, visit: Visit, plain: Mapping[str, str]) -> None:
        self._known = {**self._known, **plain}
        if any(name.endswith(".application") for name in plain):
            # Whether an act is needed changes with it; the rows still say what their fields began with.
            needs = {row.key: self._known.get(f"{row.key}.application", "") not in self._new for row in self.rows}
            publish(self, rows=[row.needing(needs[row.key]) for row in self.rows])
        self._say_saved(visit)

    def _say_saved(self, visit: Visit) -> None:
        what = "Исправления сохранены" if self.asked else "Черновик сохранён"
        publish(self, saved=f"{what} в {local_time(visit.now, self._zone):%H:%M}", kept="")

    def _say_kept(self, draft: Draft) -> Any:
        correcting = draft.status is Status.CORRECTING
        publish(
            self,
            faults=[],
            kept=words.KEPT_CORRECTION if correcting else words.KEPT,
            kept_how=words.KEPT_CORRECTION_HOW if correcting else words.KEPT_HOW,
        )
        return rx.set_focus(KEPT_ID)

    def _refuse(self, draft: Draft, faults: Mapping[str, str]) -> Any:
        """The same sentences above the form and at the fields, places for files among them."""
        names, slots = names_of(draft.form), slots_of(draft.form)
        publish(
            self,
            errors={name: faults.get(name, "") for name in names},
            upload_errors={slot: faults.get(slot, "") for slot in slots},
            faults=[Fault(field_id(name), said(draft, name, faults[name])) for name in in_order(faults, draft.form)],
            passport_wrong=self.passport_wrong or any(name in PASSPORT_FIELDS for name in faults),
            kept="",
        )
        return rx.set_focus(SUMMARY_ID)

    def _shut(self, fault: DomainError) -> None:
        """Sent, or taken over, elsewhere: it is said, and that a draft was kept no more."""
        href = paths.request_page(self.number)
        publish(self, closed=fault.message, gone_href=href, saved="", kept="", faults=[])

    def _away(self, visit: Visit, number: str, fault: DomainError) -> None:
        """No form at this address (any more). What stands in an open one isn't taken off the screen."""
        if not visit.opening and self.loaded and number == self.number and not self.checking:
            self._shut(fault)
            return
        sent = isinstance(fault, Refused)
        href = paths.request_page(number) if sent else paths.SERVICES
        publish(self, loaded=True, number="", gone=fault.message, gone_href=href, checking=False, faults=[])
