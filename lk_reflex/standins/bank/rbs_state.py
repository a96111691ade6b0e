"""The answer of `getOrderStatusExtended.do`, with all that RBS puts beside what anybody needs."""

import json
from typing import Any

from lk_reflex.standins.bank.desk import Seen
from lk_reflex.standins.bank.model import Order, Status

_STATES = {
    Status.REGISTERED: "CREATED",
    Status.HELD: "APPROVED",
    Status.PAID: "DEPOSITED",
    Status.REVERSED: "REVERSED",
    Status.REFUNDED: "REFUNDED",
    Status.AUTHORISING: "CREATED",
    Status.DECLINED: "DECLINED",
}


def state_answer(seen: Seen) -> dict[str, Any]:
    """Sums as numbers, moments in milliseconds, `errorCode` and `currency` as text."""
    order = seen.order
    return {
        "errorCode": "0",
        "errorMessage": "Успешно",
        "orderNumber": order.number,
        "orderStatus": order.status,
        "actionCode": order.code,
        "actionCodeDescription": order.words,
        "amount": order.amount,
        "currency": order.currency,
        "date": _moment(order.created),
        "orderDescription": order.description,
        "ip": "127.0.0.1",
        "merchantOrderParams": [{"name": name, "value": str(value)} for name, value in json.loads(order.extra).items()],
        "transactionAttributes": [],
        "attributes": [{"name": "mdOrder", "value": order.bank_id}],
        **_card(order),
        **_dates(seen),
        "terminalId": "99000001",
        "paymentAmountInfo": {
            "paymentState": _STATES[Status(order.status)],
            "approvedAmount": order.approved,
            "depositedAmount": order.deposited,
            "refundedAmount": order.refunded,
            "feeAmount": 0,
        },
        "bankInfo": {"bankName": "Демонстрационный банк", "bankCountryCode": "RU", "bankCountryName": "Россия"},
        "payerData": {"email": order.email},
        "chargeback": False,
        "refunds": [
            {"date": _moment(refund.at), "referenceNumber": refund.refund_id[:12], "actionCode": 0,
             "amount": refund.amount}
            for refund in seen.refunds
        ],
    }  # fmt: skip


def _card(order: Order) -> dict[str, Any]:
    """Only where a card was tried."""
    if not order.pan:
        return {}
    info = {"maskedPan": order.pan, "pan": order.pan, "expiration": order.expiry, "cardholderName": "DEMO",
            "paymentSystem": "MIR" if order.pan.startswith("2") else "VISA"}  # fmt: skip
    return {"cardAuthInfo": info | ({"approvalCode": order.approval} if order.approval else {})}


def _dates(seen: Seen) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if seen.order.approved:
        found |= {"authDateTime": _moment(seen.order.paid_at), "authRefNum": seen.order.bank_id.replace("-", "")[:12]}
    if seen.order.deposited:
        found["depositedDate"] = _moment(seen.order.paid_at)
    if seen.refunds:
        found["refundedDate"] = _moment(seen.refunds[-1].at)
    return found


def _moment(at: float) -> int:
    return round(at * 1000)
