"""Signals between processes: that something of a person has changed, for whoever shows it to them just now."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column
from sqlmodel import Field, SQLModel

from lk_reflex.core.db import Writer
from lk_reflex.core.schema import UtcTime, Whole

#: What a signal may speak of: the counter of «Корзина», the feed's counter, an order's fate.
CART, FEED, ORDER = "cart", "feed", "order"


class Signal(SQLModel, table=True):
    """One change; read by every web process within a second, swept by the worker after an hour."""

    __tablename__ = "signals"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    # No foreign key: a signal is worth nothing after a minute, and holds up no deletion.
    user_id: int
    topic: str
    #: What exactly («order» 261123…); empty where the topic says all.
    subject: str = ""
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))


def stir(db: Writer, user_id: int, topic: str, *, now: datetime, subject: str = "") -> None:
    """Tell the person's open tabs, in the transaction that makes the change."""
    db.add(Signal(user_id=user_id, topic=topic, subject=subject, at=now))
