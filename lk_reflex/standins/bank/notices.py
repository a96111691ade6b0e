"""What callbacks say: RBS's signed fields, the JSON gateway's unsigned objects."""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lk_reflex.standins.bank.json_objects import payment_of, refund_of
from lk_reflex.standins.bank.machine import Notice
from lk_reflex.standins.bank.model import JSON, Order, Refund
from lk_reflex.standins.secrets import BANK_CALLBACK_KEY

_EVENTS = {
    ("approved", True): ("payment.waiting_for_capture", "waiting_for_capture"),
    ("deposited", True): ("payment.succeeded", "succeeded"),
}


def body_of(order: Order, notice: Notice, refund: Refund | None, *, now: float) -> str:
    """A callback as the queue keeps it: JSON with `method` and `fields` or `body`."""
    if order.wire == JSON:
        return json.dumps({"method": "POST", "body": _notification(order, notice, refund)}, ensure_ascii=False)
    return json.dumps({"method": "GET", "fields": signed(_fields(order, notice, now))}, ensure_ascii=False)


def signed(fields: Mapping[str, str], key: str = BANK_CALLBACK_KEY) -> dict[str, str]:
    """With the checksum; `sign_alias` names the key and isn't part of what is signed."""
    ordered = sorted((name, value) for name, value in fields.items() if name not in ("checksum", "sign_alias"))
    text = "".join(f"{name};{value};" for name, value in ordered)
    code = hmac.digest(key.encode(), text.encode(), hashlib.sha256).hex().upper()
    return {**fields, "sign_alias": "demo", "checksum": code}


def _fields(order: Order, notice: Notice, now: float) -> dict[str, str]:
    return {
        "mdOrder": order.bank_id,
        "orderNumber": order.number,
        "operation": notice.event,
        "status": "1" if notice.succeeded else "0",
        "amount": str(order.amount),
        "callbackCreationDate": datetime.fromtimestamp(now, UTC).strftime("%a %b %d %H:%M:%S UTC %Y"),
    }


def _notification(order: Order, notice: Notice, refund: Refund | None) -> dict[str, Any]:
    if refund is not None:
        return {"type": "notification", "event": "refund.succeeded", "object": refund_of(refund, order)}
    event, status = _EVENTS.get((notice.event, notice.succeeded), ("payment.canceled", "canceled"))
    return {"type": "notification", "event": event, "object": {**payment_of(order), "status": status}}
