"""Who a person is: logins, their sessions, the accounts they see, and what they have tried."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Boolean, Column, ForeignKey, Index, String, UniqueConstraint, text, true
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


def _text() -> Column[str]:
    # With a default of the database's own, so that the column can be added under running code.
    return Column(String, nullable=False, server_default=text("''"))


def _right() -> Column[bool]:
    return Column(Boolean, nullable=False, server_default=true())


class User(SQLModel, table=True):
    """A login. `email_key` is the folded e-mail and unique; `password_hash` is absent for Госуслуги alone.

    `phone` is E.164; `deleted_at` marks what is left of a deleted login: a number that payments refer to.
    """

    __tablename__ = "users"

    id: int | None = Field(default=None, primary_key=True)
    email: str
    email_key: str = Field(unique=True)
    password_hash: str | None = None
    phone: str | None = None
    phone_confirmed_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    role: str = "resident"
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    activated_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    blocked_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    deleted_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    #: What colleagues and the audit log call somebody of the staff: «Иванова О. П.».
    staff_name: str = Field(default="", sa_column=_text())


class UserSession(SQLModel, table=True):
    """One signed-in browser: its own words (`client`) and its network address. Of the cookie only a hash is kept."""

    __tablename__ = "sessions"

    id: int | None = Field(default=None, primary_key=True)
    token_hash: str = Field(unique=True)
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True))
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    seen_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    client: str = ""
    address: str = Field(default="", sa_column=_text())


class AccountLink(SQLModel, table=True):
    """An account that a user sees. The chosen one is the link with the latest `chosen_at`.

    A link earned by number, address and surname may do everything for ever; one that comes from a grant of such a
    person has `grant_id` and may be narrower and end. Whoever is granted can't grant further.
    """

    __tablename__ = "account_links"
    __table_args__ = (UniqueConstraint("user_id", "account_id"),)

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False, index=True))
    linked_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    chosen_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    may_send: bool = Field(default=True, sa_column=_right())
    may_pay: bool = Field(default=True, sa_column=_right())
    ends_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    grant_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("account_grants.id"), nullable=True, index=True)
    )


class StaffDuty(SQLModel, table=True):
    """An organization whose affairs an operator sees and works off. Administrators see all without it."""

    __tablename__ = "staff_duties"

    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True))
    organization_id: int = Field(sa_column=Column(ForeignKey("organizations.id"), primary_key=True))


class Attempt(SQLModel, table=True):
    """A counted try at something that is limited (`kind`), by whom or at what (`subject`, hashed)."""

    __tablename__ = "attempts"
    __table_args__ = (Index(None, "kind", "subject", "at"), Index(None, "at"))

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    kind: str
    subject: str
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
