"""The log of exchanges with billing: every import and every export is numbered and kept."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import JSON, BigInteger, Column, Index, Text, UniqueConstraint, text
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


class ExchangeTask(SQLModel, table=True):
    """An import or export ordered in the browser; the worker does it, whoever has closed the tab since.

    `status`: «waiting», «running», «done», «refused» (its report says why), «failed», «cancelled». `name` is what the
    person called the file, `path` where it lies in the data folder; how far it is stands beside it, in a file.
    """

    __tablename__ = "exchange_tasks"
    __table_args__ = (
        Index(
            "ix_exchange_tasks_open",
            "id",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: «import», «export», «print».
    direction: str
    kind: str
    # No foreign key: it outlives the login.
    user_id: int
    name: str = ""
    path: str = Field(default="", sa_column=Column(Text, nullable=False))
    size: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    options: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    status: str
    #: How often it was begun: a file that brings the worker down is not tried for ever.
    tries: int = 0
    report: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    #: What came of it, to be taken away.
    result_path: str = Field(default="", sa_column=Column(Text, nullable=False))
    result_name: str = ""
    created_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
    started_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))
    ended_at: datetime | None = Field(default=None, sa_column=Column(UtcTime))


class ExchangeProfile(SQLModel, table=True):
    """How an outside register («bank», «city») maps to one organization's kinds of receipts, services and meters."""

    __tablename__ = "exchange_profiles"

    id: int | None = Field(default=None, primary_key=True)
    name: str = Field(unique=True)
    register_kind: str
    organization_id: int = Field(foreign_key="organizations.id")
    options: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    changed_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
