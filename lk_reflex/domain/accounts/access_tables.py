"""Access to an account without owning it: a relative for long, a guest for half an hour."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column, ForeignKey
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


class AccountGrant(SQLModel, table=True):
    """A person's leave for a relative to see an account, and perhaps to send readings and to pay.

    Given to an e-mail; it becomes an account link as soon as somebody has proven to be behind that address. `name` is
    the giver's own word for the relative («Мама»).
    """

    __tablename__ = "account_grants"

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False, index=True))
    granted_by: int = Field(sa_column=Column(ForeignKey("users.id"), nullable=False, index=True))
    email: str
    email_key: str = Field(index=True)
    name: str = ""
    may_send: bool = False
    may_pay: bool = False
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    ends_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    revoked_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class GuestVisit(SQLModel, table=True):
    """Half an hour at one account's readings form for who knew its number, house and flat; a cookie holds the token."""

    __tablename__ = "guest_visits"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    token_hash: str = Field(unique=True)
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False))
    address: str = ""
    #: Whose letter's link opened the visit; nobody's where it was the number, house and flat.
    user_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=True)
    )
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class ReadingLink(SQLModel, table=True):
    """A reminder's link: one press of its button opens the readings form of one account, once. Only a hash is kept."""

    __tablename__ = "reading_links"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    token_hash: str = Field(unique=True)
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True))
    account_id: int = Field(sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
