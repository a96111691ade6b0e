"""The feed as its owner reads it: newest first, counted, marked read.

A line about an account is seen as long as the person sees the account: afterwards its words would tell of a flat that
is none of theirs any more. It isn't deleted, and stands there again where access is given back.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, func, or_, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.core.schema import UtcTime
from lk_reflex.core.signals import FEED, stir
from lk_reflex.domain.identity.access import Actor, lasting
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.notifications.tables import Notification

PORTION = 20
NO_LINE = "Этого уведомления уже нет"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the feed. `link` is a path of this site or empty, `account_id` whom it concerns or None."""

    line_id: int
    title: str
    body: str
    link: str
    account_id: int | None
    created_at: datetime
    read: bool


@dataclass(frozen=True, slots=True)
class Feed:
    """Some lines, newest first, and whether older ones follow."""

    lines: tuple[Line, ...]
    more: bool


def _visible(user: Any, at: str) -> ColumnElement[bool]:
    """The condition that a line concerns no account, or one that `user` sees at the moment bound as `at`."""
    # Of the person alone and not of each line: the few accounts are read once, however many lines are counted.
    seen = select(col(AccountLink.account_id)).where(col(AccountLink.user_id) == user, lasting(at))
    return or_(col(Notification.account_id).is_(None), col(Notification.account_id).in_(seen))


def mine() -> tuple[ColumnElement[bool], ...]:
    """The conditions of every query of one's own lines; it is run with `**actor.owning`."""
    return col(Notification.user_id) == bindparam("user_id"), _visible(bindparam("user_id"), "owned_at")


_COLUMNS = (
    col(Notification.id), col(Notification.title), col(Notification.body), col(Notification.link),
    col(Notification.account_id), col(Notification.created_at), col(Notification.read_at),
)  # fmt: skip
_LINES = (
    select(*_COLUMNS)
    .where(*mine(), col(Notification.id) < bindparam("before"))
    .order_by(col(Notification.id).desc())
    .limit(bindparam("count"))
)
_ONE = select(*_COLUMNS).where(*mine(), col(Notification.id) == bindparam("line_id"))
_UNREAD = (*mine(), col(Notification.read_at).is_(None))
_NEWEST = select(*_COLUMNS).where(*_UNREAD).order_by(col(Notification.id).desc()).limit(1)
_COUNT = select(func.count()).select_from(Notification).where(*_UNREAD)
#: The same as a column of another query, so that a page's header costs no query of its own.
UNREAD_COUNT = _COUNT.scalar_subquery()
_READ = (
    update(Notification)
    .where(
        col(Notification.user_id) == bindparam("of_user"),
        col(Notification.read_at).is_(None),
        _visible(bindparam("of_user"), "now"),
    )
    .values(read_at=bindparam("now", type_=UtcTime()))
)
_READ_ALL = _READ.where(col(Notification.id) <= bindparam("up_to"))
_READ_ONE = _READ.where(col(Notification.id) == bindparam("line_id"))
#: Above any row's number.
_TOP = 2**62


def feed(db: Reader, actor: Actor, *, before: int | None = None, count: int = PORTION) -> Feed:
    """The newest lines, or those older than the line `before`."""
    rows = db.rows(_LINES, before=_TOP if before is None else before, count=count + 1, **actor.owning)
    return Feed(tuple(map(_line, rows[:count])), len(rows) > count)


def unread_count(db: Reader, actor: Actor) -> int:
    """How many lines «Уведомления N» counts."""
    return int(db.value(_COUNT, **actor.owning) or 0)


def unread_of(db: Reader, user_id: int, *, at: datetime) -> int:
    """The same for a person who isn't acting: what their phone's icon says."""
    return int(db.value(_COUNT, user_id=user_id, owned_at=at) or 0)


def newest_unread(db: Reader, actor: Actor) -> Line | None:
    """The newest line that hasn't been read, or None."""
    row = db.first(_NEWEST, **actor.owning)
    return None if row is None else _line(row)


def mark_read(db: Writer, actor: Actor, line_id: int, *, now: datetime) -> Line:
    """Note that a line has been read; a repeat is quiet. Raises NotFound for what isn't the person's."""
    row = db.first(_ONE, line_id=line_id, **actor.owning)
    if row is None:
        raise NotFound(NO_LINE)
    if db.change(_READ_ONE, of_user=actor.user_id, line_id=line_id, now=now):
        stir(db, actor.user_id, FEED, now=now)
    return _line(row)


def mark_all_read(db: Writer, actor: Actor, *, up_to: int, now: datetime) -> int:
    """«Отметить все прочитанными» as far as the line `up_to`: what came after the press was never seen."""
    read = db.change(_READ_ALL, of_user=actor.user_id, up_to=up_to, now=now)
    if read:
        stir(db, actor.user_id, FEED, now=now)
    return read


def _line(row: Any) -> Line:
    return Line(row.id, row.title, row.body, row.link, row.account_id, row.created_at, row.read_at is not None)
