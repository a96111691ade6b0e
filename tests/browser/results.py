"""Payments of people in the browser's town as they stand after the bank has spoken, for the pages that tell of them."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Writer
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.payments.tables import MAIN, Order, OrderLine
from tests.browser.people import Person

COMMISSION = 1595


def order_of(person: Person, status: str, **more: Any) -> str:
    """An order of the person's for the newest receipt of their first account; returns its number."""
    return person.town.database.write(_made, person, status, more)


def _made(db: Writer, person: Person, status: str, more: dict[str, Any]) -> str:
    account, now = person.accounts[0], utc_now()
    organization = db.connection.scalar(select(col(Account.organization_id)).where(col(Account.id) == account))
    newest = select(col(Receipt.id)).where(col(Receipt.account_id) == account).order_by(col(Receipt.month).desc())
    receipt = db.connection.scalar(newest.limit(1))
    lines = db.connection.execute(
        select(col(BalanceLine.service), col(BalanceLine.total)).where(
            col(BalanceLine.receipt_id) == receipt, col(BalanceLine.total) > 0
        )
    ).all()
    amount, paid = sum(line.total for line in lines), status in ("paid", "refunded")
    number = f"261123{secrets.randbelow(10**8):08d}"
    told: dict[str, Any] = {
        "captured": amount + COMMISSION if paid else 0, "paid_at": now if paid else None, "looked_at": now,
        "card": "411111******1111" if paid else "", "expires_at": now + timedelta(minutes=20), "bank_id": "",
        "form_url": f"/demo/bank/pay/{number}",
    }  # fmt: skip
    if status == "refunded":
        told["refunded"] = told["captured"]
    order = Order(number=number, once_key=number, user_id=person.actor.user_id, organization_id=organization or 0,
                  status=status, gateway="rbs", amount=amount, commission=COMMISSION, total=amount + COMMISSION,
                  created_at=now, **{**told, **more})  # fmt: skip
    db.add(order)
    for line in lines:
        db.add(OrderLine(order_id=order.id or 0, account_id=account, receipt_id=receipt or 0, service=line.service,
                         part=MAIN, amount=line.total, receipt_due=amount))  # fmt: skip
    return number
