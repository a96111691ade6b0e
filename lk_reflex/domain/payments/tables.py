"""The cart: which receipts a person means to pay."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole


class CartLine(SQLModel, table=True):
    """A receipt put into the cart, with or without the next month's advance; once only."""

    __tablename__ = "cart_lines"
    __table_args__ = (UniqueConstraint("user_id", "receipt_id"),)

    id: int | None = Field(default=None, sa_column=Column(Whole, primary_key=True))
    user_id: int = Field(sa_column=Column(ForeignKey("users.id", ondelete="CASCADE"), nullable=False))
    receipt_id: int = Field(sa_column=Column(Whole, ForeignKey("receipts.id"), nullable=False))
    with_advance: bool = False
    added_at: datetime = Field(sa_column=Column(UtcTime, nullable=False))
