"""Who of the staff has a request open just now, so that two don't work at the same one unawares."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.core.signals import EVERY_DESK, QUEUE, stir
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.requests.desk.people import called
from lk_reflex.domain.requests.tables import Request, RequestViewer

#: Whoever hasn't been seen for that long has gone, or has nobody to be told apart from.
GONE = timedelta(minutes=10)
#: An open page says so again after that, when it hears of anything at all.
AGAIN = timedelta(minutes=2)

_FOUND = select(col(Request.id)).where(
    col(Request.number) == bindparam("number"), overseen(col(Request.organization_id))
)
_SEEN = select(col(RequestViewer.seen_at)).where(
    col(RequestViewer.request_id) == bindparam("request_id"), col(RequestViewer.user_id) == bindparam("me")
)
_OTHERS = (
    select(col(User.staff_name), col(User.email))
    .join(RequestViewer, col(RequestViewer.user_id) == col(User.id))
    .where(
        col(RequestViewer.request_id) == bindparam("request_id"),
        col(RequestViewer.user_id) != bindparam("me"),
        col(RequestViewer.seen_at) > bindparam("since", type_=UtcTime()),
    )
    .order_by(col(User.id))
)
_FORGET = delete(RequestViewer).where(
    col(RequestViewer.request_id) == bindparam("of_request"),
    col(RequestViewer.seen_at) <= bindparam("since", type_=UtcTime()),
)
_LEAVE = delete(RequestViewer).where(
    col(RequestViewer.request_id) == bindparam("of_request"), col(RequestViewer.user_id) == bindparam("me")
)


def _upsert(maker: Any) -> Any:
    made = maker.insert(RequestViewer).values(
        request_id=bindparam("of_request"), user_id=bindparam("me"), seen_at=bindparam("now", type_=UtcTime())
    )
    return made.on_conflict_do_update(
        index_elements=["request_id", "user_id"], set_={"seen_at": made.excluded.seen_at}
    )  # fmt: skip


_LOOK = {"sqlite": _upsert(sqlite), "postgresql": _upsert(postgresql)}


def look(db: Writer, actor: Actor, number: str, *, now: datetime) -> None:
    """Note that the actor has the request open; colleagues who have it open are told where that is news.

    Quiet for what isn't the actor's, and for one who was noted a moment ago.
    """
    request_id = db.value(_FOUND, number=number, **actor.overseeing)
    if request_id is None:
        return
    seen_at = db.value(_SEEN, request_id=request_id, me=actor.user_id)
    if seen_at is not None and seen_at > now - AGAIN:
        return
    db.change(_FORGET, of_request=request_id, since=now - GONE)
    db.change(_LOOK[db.connection.dialect.name], of_request=request_id, me=actor.user_id, now=now)
    if seen_at is None or seen_at <= now - GONE:
        stir(db, EVERY_DESK, QUEUE, now=now, subject=number)


def leave(db: Writer, actor: Actor, number: str, *, now: datetime) -> None:
    """The actor has gone from the request's page to another one."""
    request_id = db.value(_FOUND, number=number, **actor.overseeing)
    if request_id is not None and db.change(_LEAVE, of_request=request_id, me=actor.user_id):
        stir(db, EVERY_DESK, QUEUE, now=now, subject=number)


def viewers(db: Reader, actor: Actor, number: str, *, now: datetime) -> tuple[str, ...]:
    """The names of the others who have it open."""
    request_id = db.value(_FOUND, number=number, **actor.overseeing)
    if request_id is None:
        return ()
    rows = db.rows(_OTHERS, request_id=request_id, me=actor.user_id, since=now - GONE)
    return tuple(called(row.staff_name, row.email) for row in rows)
