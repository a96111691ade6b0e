"""Orders as they stand in the books once the bank has spoken; how they came there is other tests' business."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from lk_reflex.core.db import Database
from lk_reflex.core.money import spread
from lk_reflex.domain.payments.tables import MAIN, Order, OrderLine, Posting, PostingLine
from tests.cast import NOW


@dataclass(frozen=True)
class Line:
    """What an order pays for, in kopecks."""

    account: int
    receipt: int
    amount: int
    service: str = "ХВС"
    part: str = MAIN


def paid(
    db: Database, organization: int, lines: Sequence[Line], *,
    number: str, user: int | None = None, commission: int = 0, at: datetime = NOW,
) -> int:  # fmt: skip
    """A captured order with its posting; returns the order's id."""
    amount = sum(line.amount for line in lines)
    with db.transaction() as writer:
        order = Order(
            number=number, once_key=f"once-{number}", user_id=user, organization_id=organization, status="paid",
            gateway="rbs", amount=amount, commission=commission, total=amount + commission,
            captured=amount + commission, created_at=at, expires_at=at + timedelta(hours=1), paid_at=at,
        )  # fmt: skip
        writer.add(order)
        for line in lines:
            writer.add(
                OrderLine(order_id=order.id, account_id=line.account, receipt_id=line.receipt, service=line.service,
                          part=line.part, amount=line.amount, receipt_due=amount)
            )  # fmt: skip
        assert order.id
        post(writer, order.id, f"paid:{order.id}", [line.amount for line in lines], commission, at)
        return order.id


def refunded(db: Database, order_id: int, amount: int, *, at: datetime = NOW) -> None:
    """The bank has given so much back; commission and lines by their shares of the whole."""
    with db.transaction() as writer:
        commission, *lines = [
            row[0]
            for row in writer.connection.execute(
                text("SELECT commission FROM orders WHERE id = :id UNION ALL "
                     "SELECT amount FROM (SELECT amount FROM order_lines WHERE order_id = :id ORDER BY id) AS lines"),
                {"id": order_id},
            )
        ]  # fmt: skip
        running = writer.connection.scalar(text("SELECT refunded FROM orders WHERE id = :id"), {"id": order_id})
        before, after = spread(running, [commission, *lines]), spread(running + amount, [commission, *lines])
        back = [was - now for was, now in zip(before, after, strict=True)]
        post(writer, order_id, f"refund:{order_id}:{running + amount}", back[1:], back[0], at)
        writer.change(
            text("UPDATE orders SET refunded = refunded + :amount WHERE id = :id"), amount=amount, id=order_id
        )


def post(writer, order_id: int, key: str, amounts: Sequence[int], commission: int, at: datetime) -> None:
    posting = Posting(
        order_id=order_id, once_key=key, amount=sum(amounts) + commission, commission=commission, created_at=at
    )
    writer.add(posting)
    found = writer.connection.execute(
        text("SELECT id FROM order_lines WHERE order_id = :id ORDER BY id"), {"id": order_id}
    )
    for line, amount in zip(found.scalars().all(), amounts, strict=True):
        if amount:
            writer.add(PostingLine(posting_id=posting.id, order_line_id=line, amount=amount))
