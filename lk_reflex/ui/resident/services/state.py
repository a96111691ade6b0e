"""Услуги: what may be applied for, what was begun, and what was sent."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.domain.accounts.linked import LinkedAccount
from lk_reflex.domain.accounts.switches import switches
from lk_reflex.domain.requests.drafts import delete_draft
from lk_reflex.domain.requests.kinds import TITLES as KINDS
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import TITLES as STATUSES
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.own import PORTION, Line, my_drafts, my_requests
from lk_reflex.ui import paths
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.status_tags import TAGS
from lk_reflex.ui.visit import Visit

#: Nobody pages further back than this.
MOST = 500
DELETED = "Черновик удалён."
ASK_ID = "delete-draft"
GONE = "Этого черновика уже нет."
_OFF = "{name} не принимает такие заявки через личный кабинет. {how}"
_CALL, _VISIT = "Позвоните: {phone}.", "Телефон организации указан в квитанции."
_LINK_FIRST = "Чтобы подать заявку, привяжите лицевой счет."


@dataclass(frozen=True)
class Offers:
    """Why a service isn't offered, by service; empty where it is."""

    sealing: str = _LINK_FIRST
    emergency: str = ""
    appeal: str = _LINK_FIRST


@dataclass(frozen=True)
class DraftRow:
    """A draft; `href` is its form."""

    key: str
    title: str
    said: str
    changed: str
    href: str


@dataclass(frozen=True)
class RequestRow:
    """A line of the list; `tag` colours the status, `href` is its page."""

    key: str
    date: str
    title: str
    number: str
    status: str
    tag: str
    said: str
    href: str


class ServicesState(rx.State):
    """The person's own requests over all accounts; the services are those of the chosen one's organization."""

    loaded: bool = False
    linked: bool = False
    offers: Offers = Offers()
    drafts: list[DraftRow] = []
    rows: list[RequestRow] = []
    more: bool = False
    #: The draft that is about to be deleted, while that waits for its answer.
    asking: str = ""
    question: str = ""
    said: str = ""
    said_kind: str = "good"

    _count: int = PORTION

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the newest requests; after a lost connection, and when something changes, as many as were shown."""
        account = visit.chosen()
        if visit.by_link:
            self._count = PORTION
        if visit.opening:
            publish(self, asking="", said="")
        publish(self, linked=account is not None, offers=_offers(visit, account))
        self._show(visit)

    @rx.event
    @resident
    def show_more(self, visit: Visit) -> None:
        """«Показать ещё»."""
        self._count = min(self._count + PORTION, MOST)
        self._show(visit)

    @rx.event
    @resident
    def ask_to_delete(self, visit: Visit, number: str) -> rx.event.EventSpec | None:
        """«Удалить»: ask once more."""
        draft = next((draft for draft in self.drafts if draft.key == number), None)
        if draft is None:
            return None
        about = f"«{draft.title}», изменён {draft.changed}"
        publish(self, asking=number, question=f"Удалить черновик {about}, вместе с файлами?", said="")
        return rx.set_focus(ASK_ID)

    @rx.event
    @resident
    def keep(self, visit: Visit) -> rx.event.EventSpec:
        """«Отмена»: the draft stays."""
        publish(self, asking="")
        return rx.set_focus(TITLE_ID)

    @rx.event
    @resident(writes=True)
    def delete(self, visit: Visit) -> rx.event.EventSpec | None:
        """«Да, удалить»: the draft goes, with its files."""
        if not self.asking:
            return None
        said, kind = DELETED, "good"
        try:
            visit.write(delete_draft, self.asking, now=visit.now)
        except NotFound:
            said, kind = GONE, "info"
        except Refused as refusal:
            said, kind = f"{refusal.message}.", "bad"
        publish(self, asking="", said=said, said_kind=kind)
        self._show(visit)
        return rx.set_focus(TITLE_ID)

    def _show(self, visit: Visit) -> None:
        found = visit.read(my_requests, count=self._count)
        drafts = [_draft(line) for line in visit.read(my_drafts)]
        if self.asking not in {draft.key for draft in drafts}:
            publish(self, asking="")
        publish(
            self, loaded=True, drafts=drafts, rows=[_row(line) for line in found.lines],
            more=found.more and self._count < MOST,
        )  # fmt: skip


def _offers(visit: Visit, account: LinkedAccount | None) -> Offers:
    if account is None:
        return Offers()
    on = visit.database.read(switches, account.organization_id)
    how = _CALL.format(phone=account.phone) if account.phone else _VISIT
    why = _OFF.format(name=account.organization, how=how)
    return Offers(**{kind.value: "" if on[kind.value] else why for kind in Kind})


def _draft(line: Line) -> DraftRow:
    changed = local_time(line.at, line.time_zone)
    return DraftRow(
        line.number, KINDS[line.kind], line.said, f"{format_date(changed.date())}, {changed:%H:%M}",
        paths.request_form(line.kind, line.number),
    )  # fmt: skip


def _row(line: Line) -> RequestRow:
    return RequestRow(
        line.number, format_date(local_time(line.at, line.time_zone).date()), KINDS[line.kind], grouped(line.number),
        STATUSES[line.status], TAGS[line.status], line.said, paths.request_page(line.number),
    )  # fmt: skip
