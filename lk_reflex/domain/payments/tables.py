"""The cart, orders with their journal, postings and refunds, links that let others pay. Money in kopecks."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, String, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from lk_reflex.core.schema import UtcTime, Whole

#: Which part of a receipt's line a sum belongs to. An advance has no service: it is the receipt's as a whole.
MAIN, PENALTY, ADVANCE, ADVANCE_PENALTY = "main", "penalty", "advance", "advance-penalty"
PARTS = (MAIN, PENALTY, ADVANCE, ADVANCE_PENALTY)


def _id() -> Column[int]:
    return Column(Whole, primary_key=True)


def _kopecks(default: int | None = 0) -> Column[int]:
    return Column(BigInteger, nullable=False, default=default)


def _moment() -> Column[datetime]:
    return Column(UtcTime, nullable=False)


def _maybe() -> Column[datetime]:
    return Column(UtcTime)


def _of(table: str, *, whole: bool = True, index: bool = False, ondelete: str | None = None) -> Column[int]:
    key = ForeignKey(f"{table}.id", ondelete=ondelete)
    kind: tuple[Any, ...] = (Whole,) if whole else ()
    return Column(*kind, key, nullable=ondelete == "SET NULL", index=index)


class CartLine(SQLModel, table=True):
    """A receipt put into the cart, with or without the next month's advance; once only.

    `due_seen`: what the receipt asked for when it was put in or last agreed to; None in rows older than that.
    """

    __tablename__ = "cart_lines"
    __table_args__ = (UniqueConstraint("user_id", "receipt_id"),)

    id: int | None = Field(default=None, sa_column=_id())
    user_id: int = Field(sa_column=_of("users", whole=False, ondelete="CASCADE"))
    receipt_id: int = Field(sa_column=_of("receipts"))
    with_advance: bool = False
    added_at: datetime = Field(sa_column=_moment())
    due_seen: int | None = Field(default=None, sa_column=Column(BigInteger))


class CartAmount(SQLModel, table=True):
    """A sum that the person typed in place of the offered one; 0 leaves the line out."""

    __tablename__ = "cart_amounts"
    __table_args__ = (UniqueConstraint("cart_line_id", "service", "part"),)

    id: int | None = Field(default=None, sa_column=_id())
    cart_line_id: int = Field(sa_column=_of("cart_lines", ondelete="CASCADE"))
    service: str
    part: str
    amount: int = Field(sa_column=_kopecks(None))


class PayLink(SQLModel, table=True):
    """«Поделиться ссылкой на оплату»: whoever has the link pays these sums of one receipt without signing in."""

    __tablename__ = "pay_links"

    id: int | None = Field(default=None, sa_column=_id())
    #: Half of the link; the other half is a signature with the installation's key, which no dump holds.
    key: str = Field(unique=True)
    user_id: int = Field(sa_column=_of("users", whole=False, index=True, ondelete="CASCADE"))
    receipt_id: int = Field(sa_column=_of("receipts"))
    #: What the whole receipt asked for when the link was made; once billing says otherwise, the sums are no longer so.
    receipt_due: int = Field(sa_column=_kopecks(None))
    created_at: datetime = Field(sa_column=_moment())
    expires_at: datetime = Field(sa_column=_moment())
    revoked_at: datetime | None = Field(default=None, sa_column=_maybe())


class PayLinkLine(SQLModel, table=True):
    """One sum of a link."""

    __tablename__ = "pay_link_lines"
    __table_args__ = (UniqueConstraint("link_id", "service", "part"),)

    id: int | None = Field(default=None, sa_column=_id())
    link_id: int = Field(sa_column=_of("pay_links", ondelete="CASCADE"))
    service: str
    part: str
    amount: int = Field(sa_column=_kopecks(None))


class Order(SQLModel, table=True):
    """One payment to one organization. It stands here before the bank hears of it.

    `total` = `amount` (the lines) + `commission` (where the payer bears it) is what the bank is asked to take;
    `captured` and `refunded` are what the bank's amounts said last. `once_key` makes a repeated press one order.
    """

    __tablename__ = "orders"
    __table_args__ = (
        Index(None, "user_id", "id"),
        Index(None, "organization_id", "created_at"),
        Index(
            None,
            "next_look_at",
            sqlite_where=text("next_look_at IS NOT NULL"),
            postgresql_where=text("next_look_at IS NOT NULL"),
        ),
        # What the operators' list is searched and filtered by.
        Index(None, "created_at"),
        Index(None, "status", "created_at"),
        Index(None, "total"),
        Index(None, "email"),
        Index(None, "organization_id", "paid_at"),
        Index(
            "ix_orders_flagged",
            "created_at",
            sqlite_where=text("flag <> ''"),
            postgresql_where=text("flag <> ''"),
        ),
    )

    id: int | None = Field(default=None, sa_column=_id())
    #: «orderNumber» at the bank, and what people read to an operator: digits only.
    number: str = Field(unique=True)
    once_key: str = Field(unique=True)
    #: Who pressed «Оплатить»; none for a payer by link, and after the login was deleted.
    user_id: int | None = Field(default=None, sa_column=_of("users", whole=False, ondelete="SET NULL"))
    link_id: int | None = Field(default=None, sa_column=_of("pay_links", index=True, ondelete="SET NULL"))
    organization_id: int = Field(foreign_key="organizations.id")
    status: str
    #: Which wire the bank was spoken to over («rbs», «json»).
    gateway: str
    bank_id: str = Field(default="", sa_column=Column(String, nullable=False, default="", index=True))
    form_url: str = ""
    amount: int = Field(sa_column=_kopecks(None))
    commission: int = Field(default=0, sa_column=_kopecks())
    total: int = Field(sa_column=_kopecks(None))
    captured: int = Field(default=0, sa_column=_kopecks())
    refunded: int = Field(default=0, sa_column=_kopecks())
    #: Where letters about it go: what a payer by link has typed, for others their login's address at that moment.
    email: str = ""
    #: Masked by the bank: «411111******1111».
    card: str = ""
    #: Why it wasn't paid, by the bank's code; the screens have the words.
    reason: str = ""
    #: What staff should look at: the weightiest of `orders.rules.FLAGS`; empty for nothing.
    flag: str = ""
    created_at: datetime = Field(sa_column=_moment())
    #: Until when the payer may pay at the bank.
    expires_at: datetime = Field(sa_column=_moment())
    paid_at: datetime | None = Field(default=None, sa_column=_maybe())
    #: When the bank was last asked, when it is due again (None: settled), and whose turn it is until when.
    looked_at: datetime | None = Field(default=None, sa_column=_maybe())
    next_look_at: datetime | None = Field(default=None, sa_column=_maybe())
    looking_until: datetime | None = Field(default=None, sa_column=_maybe())


class OrderLine(SQLModel, table=True):
    """What of an order pays for which service of which receipt.

    `receipt_due`: what the whole receipt asked for when the order was made; billing may change its mind later.
    """

    __tablename__ = "order_lines"
    __table_args__ = (UniqueConstraint("order_id", "receipt_id", "service", "part"),)

    id: int | None = Field(default=None, sa_column=_id())
    order_id: int = Field(sa_column=_of("orders"))
    account_id: int = Field(sa_column=_of("accounts", index=True))
    receipt_id: int = Field(sa_column=_of("receipts", index=True))
    service: str
    part: str
    amount: int = Field(sa_column=_kopecks(None))
    receipt_due: int = Field(sa_column=_kopecks(None))


class OrderEvent(SQLModel, table=True):
    """The journal: every change of an order and what caused it. Rows are added and never changed.

    `was` and `became` are equal where something happened without a change of status (a refund in part, a flag).
    """

    __tablename__ = "order_events"
    __table_args__ = (Index(None, "order_id", "id"),)

    id: int | None = Field(default=None, sa_column=_id())
    order_id: int = Field(sa_column=_of("orders"))
    at: datetime = Field(sa_column=_moment())
    #: «pressed», «registered», «callback», «return», «schedule», «staff», …
    cause: str
    was: str
    became: str
    # No foreign key: the journal outlives the login.
    actor_id: int | None = None
    detail: dict[str, object] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))


class BankHint(SQLModel, table=True):
    """That a bank called back about an order: one row a claim, counted, since banks repeat themselves."""

    __tablename__ = "bank_hints"
    __table_args__ = (UniqueConstraint("order_id", "operation", "succeeded"),)

    id: int | None = Field(default=None, sa_column=_id())
    order_id: int = Field(sa_column=_of("orders"))
    operation: str
    succeeded: bool
    times: int = 1
    first_at: datetime = Field(sa_column=_moment())
    last_at: datetime = Field(sa_column=_moment())


class Posting(SQLModel, table=True):
    """The ledger: money that came (positive, once an order) or went back (negative, once a refund at the bank).

    `amount` is what the bank moved, `commission` the part of it that no service gets; its lines have the rest.
    Handed to billing by an export, a step of its own.
    """

    __tablename__ = "postings"

    id: int | None = Field(default=None, sa_column=_id())
    order_id: int = Field(sa_column=_of("orders", index=True))
    #: «paid:17», «refund:17:5000» (the bank's running total): nothing is posted twice.
    once_key: str = Field(unique=True)
    amount: int = Field(sa_column=_kopecks(None))
    commission: int = Field(default=0, sa_column=_kopecks())
    created_at: datetime = Field(sa_column=_moment())
    export_id: int | None = Field(default=None, sa_column=Column(ForeignKey("exports.id"), index=True))


class PostingLine(SQLModel, table=True):
    """The share of an order's line in a posting; negative in a refund."""

    __tablename__ = "posting_lines"
    __table_args__ = (UniqueConstraint("posting_id", "order_line_id"),)

    id: int | None = Field(default=None, sa_column=_id())
    posting_id: int = Field(sa_column=_of("postings"))
    order_line_id: int = Field(sa_column=_of("order_lines", index=True))
    amount: int = Field(sa_column=_kopecks(None))


class Refund(SQLModel, table=True):
    """A refund that staff asked for. It stands here before the bank hears of it; one at a time an order.

    `status`: «asked», «accepted» (the bank said yes; never told again), «unanswered» (it was silent: a person decides),
    «repeat» (the decision was to tell it again), «done», «refused», «dropped» (the decision was that nothing went
    back). What came of it is what the bank's amounts say.
    """

    __tablename__ = "refunds"
    __table_args__ = (
        Index(
            "uq_refunds_unfinished",
            "order_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=_id())
    order_id: int = Field(sa_column=_of("orders", index=True))
    key: str = Field(unique=True)
    amount: int = Field(sa_column=_kopecks(None))
    #: What the bank had refunded of the order before it was told of this: so much more afterwards means it was done.
    refunded_before: int = Field(sa_column=_kopecks(None))
    explanation: str
    status: str
    # No foreign key: it outlives the login.
    asked_by: int
    asked_at: datetime = Field(sa_column=_moment())
    #: When the bank was last told, set before it is: one process tells it, and none again before it has looked.
    called_at: datetime | None = Field(default=None, sa_column=_maybe())
    settled_at: datetime | None = Field(default=None, sa_column=_maybe())
    refusal: str = ""
