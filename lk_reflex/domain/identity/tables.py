"""Who a person is: logins, their sessions, the accounts they see, and failed attempts."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column, ForeignKey, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


class User(SQLModel, table=True):
    """A login. `email_key` is the folded e-mail and unique; `password_hash` is absent for Госуслуги alone."""

    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    email: str
    email_key: str = Field(unique=True)
    password_hash: str | None = None
    phone: str | None = None
    role: str = "resident"
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    activated_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    blocked_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class UserSession(SQLModel, table=True):
    """One signed-in browser. Only the SHA-256 of the cookie's value is kept."""

    __tablename__ = "sessions"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True))
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    seen_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    client: str = ""


class AccountLink(SQLModel, table=True):
    """An account that a user sees. The chosen one is the link with the latest `chosen_at`."""

    __tablename__ = "account_links"
    __table_args__ = (UniqueConstraint("user_id", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False, index=True))
    linked_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    chosen_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class Attempt(SQLModel, table=True):
    """A failed try at something that is limited (`kind`), by whom or at what (`subject`, hashed)."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "kind", "subject", "at"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    kind: str
    subject: str
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
