"""Files that people have uploaded: what they are and whose; the bytes lie in the file store under a random name."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


class StoredFile(SQLModel, table=True):
    """One file. `key` is its random name in the store and in links, `name` what the person called it.

    `form_key` and `slot` tell the form and the place in it («m12») for which it was uploaded. Until the form has been
    sent `attached_at` is empty; what stays so for a day is removed.
    """

    __tablename__ = "stored_files"
    __table_args__ = (Index(None, "user_id", "created_at"), Index(None, "form_key", "slot"))

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    key: str = Field(unique=True)
    user_id: int | None = Field(default=None, sa_column=Column(ForeignKey("users.id"), nullable=True))
    account_id: int | None = Field(default=None, sa_column=Column(Whole, ForeignKey("accounts.id"), nullable=True))
    purpose: str
    form_key: str = ""
    slot: str = ""
    name: str
    media_type: str
    size: int = Field(sa_column=Column(BigInteger, nullable=False))
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    attached_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
