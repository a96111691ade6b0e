"""The ledger's two kinds of entries: what came, once an order; what went back, once a refund at the bank. Kopecks."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.money import spread
from lk_reflex.domain.payments.tables import OrderLine, Posting, PostingLine

_LINES = select(col(OrderLine.id), col(OrderLine.amount)).where(col(OrderLine.order_id) == bindparam("order_id"))
_LEFT_OF_COMMISSION = select(func.coalesce(func.sum(col(Posting.commission)), 0)).where(
    col(Posting.order_id) == bindparam("order_id")
)
_LEFT_OF_LINES = (
    select(col(OrderLine.id), func.coalesce(func.sum(col(PostingLine.amount)), 0).label("amount"))
    .outerjoin(PostingLine, col(PostingLine.order_line_id) == col(OrderLine.id))
    .where(col(OrderLine.order_id) == bindparam("order_id"))
    .group_by(col(OrderLine.id))
    .order_by(col(OrderLine.id))
)


def post_payment(db: Writer, order: Any, *, now: datetime) -> None:
    """All of an order; a second time breaks the database's unique key."""
    lines = {line.id: line.amount for line in db.rows(_LINES, order_id=order.id)}
    _post(db, order.id, f"paid:{order.id}", order.commission, lines, now)


def post_refund(db: Writer, order_id: int, amount: int, *, running: int, now: datetime) -> None:
    """Take back `amount` of what is left of the lines and the commission, by their size.

    `running`: what has gone back in all with it. No share exceeds what is left, so a whole refund leaves nothing.
    """
    lines = db.rows(_LEFT_OF_LINES, order_id=order_id)
    left = [int(db.value(_LEFT_OF_COMMISSION, order_id=order_id) or 0), *(int(line.amount) for line in lines)]
    commission, *shares = (-share for share in spread(amount, left))
    by_line = dict(zip((line.id for line in lines), shares, strict=True))
    _post(db, order_id, f"refund:{order_id}:{running}", commission, by_line, now)


def _post(db: Writer, order_id: int, once_key: str, commission: int, lines: Mapping[int, int], now: datetime) -> None:
    amount = commission + sum(lines.values())
    posting = Posting(order_id=order_id, once_key=once_key, amount=amount, commission=commission, created_at=now)
    db.add(posting)
    rows = [
        {"posting_id": posting.id, "order_line_id": line_id, "amount": share}
        for line_id, share in lines.items()
        if share
    ]
    if rows:
        db.connection.execute(insert(PostingLine), rows)
