"""Reading `getOrderStatusExtended.do`: codes come as strings, numbers or not at all, amounts in kopecks."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from lk_reflex.integrations.bank.port import RUB, BankState, Silent, Stage
from lk_reflex.integrations.bank.wire import masked

#: `orderStatus`. 5 is the issuer's check of the payer (ACS): pending, and no error.
STAGES: Final = {
    "0": Stage.REGISTERED,
    "1": Stage.HELD,
    "2": Stage.PAID,
    "3": Stage.REVERSED,
    "4": Stage.REFUNDED,
    "5": Stage.AUTHORISING,
    "6": Stage.DECLINED,
}
#: `actionCode`s that say nothing: all is well, and no try yet.
NO_REASON: Final = ("0", "-100")
LONGEST: Final = 500
TAKEN: Final = (Stage.PAID, Stage.REFUNDED)


def state_of(answer: Mapping[str, Any], number: str, bank_id: str, *, page_url: str, retries: bool) -> BankState:
    """The order as the answer has it. Raises Silent for an answer without what counts, or about another order."""
    stage = STAGES.get(text_of(answer.get("orderStatus")))
    if stage is None:
        raise Silent("state-no-status")
    if text_of(answer.get("orderNumber")) not in ("", number):
        raise Silent("state-of-another-order")
    bank_id, code = bank_id or _bank_id(answer), text_of(answer.get("actionCode"))
    amount, amounts = _kopecks(answer, "amount"), _part(answer, "paymentAmountInfo")
    refunded = _kopecks(amounts, "refundedAmount", 0)
    return BankState(
        number=number,
        bank_id=bank_id,
        stage=stage,
        amount=amount,
        currency=text_of(answer.get("currency")) or RUB,
        captured=_captured(amounts, amount, refunded) if stage in TAKEN else 0,
        refunded=refunded if stage in TAKEN else 0,
        code="" if code in NO_REASON else code,
        card=masked(
            text_of(_part(answer, "cardAuthInfo").get("pan") or _part(answer, "cardAuthInfo").get("maskedPan"))
        ),
        paid_at=_moment(answer.get("depositedDate") or answer.get("authDateTime")) if stage in TAKEN else None,
        retries=retries and stage is Stage.DECLINED,
        form_url=page_url.replace("{orderId}", bank_id) if page_url and bank_id else "",
    )


def code_of(answer: Mapping[str, Any]) -> str:
    """`errorCode`; «0» where there is none."""
    return text_of(answer.get("errorCode")) or "0"


def text_of(value: object) -> str:
    """A field's text: they send numbers where strings are meant, and the other way round."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    return " ".join(str(value).split())[:LONGEST]


def _captured(amounts: Mapping[str, Any], amount: int, refunded: int) -> int:
    """What was taken in all. With some banks `depositedAmount` shrinks by what is given back, with others it stays."""
    deposited = _kopecks(amounts, "depositedAmount")
    return deposited + refunded if deposited + refunded <= amount else deposited


def _kopecks(found: Mapping[str, Any], name: str, otherwise: int | None = None) -> int:
    text = text_of(found.get(name))
    if not text and otherwise is not None:
        return otherwise
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise Silent(f"state-no-{name}")
    return int(text)


def _bank_id(answer: Mapping[str, Any]) -> str:
    """Their id: a field of its own with some banks, one of the attributes with others."""
    if given := text_of(answer.get("orderId") or answer.get("mdOrder")):
        return given
    attributes = answer.get("attributes")
    for attribute in attributes if isinstance(attributes, list) else ():
        if isinstance(attribute, dict) and attribute.get("name") == "mdOrder":
            return text_of(attribute.get("value"))
    return ""


def _part(answer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = answer.get(name)
    return part if isinstance(part, dict) else {}


def _moment(value: object) -> datetime | None:
    """Milliseconds since 1970, as they give moments."""
    text = text_of(value)
    if not (text.isascii() and text.isdigit()) or len(text) > 14:
        return None
    return datetime.fromtimestamp(int(text) / 1000, UTC)
