"""The feed of what a person is told."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, Text, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


class Notification(SQLModel, table=True):
    """One line of the feed. `link` is a path of this site; a second one with the same `once_key` isn't made."""

    __tablename__ = "notifications"
    __table_args__ = (
        Index(None, "user_id", "id"),
        Index(
            "ix_notifications_unread",
            "user_id",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    account_id: int | None = Field(default=None, sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=True))
    kind: str
    title: str
    body: str = Field(default="", sa_column=Column(Text, nullable=False))
    link: str = ""
    once_key: str | None = Field(default=None, unique=True)
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    read_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
