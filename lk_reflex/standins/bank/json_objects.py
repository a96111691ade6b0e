"""Orders and refunds as the JSON gateway shows them."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from lk_reflex.standins.bank.model import (
    BY_SHOP,
    ISSUER_SAYS_NO,
    NO_MONEY,
    NOT_PROVED,
    TIMED_OUT,
    Order,
    Refund,
    Status,
)

_STATUSES = {
    Status.REGISTERED: "pending",
    Status.AUTHORISING: "pending",
    Status.HELD: "waiting_for_capture",
    Status.PAID: "succeeded",
    Status.REFUNDED: "succeeded",
    Status.REVERSED: "canceled",
    Status.DECLINED: "canceled",
}
_REASONS = {
    ISSUER_SAYS_NO: ("payment_network", "general_decline"),
    NO_MONEY: ("payment_network", "insufficient_funds"),
    NOT_PROVED: ("payment_network", "3d_secure_failed"),
    TIMED_OUT: ("yoo_money", "expired_on_confirmation"),
    BY_SHOP: ("merchant", "canceled_by_merchant"),
}
_CANCELLED = ("merchant", "canceled_by_merchant")


def payment_of(order: Order, page: str = "") -> dict[str, Any]:
    """An order; `page` is where its payer types the card, shown while there is something to type."""
    status = _STATUSES[Status(order.status)]
    found: dict[str, Any] = {
        "id": order.bank_id,
        "status": status,
        "amount": money(order.amount),
        "description": order.description,
        "recipient": {"account_id": order.merchant or "demo", "gateway_id": "1"},
        "created_at": moment(order.created),
        "metadata": json.loads(order.extra or "{}"),
        "paid": order.status in (Status.HELD, Status.PAID, Status.REFUNDED),
        "refundable": order.rest > 0,
        "test": True,
    }
    if status == "pending":
        found["expires_at"] = moment(order.expires)
        # While the payer's own bank has the word, nobody is awaited on the page.
        if page and order.status == Status.REGISTERED:
            found["confirmation"] = {"type": "redirect", "confirmation_url": page, "return_url": order.return_url}
    if order.deposited:
        found |= {"captured_at": moment(order.paid_at), "refunded_amount": money(order.refunded)}
        found["income_amount"] = money(order.deposited)
    if status == "canceled":
        party, reason = _REASONS.get(order.code, _CANCELLED)
        found["cancellation_details"] = {"party": party, "reason": reason}
    return found | _method(order)


def refund_of(refund: Refund, order: Order) -> dict[str, Any]:
    """Money given back."""
    return {
        "id": refund.refund_id,
        "status": "succeeded",
        "amount": money(refund.amount),
        "created_at": moment(refund.at),
        "payment_id": order.bank_id,
    }


def money(kopecks: int) -> dict[str, str]:
    """«2911.46» roubles."""
    return {"value": str(Decimal(kopecks).scaleb(-2)), "currency": "RUB"}


def moment(at: float) -> str:
    """«2026-11-23T10:00:00.000Z»."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _method(order: Order) -> dict[str, Any]:
    if not order.pan or (order.code == BY_SHOP and not order.approved):
        return {}
    card = {"first6": order.pan[:6], "last4": order.pan[-4:], "expiry_year": order.expiry[:4],
            "expiry_month": order.expiry[4:], "card_type": "Unknown"}  # fmt: skip
    return {"payment_method": {"type": "bank_card", "id": order.bank_id, "saved": False, "card": card}}
