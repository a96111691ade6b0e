"""Signals between processes: that something of a person has changed, for whoever shows it to them just now."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from collections import deque
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import Field, SQLModel, col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.pruning import older_than, prune
from lk_reflex.core.schema import UtcTime, Whole

#: What a signal may speak of: the counter of «Корзина», the feed's counter, an order's fate, a request's; the
#: staff's queue and the tasks of the exchange, whose signals are no single person's.
CART, FEED, ORDER, REQUEST, QUEUE, EXCHANGE = "cart", "feed", "order", "request", "queue", "exchange"
#: In the place of a person: everybody of the staff.
EVERY_DESK = 0
#: After that nobody waits for one any more.
KEPT = timedelta(hours=1)
#: Numbers are given before the commit: a signal may show up after one with a greater number.
_LATE = 200


class Signal(SQLModel, table=True):
    """One change; read by every web process within a second, swept by the worker after an hour."""

    __tablename__ = "signals"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    # No foreign key: a signal is worth nothing after a minute, and holds up no deletion.
    user_id: int
    topic: str
    #: What exactly (an order's number, a payment link's key); empty where the topic says all.
    subject: str = ""
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))


_LAST = select(func.coalesce(func.max(col(Signal.id)), 0))
_SINCE = (
    select(col(Signal.id), col(Signal.user_id), col(Signal.topic), col(Signal.subject))
    .where(col(Signal.id) > bindparam("after"))
    .order_by(col(Signal.id))
)
_newer = aliased(Signal)
#: Never the last one: SQLite would give its number anew, and nobody would hear of it.
_OLD = older_than(Signal, col(Signal.at)).where(col(Signal.id) < select(func.max(col(_newer.id))).scalar_subquery())


@dataclass(frozen=True, slots=True)
class Heard:
    """A signal as it is passed on."""

    user_id: int
    topic: str
    subject: str


def stir(db: Writer, user_id: int, topic: str, *, now: datetime, subject: str = "") -> None:
    """Tell the person's open tabs, in the transaction that makes the change."""
    db.add(Signal(user_id=user_id, topic=topic, subject=subject, at=now))


class Ear:
    """Hears each signal once; what was said before it began to listen isn't told."""

    def __init__(self) -> None:
        self._last: int | None = None
        self._heard: deque[int] = deque(maxlen=2 * _LATE)

    def listen(self, db: Reader) -> list[Heard]:
        """What has been said since the last time."""
        if self._last is None:
            self._last = int(db.value(_LAST) or 0)
            self._heard.extend(range(self._last - _LATE, self._last + 1))
            return []
        rows = [row for row in db.rows(_SINCE, after=self._last - _LATE) if row.id not in self._heard]
        self._heard.extend(row.id for row in rows)
        self._last = max((row.id for row in rows), default=self._last)
        return list(dict.fromkeys(Heard(row.user_id, row.topic, row.subject) for row in rows))


def forget_old_signals(db: Writer, *, now: datetime) -> int:
    """Delete a portion; returns how many rows went."""
    return prune(db, _OLD, now - KEPT)
