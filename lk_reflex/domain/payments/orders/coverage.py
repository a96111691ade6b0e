"""How far the receipts of an order are paid here: by this order and by others before it. Kopecks."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.payments.tables import ADVANCE, ADVANCE_PENALTY, OrderLine, PostingLine

#: Whether a line is of the advance, which stands beside what a receipt asks for.
_ADVANCE = case((col(OrderLine.part).in_((ADVANCE, ADVANCE_PENALTY)), 1), else_=0)
_MINE = (
    select(
        col(OrderLine.receipt_id),
        col(OrderLine.receipt_due),
        _ADVANCE.label("advance"),
        func.max(col(Receipt.advance) + col(Receipt.advance_penalty)).label("asked_ahead"),
        func.sum(col(OrderLine.amount)).label("amount"),
    )
    .join(Receipt, col(Receipt.id) == col(OrderLine.receipt_id))
    .where(col(OrderLine.order_id) == bindparam("order_id"))
    .group_by(col(OrderLine.receipt_id), col(OrderLine.receipt_due), _ADVANCE)
)
#: Net of refunds, since a refund's lines are negative.
_OTHERS = (
    select(
        col(OrderLine.receipt_id),
        col(OrderLine.receipt_due),
        _ADVANCE.label("advance"),
        func.sum(col(PostingLine.amount)).label("amount"),
    )
    .join(PostingLine, col(PostingLine.order_line_id) == col(OrderLine.id))
    .where(
        col(OrderLine.receipt_id).in_(
            select(col(OrderLine.receipt_id)).where(col(OrderLine.order_id) == bindparam("order_id"))
        ),
        col(OrderLine.order_id) != bindparam("order_id"),
    )
    .group_by(col(OrderLine.receipt_id), col(OrderLine.receipt_due), _ADVANCE)
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What one order's money meets: `again` where others had paid already and together it is too much.

    `remaining`: what its receipts still ask for when this order is paid, advances left aside.
    """

    again: bool
    remaining: int


def coverage(db: Reader, order_id: int) -> Coverage:
    """By the figures that the receipts had when the order was made: payments for other figures are none of theirs."""
    before: dict[tuple[Any, ...], int] = defaultdict(int)
    for row in db.rows(_OTHERS, order_id=order_id):
        before[row.receipt_id, row.receipt_due, row.advance] += int(row.amount)
    again, remaining = False, 0
    for row in db.rows(_MINE, order_id=order_id):
        others = before[row.receipt_id, row.receipt_due, row.advance]
        asked = row.asked_ahead if row.advance else row.receipt_due
        together = others + int(row.amount)
        again = again or (others > 0 and together > asked)
        remaining += 0 if row.advance else max(0, asked - together)
    return Coverage(again, remaining)
