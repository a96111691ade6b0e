"""Госуслуги: who is bound to whom, tries under way, and people who have come and not yet decided."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


class EsiaBinding(SQLModel, table=True):
    """A login's identity at Госуслуги. `oid` is theirs for the person and what we bind by, never the e-mail.

    `trusted` marks a confirmed person (подтверждённая учётная запись).
    """

    __tablename__ = "esia_bindings"

    id: int | None = Field(default=None, primary_key=True)
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, unique=True))
    oid: str = Field(unique=True)
    surname_key: str = ""
    name: str = ""
    trusted: bool = False
    bound_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))


class EsiaTry(SQLModel, table=True):
    """A person sent to Госуслуги and awaited back: `state` and `nonce` work once and in that browser alone.

    `purpose` is «sign-in» or «bind»; `user_id` is who binds. `target` is the page to go to afterwards.
    """

    __tablename__ = "esia_tries"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    state_hash: str = Field(unique=True)
    browser_hash: str
    nonce: str = ""
    purpose: str
    user_id: int | None = Field(default=None, sa_column=Column(ForeignKey("users.id", ondelete="CASCADE")))
    target: str = ""
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class EsiaVisitor(SQLModel, table=True):
    """Somebody whom Госуслуги vouched for and whom we don't know yet; decides within half an hour.

    `person` holds oid, names, e-mail with its confirmation, phone, trusted; `token_hash` is of the browser's cookie.
    """

    __tablename__ = "esia_visitors"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    token_hash: str = Field(unique=True)
    person: dict[str, object] = Field(sa_column=Column(JSON, nullable=False))
    target: str = ""
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    expires_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
