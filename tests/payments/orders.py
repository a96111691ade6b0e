"""Orders for tests of what shows them: rows as they stand after the bank has spoken, made without a bank."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from lk_reflex.core.db import Database
from lk_reflex.domain.payments.tables import Order, OrderLine, Posting, PostingLine
from tests.cast import NOW, Cast

NUMBER = "26112012345678"
PAID_AT = datetime(2026, 11, 20, 10, 5, tzinfo=UTC)
BACK_AT = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)
#: The manual's receipt for February 2018.
WATER = (("МУП ПОВВ:ХВС(КОПЕЙСК)", "main", 34130), ("МУП ПОВВ:ВО(КОПЕЙСК)", "main", 19790))


def some_order(
    database: Database, cast: Cast, receipt_id: int, *, status: str = "paid", number: str = NUMBER,
    parts: Sequence[tuple[str, str, int]] = WATER, commission: int = 0, refunded: int = 0, due: int = 53920,
    **more: Any,
) -> int:  # fmt: skip
    """An order of the owner's for the flat, with its postings where it is paid; returns its id."""
    amount = sum(part[2] for part in parts)
    paid = status in ("paid", "refunded")
    told = {
        "user_id": cast.owner.actor.user_id, "organization_id": cast.organization, "gateway": "rbs",
        "bank_id": f"bank-{number}", "form_url": "https://bank.example/pay", "created_at": NOW, "once_key": number,
        "expires_at": NOW + timedelta(minutes=20), "card": "411111******1111" if paid else "",
        "captured": amount + commission if paid else 0, "refunded": refunded, "paid_at": PAID_AT if paid else None,
        "email": "owner@example.org",
    }  # fmt: skip
    with database.transaction() as db:
        order = Order(number=number, status=status, amount=amount, commission=commission, total=amount + commission,
                      **{**told, **more})  # fmt: skip
        db.add(order)
        lines = [
            OrderLine(order_id=order.id or 0, account_id=cast.flat, receipt_id=receipt_id, service=service, part=part,
                      amount=sum_, receipt_due=due)
            for service, part, sum_ in parts
        ]  # fmt: skip
        for line in lines:
            db.add(line)
        if paid:
            _post(db, order, lines, "paid", amount + commission, commission, PAID_AT)
        if refunded:
            _post(db, order, lines[:1], f"refund:{refunded}", -refunded, 0, BACK_AT)
        assert order.id
        return order.id


def _post(db: Any, order: Order, lines: Any, key: str, amount: int, commission: int, at: datetime) -> None:
    posting = Posting(order_id=order.id or 0, once_key=f"{key}:{order.id}", amount=amount, commission=commission,
                      created_at=at)  # fmt: skip
    db.add(posting)
    for line in lines:
        share = line.amount if amount > 0 else amount
        db.add(PostingLine(posting_id=posting.id or 0, order_line_id=line.id, amount=share))
