"""Telling a person what has become of their request, in the transaction that makes it so."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.domain.notifications.feed import tell
from lk_reflex.domain.requests.kinds import TITLES as KIND_TITLES
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import TITLES, Status
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.tables import Request, RequestEvent

#: What groups these lines of the feed.
FEED_KIND = "request"
_MOVED = (
    select(col(Request.number), col(Request.kind), col(Request.user_id), col(RequestEvent.became),
           col(RequestEvent.comment), col(RequestEvent.author))
    .join(RequestEvent, col(RequestEvent.request_id) == col(Request.id))
    .where(col(Request.id) == bindparam("request_id"), col(RequestEvent.id) == bindparam("event_id"))
)  # fmt: skip


def tell_of_move(db: Writer, request_id: int, event_id: int, *, site: str, now: datetime) -> None:
    """A line of the feed for every move; nobody is told where the login is gone."""
    db.session.flush()
    moved = db.rows(_MOVED, request_id=request_id, event_id=event_id)[0]
    if moved.user_id is None:
        return
    title = f"{KIND_TITLES[Kind(moved.kind)]} {grouped(moved.number)}: {TITLES[Status(moved.became)]}"
    tell(
        db, moved.user_id, title, moved.comment, kind=FEED_KIND, now=now, once_key=f"request:{event_id}",
        link=f"/services/requests/{moved.number}",
    )  # fmt: skip


def tell_of_message(db: Writer, request_id: int, event_id: int, *, site: str, now: datetime) -> None:
    """The organization has written: a line of the feed."""
    db.session.flush()
    said = db.rows(_MOVED, request_id=request_id, event_id=event_id)[0]
    if said.user_id is None:
        return
    title = f"{KIND_TITLES[Kind(said.kind)]} {grouped(said.number)}: новое сообщение"
    tell(
        db, said.user_id, title, said.comment, kind=FEED_KIND, now=now, once_key=f"request:{event_id}",
        link=f"/services/requests/{said.number}",
    )  # fmt: skip
