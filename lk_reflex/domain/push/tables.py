"""Phones that get push messages, and the messages that wait for them."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey, Index, Text, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


class PushDevice(SQLModel, table=True):
    """A phone with the mobile application. `token` is its address at the push service, encrypted at rest."""

    __tablename__ = "push_devices"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True))
    token_hash: str = Field(unique=True)
    token: str = Field(sa_column=Column(Text, nullable=False))
    platform: str
    name: str = ""
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class PushChoice(SQLModel, table=True):
    """Whether a person wants push messages of a topic."""

    __tablename__ = "push_choices"

    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True))
    topic: str = Field(primary_key=True)
    wanted: bool
    changed_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class PushMessage(SQLModel, table=True):
    """One message on its way to one phone: what waits has `next_try_at`. `payload` is what the application gets."""

    __tablename__ = "push_messages"
    __table_args__ = (
        Index(
            None,
            "next_try_at",
            sqlite_where=text("next_try_at IS NOT NULL"),
            postgresql_where=text("next_try_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    device_id: int = Field(
        sa_column=Column(Whole, ForeignKey("push_devices.id", ondelete="CASCADE"), nullable=False, index=True)
    )
    once_key: str = Field(unique=True)
    payload: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    next_try_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    tries: int = 0
    sent_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
