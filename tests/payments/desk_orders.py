"""Orders as the desk's tests need them, put into the tables by hand."""

from datetime import datetime, timedelta
from itertools import count
from typing import Any

from sqlmodel import select

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.months import Month
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.domain.payments.tables import MAIN, PENALTY, Order, OrderEvent, OrderLine, Posting, PostingLine
from tests.cast import NOW, TODAY, Cast

_numbers = count(1)
BANK_ID = "5e97e3fd-1d20-4b4f-a542-f5995f5e8208"


def put_receipt(db: Writer, account: int) -> int:
    """The account's receipt of this month; the same one each time."""
    month = Month.of(TODAY)
    found = db.session.exec(select(Receipt).where(Receipt.account_id == account, Receipt.month == month)).first()
    if found is None:
        found = Receipt(account_id=account, kind="Объединённая", month=month, issued_on=TODAY)
        db.add(found)
    assert found.id
    return found.id


def put_order(database: Database, cast: Cast, number: str = "", **more: Any) -> str:
    """An order of the owner's for the flat: 500,00 of water and 39,20 of penalty; returns its number."""
    with database.transaction() as db:
        return order_in(db, cast, number, **more)


def order_in(
    db: Writer, cast: Cast, number: str = "", *, account: int | None = None, posted: bool = True,
    lines: tuple[tuple[str, str, int], ...] = (("ХВС", MAIN, 500_00), ("ХВС", PENALTY, 39_20)), **more: Any,
) -> str:  # fmt: skip
    """The same inside a transaction at hand. A paid one has its posting unless `posted` is False."""
    account = account or cast.flat
    number = number or f"261120{next(_numbers):08d}"
    amount = sum(line[2] for line in lines)
    given = {
        "once_key": f"key-{number}", "user_id": cast.owner.actor.user_id, "organization_id": cast.organization,
        "status": "paid", "gateway": "rbs", "bank_id": f"bank-{number}", "amount": amount,
        "total": amount + more.get("commission", 0), "email": "owner@example.org", "created_at": NOW,
        "expires_at": more.get("created_at", NOW) + timedelta(minutes=20),
    }  # fmt: skip
    given |= more
    if given["status"] in ("paid", "refunded"):
        given = {"captured": given["total"], "paid_at": given["created_at"] + timedelta(minutes=3), **given}
    order = Order(number=number, **given)
    db.add(order)
    receipt, made = put_receipt(db, account), []
    for service, part, kopecks in lines:
        line = OrderLine(order_id=order.id, account_id=account, receipt_id=receipt, service=service, part=part,
                         amount=kopecks, receipt_due=amount)  # fmt: skip
        db.add(line)
        made.append(line)
    db.add(OrderEvent(order_id=order.id, at=order.created_at, cause="pressed", was="", became="new",
                      actor_id=order.user_id))  # fmt: skip
    if order.paid_at is not None:
        db.add(OrderEvent(order_id=order.id, at=order.paid_at, cause="callback", was="waiting", became="paid"))
        if posted:
            _post(db, order, made)
    return number


def _post(db: Writer, order: Order, lines: list[OrderLine]) -> None:
    assert order.paid_at
    posting = Posting(order_id=order.id, once_key=f"paid:{order.id}", amount=order.captured,
                      commission=order.commission, created_at=order.paid_at)  # fmt: skip
    db.add(posting)
    for line in lines:
        db.add(PostingLine(posting_id=posting.id, order_line_id=line.id, amount=line.amount))


def hand_over(database: Database, at: datetime, number: int = 7) -> None:
    """All postings that wait go to billing with a register that was whole at that moment."""
    with database.transaction() as db:
        export = Export(kind="payments", number=number, created_at=at, completed_at=at)
        db.add(export)
        for posting in db.session.exec(select(Posting).where(Posting.export_id.is_(None))):  # pyright: ignore
            posting.export_id = export.id
            db.add(posting)
