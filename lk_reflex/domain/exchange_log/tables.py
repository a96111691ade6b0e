"""The log of exchanges with billing: every import and every export is numbered and kept."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime


class ImportRun(SQLModel, table=True):
    """One package taken in. Rows that it brought or refreshed carry its `id` as `import_id`.

    Receipts with an id above `receipts_before` are the ones that it brought. `announced_at` is set when those who
    want mail about new receipts have been written to.
    """

    __tablename__ = "imports"

    id: int | None = Field(default=None, primary_key=True)
    package: str
    started_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    finished_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    totals: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    receipts_before: int = Field(default=0, sa_column=Column(BigInteger, nullable=False, server_default=text("0")))
    announced_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class Export(SQLModel, table=True):
    """One numbered batch handed to billing. `completed_at` is set only after the file is whole."""

    __tablename__ = "exports"
    __table_args__ = (UniqueConstraint("kind", "number"),)

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    number: int
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    completed_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    rows: int = 0


class ExchangeProfile(SQLModel, table=True):
    """How an outside register («bank», «city») maps to one organization's kinds of receipts, services and meters."""

    __tablename__ = "exchange_profiles"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    register_kind: str
    organization_id: int = Field(foreign_key="organizations.id")
    options: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
