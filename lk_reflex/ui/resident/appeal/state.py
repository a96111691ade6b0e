"""The form of an appeal: kept while it is typed, checked, read once more, sent."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError, Invalid, NotFound
from lk_reflex.domain.requests.appeal.rules import FILE, LONGEST, PHONE, TEXT, TOPIC, plain
from lk_reflex.domain.requests.appeal.sending import check_appeal, send_appeal
from lk_reflex.domain.requests.dictionaries import TOPIC as TOPICS
from lk_reflex.domain.requests.dictionaries import choices
from lk_reflex.domain.requests.drafts import NO_REQUEST, Draft, keep_fields, own_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import FIELDS, label
from lk_reflex.domain.requests.sending import fingerprint
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.request_form.state import ASKED, About, Fact, RequestForm
from lk_reflex.ui.shared.uploads import upload_field_id
from lk_reflex.ui.uploads.state import ResidentUploads
from lk_reflex.ui.visit import Visit

NAMES = (TOPIC, TEXT, PHONE)
ABOUT = About(
    Kind.APPEAL,
    paths.TITLES[paths.APPEAL_FORM],
    "Проверьте обращение",
    "Изменения сохранены. Чтобы оператор их увидел, отправьте обращение.",
    "Это обращение уже отправлено.",
    FILE,
    LONGEST,
)


class AppealState(RequestForm, ResidentUploads, rx.State):
    """One draft of an appeal."""

    heading: str = ABOUT.title
    topics: list[str] = []
    errors: dict[str, str] = {}

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
        return self._on_to_check(visit, errors)

    def _about(self) -> About:
        return ABOUT

    def _own(self, visit: Visit, number: str) -> Draft:
        draft = visit.read(own_draft, number)
        if draft.kind is not Kind.APPEAL:
            raise NotFound(NO_REQUEST)
        return draft

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

    def _errors_of(self, visit: Visit, draft: Draft) -> dict[str, str]:
        return visit.read(check_appeal, draft.number)

    def _read_once_more(self, visit: Visit, draft: Draft) -> tuple[str, list[Fact]]:
        facts = [Fact(name, title, plain(draft.form, name)) for name, title in FIELDS[draft.kind].items()]
        return visit.database.read(fingerprint, draft), facts

    def _send(self, visit: Visit) -> str:
        return visit.write(
            send_appeal, self.number, version=self._version, once_key=self._once_key, seen=self._seen,
            site=visit.site, now=visit.now,
        )  # fmt: skip

    def _field_id(self, name: str) -> str:
        return upload_field_id(FILE) if name == FILE else name
