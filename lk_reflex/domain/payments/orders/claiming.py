"""Whose turn it is to speak with the bank about an order: one process at a time, and a short while only.

Correctness doesn't hang on it: two who ask at once come to one posting all the same. It spares the bank the same
question, and keeps an answer that took long from being applied after a newer one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.schedule import next_look
from lk_reflex.domain.payments.tables import Order, OrderLine

#: Longer than a bank's answer takes; after a crash so long nobody asks.
LEASE = timedelta(seconds=30)
NO_ORDER = "Такого платежа нет"


@dataclass(frozen=True, slots=True)
class Turn:
    """The right to speak with the bank about `order`, a row as it was then, until a moment."""

    order: Any
    until: datetime


_mine, _other = aliased(OrderLine), aliased(OrderLine)
_COLUMNS = (
    col(Order.id), col(Order.number), col(Order.user_id), col(Order.link_id), col(Order.organization_id),
    col(Order.status), col(Order.bank_id), col(Order.form_url), col(Order.amount), col(Order.commission),
    col(Order.total), col(Order.captured), col(Order.refunded), col(Order.email), col(Order.card), col(Order.flag),
    col(Order.created_at), col(Order.expires_at), col(Order.paid_at), col(Order.looked_at), col(Order.next_look_at),
    col(Order.looking_until), col(Order.reason), col(Organization.inn), col(Organization.name).label("organization"),
    col(Organization.short_name), col(Organization.phone), col(Organization.time_zone),
)  # fmt: skip
_ORDERS = select(*_COLUMNS).join(Organization, col(Organization.id) == col(Order.organization_id))
_BY_NUMBER = _ORDERS.where(col(Order.number) == bindparam("number"))
_BY_ID = _ORDERS.where(col(Order.id) == bindparam("order_id"))
#: With the order all that pay for the same receipts, always in the same sequence: two payments of one receipt that come
#: at the same instant must see each other, and must not wait for each other for ever. The order itself is among them:
#: naming it apart («id = … OR id IN …») would have PostgreSQL walk through all orders.
_LOCK = (
    select(col(Order.id))
    .where(
        col(Order.id).in_(
            select(col(_other.order_id))
            .join(_mine, col(_mine.receipt_id) == col(_other.receipt_id))
            .where(col(_mine.order_id) == bindparam("order_id"))
        )
    )
    .order_by(col(Order.id))
    .with_for_update()
)
_TAKE = (
    update(Order)
    .where(
        col(Order.number) == bindparam("of_number"),
        or_(
            col(Order.looking_until).is_(None),
            col(Order.looking_until) <= bindparam("now", type_=UtcTime()),
            # Nobody's turn is that long: the clock has gone back since.
            col(Order.looking_until) > bindparam("till", type_=UtcTime()),
        ),
    )
    .values(looking_until=bindparam("till", type_=UtcTime()))
)


_DROP = (
    update(Order)
    .where(col(Order.id) == bindparam("of_id"), col(Order.looking_until) == bindparam("mine", type_=UtcTime()))
    .values(looking_until=None)
)


def order_row(db: Reader, number: str) -> Any:
    """An order by its number, with its organization's name and INN. Raises NotFound."""
    row = db.first(_BY_NUMBER, number=number)
    if row is None:
        raise NotFound(NO_ORDER)
    return row


def locked_order(db: Writer, order_id: int) -> Any:
    """The same by its id, nobody else's to change until the transaction ends."""
    db.rows(_LOCK, order_id=order_id)
    row = db.first(_BY_ID, order_id=order_id)
    if row is None:
        raise NotFound(NO_ORDER)
    return row


def take_turn(db: Writer, number: str, *, now: datetime) -> Turn | None:
    """Take the turn; None while somebody else has it. Raises NotFound."""
    until = now + LEASE
    taken = db.change(_TAKE, of_number=number, now=now, till=until)
    order = order_row(db, number)
    return Turn(order, until) if taken == 1 else None


def drop_turn(db: Writer, turn: Turn) -> None:
    """Give it back unused."""
    db.change(_DROP, of_id=turn.order.id, mine=turn.until)


def end_turn(db: Writer, turn: Turn, *, now: datetime, asked: bool = True) -> None:
    """Give the turn back, and set when the bank is to be asked next.

    A hint that came in the meantime has its own word on that: then the bank is asked again at once.
    """
    row = locked_order(db, turn.order.id)
    changes: dict[str, Any] = {"looked_at": now} if asked else {}
    if row.looking_until == turn.until:
        changes["looking_until"] = None
    if row.next_look_at == turn.order.next_look_at:
        changes["next_look_at"] = next_look(
            Status(row.status),
            created_at=row.created_at,
            expires_at=row.expires_at,
            paid_at=row.paid_at,
            now=now,
        )
    if changes:
        db.change(update(Order).where(col(Order.id) == row.id).values(**changes))
