"""What billing handed in: receipts, their balance lines and accruals, and the payments it has posted."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import date

from sqlalchemy import BigInteger, Column, ForeignKey, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber, Whole

#: Tariffs, norms and volumes of accruals are kept in millionths.
PLACES = 6


def _account() -> Column[int]:
    return Column(Whole, ForeignKey("accounts.id"), nullable=False)


def _receipt() -> Column[int]:
    return Column(Whole, ForeignKey("receipts.id"), nullable=False)


def _kopecks() -> Column[int]:
    return Column(BigInteger, nullable=False, default=0)


class Receipt(SQLModel, table=True):
    """Account × kind («Объединённая») × month. Money in kopecks; `advance` is charged for the next month."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("account_id", "month", "kind"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    account_id: int = Field(sa_column=_account())
    kind: str
    month: Month = Field(sa_column=Column(MonthNumber, nullable=False))
    issued_on: date
    document_number: str = ""
    advance: int = Field(default=0, sa_column=_kopecks())
    advance_penalty: int = Field(default=0, sa_column=_kopecks())
    import_id: int = 0


class BalanceLine(SQLModel, table=True):
    """One service of a receipt, in kopecks. `debt` is net of `paid`: total = debt + charged."""

    __tablename__ = "balance_lines"
    __table_args__ = (UniqueConstraint("receipt_id", "service"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    receipt_id: int = Field(sa_column=_receipt())
    service: str
    debt: int = Field(sa_column=_kopecks())
    paid: int = Field(sa_column=_kopecks())
    charged: int = Field(sa_column=_kopecks())
    total: int = Field(sa_column=_kopecks())
    penalty_debt: int = Field(default=0, sa_column=_kopecks())
    penalty_paid: int = Field(default=0, sa_column=_kopecks())
    penalty_charged: int = Field(default=0, sa_column=_kopecks())
    penalty_total: int = Field(default=0, sa_column=_kopecks())
    import_id: int = 0


class Accrual(SQLModel, table=True):
    """Why a service was charged. `tariff`, `norm`, `volume` in millionths (PLACES), `amount` in kopecks."""

    __tablename__ = "accruals"
    __table_args__ = (UniqueConstraint("receipt_id", "line"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    receipt_id: int = Field(sa_column=_receipt())
    line: int
    service: str
    operation: str
    tariff: int | None = Field(default=None, sa_column=Column(BigInteger))
    unit: str = ""
    norm: int | None = Field(default=None, sa_column=Column(BigInteger))
    volume: int | None = Field(default=None, sa_column=Column(BigInteger))
    period_from: Month | None = Field(default=None, sa_column=Column(MonthNumber))
    period_to: Month | None = Field(default=None, sa_column=Column(MonthNumber))
    months: int | None = None
    amount: int = Field(sa_column=_kopecks())
    import_id: int = 0


class PostedPayment(SQLModel, table=True):
    """A payment as billing has it; `amount` in kopecks with billing's own sign."""

    __tablename__ = "posted_payments"
    __table_args__ = (
        UniqueConstraint("organization_id", "code"),
        Index(None, "account_id", "accepted_on"),
        Index(
            None,
            "order_number",
            sqlite_where=text("order_number <> ''"),
            postgresql_where=text("order_number <> ''"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    organization_id: int = Field(foreign_key="organizations.id")
    account_id: int = Field(sa_column=_account())
    code: str
    kind: str
    accepted_on: date
    processed_on: date | None = None
    amount: int = Field(sa_column=_kopecks())
    order_number: str = ""
    import_id: int = 0
