"""One order as staff see it: who pays whom for what, where the money is, and all that ever happened to it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.tables import PostedPayment, Receipt
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.domain.identity.access import ADMIN, Actor, overseen
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.payments.desk.deeds import NO_ORDER
from lk_reflex.domain.payments.may import staff_only
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.refund_end import UNANSWERED
from lk_reflex.domain.payments.tables import (
    BankHint,
    Order,
    OrderEvent,
    OrderLine,
    Posting,
    PostingLine,
    Refund,
)


@dataclass(frozen=True, slots=True)
class ViewedLine:
    """What an order pays for. Kopecks; `back` is what of it was given back."""

    account: str
    address: str
    receipt: str
    service: str
    part: str
    amount: int
    back: int


@dataclass(frozen=True, slots=True)
class Happened:
    """A line of the journal. `by` is the address of whoever did it, empty where nobody of ours pressed anything."""

    at: datetime
    cause: str
    was: str
    became: str
    by: str
    staff: bool
    detail: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Claimed:
    """What the bank called back about, and how often."""

    operation: str
    succeeded: bool
    times: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Posted:
    """A row of our ledger, in kopecks; `handed_at` is when the register with it was whole."""

    amount: int
    commission: int
    created_at: datetime
    register: int | None
    handed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Asked:
    """A refund that an administrator asked for."""

    amount: int
    explanation: str
    status: str
    by: str
    asked_at: datetime
    settled_at: datetime | None
    refusal: str


@dataclass(frozen=True, slots=True)
class Accounted:
    """Billing's own row that names this order; kopecks with billing's sign, where a payment is negative."""

    account: str
    amount: int
    accepted_on: date
    processed_on: date | None


@dataclass(frozen=True, slots=True)
class OrderView:
    """An order whole. Sums in kopecks, `left` is what may still be given back."""

    number: str
    status: Status
    flag: str
    reason: str
    organization: str
    time_zone: str
    email: str
    by_link: bool
    amount: int
    commission: int
    total: int
    captured: int
    refunded: int
    card: str
    bank_id: str
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    looked_at: datetime | None
    next_look_at: datetime | None
    lines: tuple[ViewedLine, ...]
    journal: tuple[Happened, ...]
    hints: tuple[Claimed, ...]
    postings: tuple[Posted, ...]
    refunds: tuple[Asked, ...]
    accounted: tuple[Accounted, ...]
    may_refund: bool

    @property
    def left(self) -> int:
        """What came and hasn't gone back."""
        return self.captured - self.refunded

    @property
    def refunding(self) -> bool:
        """Whether a refund is on its way."""
        return any(one.settled_at is None for one in self.refunds)

    @property
    def undecided(self) -> bool:
        """Whether a person has to find out what became of a refund."""
        return any(one.settled_at is None and one.status == UNANSWERED for one in self.refunds)


_By = aliased(User, name="by")
_ORDER = (
    select(
        col(Order.id), col(Order.number), col(Order.status), col(Order.flag), col(Order.reason),
        col(Organization.name), col(Organization.short_name), col(Organization.time_zone),
        func.coalesce(col(User.email), col(Order.email)).label("email"), col(Order.link_id), col(Order.user_id),
        col(Order.amount), col(Order.commission), col(Order.total), col(Order.captured), col(Order.refunded),
        col(Order.card), col(Order.bank_id), col(Order.created_at), col(Order.expires_at),
        col(Order.paid_at), col(Order.looked_at), col(Order.next_look_at),
    )
    .select_from(Order)
    .join(Organization, col(Organization.id) == col(Order.organization_id))
    .outerjoin(User, col(User.id) == col(Order.user_id))
    .where(col(Order.number) == bindparam("number"), overseen(col(Order.organization_id)))
)  # fmt: skip
_BACK = (
    select(func.coalesce(func.sum(col(PostingLine.amount)), 0))
    .where(col(PostingLine.order_line_id) == col(OrderLine.id), col(PostingLine.amount) < 0)
    .scalar_subquery()
)
_LINES = (
    select(
        col(Account.number), col(Building.street), col(Building.house), col(Account.flat), col(Receipt.kind),
        col(Receipt.month), col(OrderLine.service), col(OrderLine.part), col(OrderLine.amount), _BACK.label("back"),
    )
    .select_from(OrderLine)
    .join(Account, col(Account.id) == col(OrderLine.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Receipt, col(Receipt.id) == col(OrderLine.receipt_id))
    .where(col(OrderLine.order_id) == bindparam("order_id"))
    .order_by(col(OrderLine.id))
)  # fmt: skip
_JOURNAL = (
    select(
        col(OrderEvent.at), col(OrderEvent.cause), col(OrderEvent.was), col(OrderEvent.became), col(_By.email),
        col(_By.role), col(OrderEvent.detail),
    )
    .select_from(OrderEvent)
    .outerjoin(_By, col(_By.id) == col(OrderEvent.actor_id))
    .where(col(OrderEvent.order_id) == bindparam("order_id"))
    .order_by(col(OrderEvent.id))
)  # fmt: skip
_HINTS = (
    select(
        col(BankHint.operation), col(BankHint.succeeded), col(BankHint.times), col(BankHint.first_at),
        col(BankHint.last_at),
    )
    .where(col(BankHint.order_id) == bindparam("order_id"))
    .order_by(col(BankHint.first_at), col(BankHint.id))
)  # fmt: skip
_POSTINGS = (
    select(
        col(Posting.amount), col(Posting.commission), col(Posting.created_at), col(Export.number),
        col(Export.completed_at),
    )
    .select_from(Posting)
    .outerjoin(Export, col(Export.id) == col(Posting.export_id))
    .where(col(Posting.order_id) == bindparam("order_id"))
    .order_by(col(Posting.id))
)  # fmt: skip
_REFUNDS = (
    select(
        col(Refund.amount), col(Refund.explanation), col(Refund.status), col(_By.email), col(Refund.asked_at),
        col(Refund.settled_at), col(Refund.refusal),
    )
    .select_from(Refund)
    .outerjoin(_By, col(_By.id) == col(Refund.asked_by))
    .where(col(Refund.order_id) == bindparam("order_id"))
    .order_by(col(Refund.id))
)  # fmt: skip
_ACCOUNTED = (
    select(
        col(Account.number), col(PostedPayment.amount), col(PostedPayment.accepted_on), col(PostedPayment.processed_on)
    )
    .select_from(PostedPayment)
    .join(Account, col(Account.id) == col(PostedPayment.account_id))
    .where(
        col(PostedPayment.order_number) == bindparam("number"),
        # Billing's rows without a number aren't meant, and are no part of the index either.
        col(PostedPayment.order_number) != "",
    )
    .order_by(col(PostedPayment.id))
)


def order_view(db: Reader, actor: Actor, number: str) -> OrderView:
    """The order of that number. Raises Refused for a resident, NotFound, also for another organization's."""
    staff_only(actor)
    row = db.first(_ORDER, number=number, **actor.overseeing)
    if row is None:
        raise NotFound(NO_ORDER)
    return OrderView(
        number=row.number,
        status=Status(row.status),
        flag=row.flag,
        reason=row.reason,
        organization=row.short_name or row.name,
        time_zone=row.time_zone,
        email=row.email,
        by_link=row.user_id is None and row.link_id is not None,
        amount=row.amount,
        commission=row.commission,
        total=row.total,
        captured=row.captured,
        refunded=row.refunded,
        card=row.card,
        bank_id=row.bank_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
        paid_at=row.paid_at,
        looked_at=row.looked_at,
        next_look_at=row.next_look_at,
        lines=tuple(_line(one) for one in db.rows(_LINES, order_id=row.id)),
        journal=tuple(_happened(one) for one in db.rows(_JOURNAL, order_id=row.id)),
        hints=tuple(Claimed(one[0], bool(one[1]), *one[2:]) for one in db.rows(_HINTS, order_id=row.id)),
        postings=tuple(Posted(*one) for one in db.rows(_POSTINGS, order_id=row.id)),
        refunds=tuple(_asked(one) for one in db.rows(_REFUNDS, order_id=row.id)),
        accounted=tuple(Accounted(*one) for one in db.rows(_ACCOUNTED, number=number)),
        may_refund=actor.role == ADMIN,
    )


def _line(row: Any) -> ViewedLine:
    address = address_line(row.street, row.house, row.flat)
    title = receipt_title(row.kind, row.month)
    return ViewedLine(row.number, address, title, row.service, row.part, row.amount, -int(row.back))


def _happened(row: Any) -> Happened:
    staff = row.role is not None and row.role != "resident"
    return Happened(row.at, row.cause, row.was, row.became, row.email or "", staff, dict(row.detail or {}))


def _asked(row: Any) -> Asked:
    return Asked(row.amount, row.explanation, row.status, row.email or "", row.asked_at, row.settled_at, row.refusal)
