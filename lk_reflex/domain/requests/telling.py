"""Telling a person what has become of their request: feed, mail and phone, in the transaction that makes it so."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Writer
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.letter import Letter
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.topics import REQUESTS, wants
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.push.topics import Words
from lk_reflex.domain.requests.kinds import TITLES as KIND_TITLES
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import label
from lk_reflex.domain.requests.letters import message_letter, moved_letter, sent_letter, title_of
from lk_reflex.domain.requests.machine import TITLES, Status
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.tables import Request, RequestEvent

#: What groups these lines of the feed, and the topic of phones.
FEED_KIND = "request"
#: A line of the feed says what it is about; the whole text stands on the request's page.
LONGEST_LINE = 300
SENT, MOVED, MESSAGE = "request-sent", "request-moved", "request-message"
NEW_MESSAGE = "новое сообщение"
FILE_ALONE = "Прислан файл"
_EVENT = (
    select(
        col(Request.number), col(Request.kind), col(Request.user_id), col(Request.due_on), col(Request.sent_form),
        col(RequestEvent.was), col(RequestEvent.became), col(RequestEvent.comment), col(RequestEvent.fields),
        col(Organization.name), col(Organization.short_name), col(User.email),
    )
    .select_from(RequestEvent)
    .join(Request, col(Request.id) == col(RequestEvent.request_id))
    .join(Organization, col(Organization.id) == col(Request.organization_id))
    .outerjoin(User, col(User.id) == col(Request.user_id))
    .where(col(Request.id) == bindparam("request_id"), col(RequestEvent.id) == bindparam("event_id"))
)  # fmt: skip


def tell_of_move(db: Writer, request_id: int, event_id: int, *, site: str, now: datetime) -> None:
    """Tell the person of a new status, their own sending too; nobody is told where the login is gone."""
    event = _event(db, request_id, event_id)
    if event is None:
        return
    kind, status = Kind(event.kind), Status(event.became)
    if status is Status.SENT:
        again = Status(event.was) is Status.CORRECTING
        letter = sent_letter(kind, event.number, event.short_name or event.name, event.due_on, site, again=again)
        line = f"Срок ответа: до {format_date(event.due_on)}" if event.due_on else ""
        _tell(db, event, event_id, TITLES[status], line, letter, SENT, now)
        return
    fields = [label(kind, name, event.sent_form) for name in event.fields]
    letter = moved_letter(kind, event.number, status, event.comment, fields, site)
    _tell(db, event, event_id, TITLES[status], event.comment, letter, MOVED, now)


def tell_of_message(db: Writer, request_id: int, event_id: int, *, site: str, now: datetime) -> None:
    """Tell the person that the organization has written."""
    event = _event(db, request_id, event_id)
    if event is not None:
        letter = message_letter(Kind(event.kind), event.number, event.comment, site)
        _tell(db, event, event_id, NEW_MESSAGE, event.comment or FILE_ALONE, letter, MESSAGE, now)


def _event(db: Writer, request_id: int, event_id: int) -> Any | None:
    db.session.flush()
    event = db.first(_EVENT, request_id=request_id, event_id=event_id)
    return event if event is not None and event.user_id is not None else None


def _tell(
    db: Writer, event: Any, event_id: int, news: str, line: str, letter: Letter, letter_kind: str, now: datetime
) -> None:
    kind, once = Kind(event.kind), f"{FEED_KIND}:{event_id}"
    told = tell(
        db, event.user_id, title_of(kind, event.number, news), _short(line), kind=FEED_KIND, now=now, once_key=once,
        link=f"/services/requests/{event.number}",
        pushed=Words(f"{KIND_TITLES[kind]}: {news}", f"Номер {grouped(event.number)}", event.number),
    )  # fmt: skip
    if told and wants(db, event.user_id, REQUESTS):
        queue(db, event.email, letter, kind=letter_kind, now=now, once_key=once)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE].rstrip()}…"
