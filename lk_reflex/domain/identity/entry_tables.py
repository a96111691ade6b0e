"""How a login comes to be and is got back: registrations, one-time links, consents, codes."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import JSON, Column, ForeignKey
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


def _moment() -> Column[datetime]:
    return Column(UtcTime, nullable=False)


def _user() -> Column[int]:
    return Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True)


class Registration(SQLModel, table=True):
    """A filled form that waits for its link to be opened; only then a login comes to be.

    So nobody occupies an address that isn't theirs. `password_hash` is empty and `esia` filled where the person came
    from Госуслуги. `consents` maps a document's name to the version that was agreed to.
    """

    __tablename__ = "registrations"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    token_hash: str = Field(unique=True)
    email: str
    email_key: str = Field(index=True)
    password_hash: str | None = None
    phone: str | None = None
    consents: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: What Госуслуги told of the person, as `EsiaBinding` keeps it.
    esia: dict[str, object] | None = Field(default=None, sa_column=Column(JSON))
    address: str = ""
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class OneTimeToken(SQLModel, table=True):
    """A link out of a mail: `purpose` «reset» or «email» (the new address stands in `email`). Only a hash is kept.

    `user_id` is empty where nobody has that e-mail: the row is written all the same, so that time tells nothing.
    Of whom a new password was asked for, `email` holds only a hash: strangers' addresses are none of our business.
    """

    __tablename__ = "one_time_tokens"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    token_hash: str = Field(unique=True)
    purpose: str
    user_id: int | None = Field(
        default=None, sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=True, index=True)
    )
    email: str = Field(default="", index=True)
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class Consent(SQLModel, table=True):
    """That a person agreed to a version of a document (152-ФЗ, ст. 9): when, from where, and its withdrawal."""

    __tablename__ = "consents"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    user_id: int = Field(sa_column=_user())
    document: str
    version: str
    given_at: datetime = Field(sa_column=_moment())
    address: str = ""
    withdrawn_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class Captcha(SQLModel, table=True):
    """A picture's code that waits to be typed. The digits follow from the token and our key and are kept nowhere."""

    __tablename__ = "captchas"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    token_hash: str = Field(unique=True)
    expires_at: datetime = Field(sa_column=Column(UtcTime, nullable=False, index=True))
    tries: int = 0
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class PhoneCode(SQLModel, table=True):
    """A code sent to a phone that a person wants to confirm; kept as a keyed hash, five tries."""

    __tablename__ = "phone_codes"

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    user_id: int = Field(sa_column=_user())
    phone: str
    code_hash: str
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    tries: int = 0
    used_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
