"""Billing's records of our orders against the ledger: a sum that isn't ours is kept as it came, and shown to staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, and_, bindparam, case, cast, func, select, text, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.money import format_money
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.billing.tables import PostedPayment
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.present import grouped
from lk_reflex.domain.payments.orders.rules import BILLING
from lk_reflex.domain.payments.tables import Order, OrderEvent, OrderLine, PostingLine

#: How many orders one statement marks.
_PORTION: Final = 500


@dataclass(frozen=True, slots=True)
class Difference:
    """An account's share of an order, in kopecks and positive: what we have and what billing has of it."""

    order_id: int
    number: str
    account: str
    paid: int
    billed: int
    returned: int
    billed_back: int

    @property
    def words(self) -> str:
        """«по заказу № 261120 1234 5678, лицевой счет …: принято у нас 500,00, у биллинга 400,00»."""
        return f"по заказу № {grouped(self.number)}, {self.how}"

    @property
    def how(self) -> str:
        """«лицевой счет …: принято у нас 500,00, у биллинга 400,00»."""
        said = []
        if self.paid != self.billed:
            said.append(f"принято у нас {format_money(self.paid)}, у биллинга {format_money(self.billed)}")
        if self.billed_back > self.returned:
            said.append(f"возвращено у нас {format_money(self.returned)}, у биллинга {format_money(self.billed_back)}")
        return f"лицевой счет {self.account}: {'; '.join(said)}"

    @property
    def detail(self) -> dict[str, object]:
        """What the journal keeps."""
        return {
            "flags": [BILLING], "account": self.account, "paid": self.paid, "billed": self.billed,
            "returned": self.returned, "billed_back": self.billed_back,
        }  # fmt: skip


_brought = aliased(PostedPayment, name="brought")
#: For the partial index of orders' numbers the conditions must be readable in the statement itself.
_NAMED = (text("brought.order_number <> ''"), text("posted_payments.order_number <> ''"))
#: Every account that billing has of the orders that the import names: an order agrees only as a whole.
_TOUCHED = (
    select(
        col(Order.id).label("order_id"), col(Order.number), col(Order.organization_id), col(PostedPayment.account_id)
    )
    .select_from(_brought)
    .join(
        Order,
        and_(
            col(Order.number) == col(_brought.order_number),
            col(Order.organization_id) == col(_brought.organization_id),
        ),
    )
    .join(
        PostedPayment,
        and_(
            col(PostedPayment.order_number) == col(_brought.order_number),
            col(PostedPayment.organization_id) == col(_brought.organization_id),
        ),
    )
    .where(*_NAMED, col(_brought.import_id) == bindparam("import_id"))
    .distinct()
    .subquery("touched")
)


def differing(touched: Any) -> Any:
    """The accounts of orders that billing doesn't have as the ledger has them.

    `touched`: a subquery of order_id, number, organization_id and an account_id of which billing has rows. A refund
    that billing hasn't recorded yet is under way; more than ours is none of ours. Payment and refunds may be netted.
    """
    compared = (
        select(
            touched.c.order_id,
            touched.c.number.label("number"),
            col(Account.number).label("account"),
            _ours(touched, 1).scalar_subquery().label("paid"),
            _billed(touched, -1).scalar_subquery().label("billed"),
            _ours(touched, -1).scalar_subquery().label("returned"),
            _billed(touched, 1).scalar_subquery().label("billed_back"),
        )
        .select_from(touched)
        .join(Account, col(Account.id) == touched.c.account_id)
        .subquery("compared")
    )
    c = compared.c
    return (
        select(compared)
        .where((c.paid != c.billed) | (c.billed_back > c.returned), c.paid - c.returned != c.billed - c.billed_back)
        .order_by(c.order_id, c.account)
    )


def _billed(touched: Any, sign: int) -> Any:
    """What billing has in all of the order for the account, of earlier imports as well."""
    record = PostedPayment.__table__.alias()  # pyright: ignore[reportAttributeAccessIssue]
    wanted = record.c.amount < 0 if sign < 0 else record.c.amount > 0
    return _total(sign * record.c.amount).where(
        record.c.order_number == touched.c.number,
        record.c.organization_id == touched.c.organization_id,
        record.c.account_id == touched.c.account_id,
        record.c.order_number != "",
        wanted,
    )


def _ours(touched: Any, sign: int) -> Any:
    wanted = col(PostingLine.amount) > 0 if sign > 0 else col(PostingLine.amount) < 0
    return (
        _total(sign * col(PostingLine.amount))
        .select_from(OrderLine)
        .join(PostingLine, col(PostingLine.order_line_id) == col(OrderLine.id))
        .where(col(OrderLine.order_id) == touched.c.order_id, col(OrderLine.account_id) == touched.c.account_id, wanted)
    )


def _total(value: Any) -> Any:
    return select(cast(func.coalesce(func.sum(value), 0), BigInteger))


_DIFFERING = differing(_TOUCHED)
_FLAGGED = (
    select(_TOUCHED.c.order_id)
    .join(Order, col(Order.id) == _TOUCHED.c.order_id)
    .where(col(Order.flag) == BILLING)
    .distinct()
)
_STANDING = select(col(Order.status), col(Order.flag)).where(col(Order.id) == bindparam("order_id"))
#: In the sequence in which a settlement locks them, so that the two never wait for each other.
_LOCK = (
    select(col(Order.id))
    .where(col(Order.id).in_(bindparam("order_ids", expanding=True)))
    .order_by(col(Order.id))
    .with_for_update()
)
_TOLD = (
    select(col(OrderEvent.detail))
    .where(col(OrderEvent.order_id) == bindparam("order_id"), col(OrderEvent.cause) == Cause.BILLING.value)
    .order_by(col(OrderEvent.id).desc())
)


def compare_with_billing(db: Writer, import_id: int, *, now: datetime) -> list[Difference]:
    """What billing has of the orders that an import names, and isn't as in the ledger.

    Such orders are flagged, those that agree in every account freed; the journal has a line for each account. The same
    difference again is reported, and not flagged a second time: staff may have looked at it.
    """
    found = [Difference(*row) for row in db.rows(_DIFFERING, import_id=import_id)]
    wrong = {one.order_id for one in found}
    agreed = [row.order_id for row in db.rows(_FLAGGED, import_id=import_id) if row.order_id not in wrong]
    db.connection.execute(_LOCK, {"order_ids": [*wrong, *agreed]})
    _free(db, agreed)
    for one in found:
        _flag(db, one, now)
    return found


def _flag(db: Writer, one: Difference, now: datetime) -> None:
    told = (row.detail for row in db.rows(_TOLD, order_id=one.order_id) if row.detail.get("account") == one.account)
    if next(told, None) == one.detail:
        return
    order: Any = db.first(_STANDING, order_id=one.order_id)
    status = Status(order.status)
    note_event(db, one.order_id, status, status, cause=Cause.BILLING, now=now, detail=one.detail)
    unmarked = update(Order).where(col(Order.id) == one.order_id)
    db.change(unmarked.values(flag=case((col(Order.flag) == "", BILLING), else_=col(Order.flag))))


def _free(db: Writer, order_ids: Iterable[int]) -> None:
    ids = list(order_ids)
    for start in range(0, len(ids), _PORTION):
        db.change(update(Order).where(col(Order.id).in_(ids[start : start + _PORTION])).values(flag=""))
