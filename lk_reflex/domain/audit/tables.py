"""The audit log: what was done to whom, by whom, from where. Rows are added and never changed."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


class AuditEntry(SQLModel, table=True):
    """One deed. No names, surnames, passwords or tokens in `detail`; numbers of rows tell enough.

    `actor_id` is who did it (none for a stranger at the door), `user_id` whose login it concerns.
    """

    __tablename__ = "audit_log"
    __table_args__ = (
        Index(None, "user_id", "at"),
        Index(None, "action", "at"),
        Index(None, "actor_id", "at"),
        Index(None, "account_id", "at"),
    )

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    action: str
    # No foreign keys: the log outlives what it speaks of.
    actor_id: int | None = None
    user_id: int | None = None
    account_id: int | None = None
    address: str = ""
    detail: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
