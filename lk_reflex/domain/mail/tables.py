"""Outgoing mail: written in the transaction that caused it, sent by the worker."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole

_WAITING = text("settled_at IS NULL")


class OutgoingMail(SQLModel, table=True):
    """One letter. `message_id` is made once, so that a repeat after a crash is recognised as one.

    `settled_at` ends it: sent (`sent_at`), refused for good (`refusal`), or void (never meant to go, see
    `outbox.queue`). The texts hold one-time links, so they are wiped then. `leased_until` is the worker's own mark.
    """

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index("ix_outgoing_mail_due", "next_try_at", sqlite_where=_WAITING, postgresql_where=_WAITING),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    message_id: str = Field(unique=True)
    #: At most one letter bears the same key: «new receipts of import 12 for user 5».
    once_key: str | None = Field(default=None, unique=True)
    kind: str
    recipient: str
    subject: str
    plain: str = Field(sa_column=Column(Text, nullable=False))
    html: str = Field(sa_column=Column(Text, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    next_try_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    tries: int = 0
    leased_until: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    lease: str = ""
    last_fault: str = ""
    settled_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    refusal: str = ""


class MailChoice(SQLModel, table=True):
    """Whether a person wants the letters of a topic; without a row the topic's own default holds."""

    __tablename__ = "mail_choices"
    __table_args__ = (UniqueConstraint("user_id", "topic"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    topic: str
    wanted: bool
    changed_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
