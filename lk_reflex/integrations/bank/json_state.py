"""Reading a payment of the JSON gateway: sums are texts like «539.20», moments ISO 8601."""

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from lk_reflex.integrations.bank.port import RUB, BankState, Forged, Hint, Silent, Stage
from lk_reflex.integrations.bank.wire import masked, page_in

LONGEST: Final = 500
_SUM = re.compile(r"([0-9]{1,12})\.([0-9]{2})", re.ASCII)
#: Why a payment with a card in it is «canceled» though nobody refused to pay it: the held sum was given free.
_RELEASED: Final = ("canceled_by_merchant", "expired_on_capture")


def state_of(payment: Mapping[str, Any], number: str, *, local: bool = False) -> BankState:
    """A payment as it stands. Raises Silent for one without what counts, or of another order."""
    if number_in(payment) not in ("", number):
        raise Silent("payment-of-another-order")
    amount, currency = money_in(payment, "amount")
    refunded = money_in(payment, "refunded_amount")[0] if "refunded_amount" in payment else 0
    stage = _stage(payment, refunded)
    taken = stage in (Stage.PAID, Stage.REFUNDED)
    page = part_of(payment, "confirmation").get("confirmation_url")
    return BankState(
        number=number,
        bank_id=text_of(payment.get("id")),
        stage=stage,
        amount=amount,
        currency=currency,
        captured=amount if taken else 0,
        refunded=refunded if taken else 0,
        code=text_of(part_of(payment, "cancellation_details").get("reason")),
        card=_card(payment),
        paid_at=_moment(payment.get("captured_at")) if taken else None,
        form_url=page_in(page, local=local) if page and stage is Stage.REGISTERED else "",
    )


def _stage(payment: Mapping[str, Any], refunded: int) -> Stage:
    status = payment.get("status")
    if status == "pending":
        # The page is named as long as the payer is awaited there; without it the payer's bank has the word.
        return Stage.REGISTERED if part_of(payment, "confirmation") else Stage.AUTHORISING
    if status == "waiting_for_capture":
        return Stage.HELD
    if status == "succeeded":
        return Stage.REFUNDED if refunded else Stage.PAID
    if status == "canceled":
        reason = part_of(payment, "cancellation_details").get("reason")
        return Stage.REVERSED if reason in _RELEASED and payment.get("payment_method") else Stage.DECLINED
    raise Silent("payment-no-status")


class JsonHints:
    """Reads their notifications. Nobody signs them, so they are worth a question and no more."""

    def hint(self, fields: Mapping[str, str], body: bytes) -> Hint:
        """What a notification claims; raises Forged where it can't be read."""
        try:
            found = json.loads(body)
        except (ValueError, RecursionError):
            raise Forged("notification-unreadable") from None
        event = text_of(found.get("event")) if isinstance(found, dict) else ""
        thing = part_of(found, "object") if event else {}
        refund = event.startswith("refund.")
        bank_id = text_of(thing.get("payment_id" if refund else "id"))
        if not bank_id:
            raise Forged("notification-no-payment")
        return Hint(number_in(thing), bank_id, event, event.endswith(".succeeded"), signed=False)


def number_in(payment: Mapping[str, Any]) -> str:
    """Our order's number, as we put it into `metadata`."""
    return text_of(part_of(payment, "metadata").get("order_number"))


def roubles(kopecks: int) -> str:
    """«539.20»."""
    return f"{kopecks // 100}.{kopecks % 100:02d}"


def money_in(found: Mapping[str, Any], name: str) -> tuple[int, str]:
    """A sum in kopecks and its currency's code by ISO 4217: the number for roubles, their letters for others."""
    part = part_of(found, name)
    match = _SUM.fullmatch(text_of(part.get("value")))
    if match is None:
        raise Silent(f"payment-no-{name}")
    currency = text_of(part.get("currency"))
    return int(match[1]) * 100 + int(match[2]), RUB if currency == "RUB" else currency or "?"


def text_of(value: object) -> str:
    """A field's text; nothing for what isn't one."""
    return " ".join(value.split())[:LONGEST] if isinstance(value, str) else ""


def part_of(found: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """An object inside an object; empty where there is none."""
    part = found.get(name)
    return part if isinstance(part, dict) else {}


def _card(payment: Mapping[str, Any]) -> str:
    card = part_of(part_of(payment, "payment_method"), "card")
    first, last = text_of(card.get("first6"))[:6], text_of(card.get("last4"))[-4:]
    return masked(f"{first}{'*' * 6}{last}") if first and last else ""


def _moment(value: object) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text_of(value))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
