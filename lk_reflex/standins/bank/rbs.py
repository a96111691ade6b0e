"""The RBS wire: form-encoded POST, always HTTP 200, JSON whose `errorCode` is text here, a number there, or absent."""

import hmac
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import JSONResponse, Response

from lk_reflex.standins.bank.desk import Desk, Unknown, drafted
from lk_reflex.standins.bank.machine import Impossible
from lk_reflex.standins.bank.model import RBS, RUB
from lk_reflex.standins.bank.rbs_state import state_answer
from lk_reflex.standins.bank.store import NumberTaken
from lk_reflex.standins.secrets import BANK_LOGIN, BANK_PASSWORD, BANK_TOKEN

SESSION_SECONDS = 1200
#: `errorCode`.
TAKEN, NO_CURRENCY, LACKING, WRONG, UNKNOWN, SYSTEM = 1, 3, 4, 5, 6, 7
DENIED_WORDS = "Доступ запрещён"
TAKEN_WORDS = "Заказ с таким номером уже обработан"
CURRENCY_WORDS = "Неизвестная валюта"
UNKNOWN_WORDS = "Незарегистрированный orderId"
TOO_MUCH_WORDS = "Сумма возврата превышает сумму списания"
PAST_WORDS = "Операция невозможна для текущего состояния платежа"
_SUM = re.compile(r"[1-9]\d{0,11}", re.ASCII)
_WHOLE = re.compile(r"[1-9]\d{0,7}", re.ASCII)
Fields = Mapping[str, str]


class Fault(Exception):
    """The bank says no: code and words."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(words)
        self.code, self.words = code, words


def register(desk: Desk, fields: Fields, base: str) -> Response:
    """`register.do`: the answer of a success has no `errorCode` at all, that of a failure has it as text."""
    try:
        merchant = merchant_of(fields)
        amount = _draft(fields)
        draft = drafted(
            _renamed(fields), merchant=merchant, wire=RBS, amount=amount, lives=_lives(fields), now=desk.now()
        )
        order = desk.register(draft)
    except Fault as fault:
        return JSONResponse({"errorCode": str(fault.code), "errorMessage": fault.words})
    except NumberTaken:
        return JSONResponse({"errorCode": str(TAKEN), "errorMessage": TAKEN_WORDS})
    return JSONResponse({"orderId": order.bank_id, "formUrl": f"{base}/pay/{order.bank_id}"})


def state(desk: Desk, fields: Fields, _base: str) -> Response:
    """`getOrderStatusExtended.do`: `errorCode` is text, «0» where all is well."""
    try:
        merchant = merchant_of(fields)
        bank_id, number = fields.get("orderId", ""), fields.get("orderNumber", "")
        if not bank_id and not number:
            raise Fault(TAKEN, "Ожидается [orderId] или [orderNumber]")
        seen = desk.seen(merchant=merchant, bank_id=bank_id, number=number)
    except Fault as fault:
        return JSONResponse({"errorCode": str(fault.code), "errorMessage": fault.words})
    except Unknown:
        return JSONResponse({"errorCode": str(UNKNOWN), "errorMessage": UNKNOWN_WORDS})
    return JSONResponse(state_answer(seen))


def refund(desk: Desk, fields: Fields, _base: str) -> Response:
    """`refund.do`: `errorCode` is a number."""

    def work(merchant: str, bank_id: str) -> None:
        amount = fields.get("amount", "")
        if not _SUM.fullmatch(amount):
            raise Fault(WRONG, "Неверная сумма")
        try:
            desk.refund(bank_id, int(amount), merchant)
        except Impossible:
            much = desk.seen(merchant=merchant, bank_id=bank_id).order.deposited > 0
            raise Fault(SYSTEM, TOO_MUCH_WORDS if much else PAST_WORDS) from None

    return _done(fields, work)


def reverse(desk: Desk, fields: Fields, _base: str) -> Response:
    """`reverse.do`: undo a hold."""
    return _done(fields, lambda merchant, bank_id: desk.reverse(bank_id, merchant))


def decline(desk: Desk, fields: Fields, _base: str) -> Response:
    """`decline.do`: close an unpaid order."""
    return _done(fields, lambda merchant, bank_id: desk.decline(bank_id, merchant))


CALLS: Mapping[str, Callable[[Desk, Fields, str], Response]] = {
    "register.do": register,
    "getOrderStatusExtended.do": state,
    "refund.do": refund,
    "reverse.do": reverse,
    "decline.do": decline,
}


def merchant_of(fields: Fields) -> str:
    """Whose account it is: what follows the known login or token. Raises Fault."""
    name, given = fields.get("userName", ""), fields.get("password", "")
    if hmac.compare_digest(given.encode(), BANK_PASSWORD.encode()) and _suffix(name, BANK_LOGIN) is not None:
        return _suffix(name, BANK_LOGIN) or ""
    suffix = _suffix(fields.get("token", ""), BANK_TOKEN)
    if suffix is None:
        raise Fault(WRONG, DENIED_WORDS)
    return suffix


def _suffix(given: str, known: str) -> str | None:
    if given == known:
        return ""
    return given[len(known) + 1 :] if given.startswith(f"{known}-") else None


def _done(fields: Fields, work: Callable[[str, str], object]) -> Response:
    try:
        merchant = merchant_of(fields)
        if not fields.get("orderId"):
            raise Fault(LACKING, "[orderId] не задан")
        work(merchant, fields["orderId"])
    except Fault as fault:
        return JSONResponse({"errorCode": fault.code, "errorMessage": fault.words})
    except Unknown:
        return JSONResponse({"errorCode": UNKNOWN, "errorMessage": UNKNOWN_WORDS})
    except Impossible:
        return JSONResponse({"errorCode": SYSTEM, "errorMessage": PAST_WORDS})
    return JSONResponse({"errorCode": 0, "errorMessage": "Успешно"})


def _draft(fields: Fields) -> int:
    """The sum of a registration that has all it must have. Raises Fault."""
    for name in ("orderNumber", "amount", "returnUrl"):
        if not fields.get(name):
            raise Fault(LACKING, f"[{name}] не задан")
    if fields.get("currency", RUB) != RUB:
        raise Fault(NO_CURRENCY, CURRENCY_WORDS)
    right = len(fields["orderNumber"]) <= 32 and _SUM.fullmatch(fields["amount"]) and _object(fields.get("jsonParams"))
    addresses = (fields["returnUrl"], fields.get("failUrl") or fields["returnUrl"])
    if not right or not all(address.startswith(("http://", "https://")) for address in addresses):
        raise Fault(WRONG, "Неверное значение параметра запроса")
    return int(fields["amount"])


def _lives(fields: Fields) -> int:
    given = fields.get("sessionTimeoutSecs") or str(SESSION_SECONDS)
    if not _WHOLE.fullmatch(given):
        raise Fault(WRONG, "[sessionTimeoutSecs] имеет неверный формат")
    return int(given)


def _object(text: str | None) -> bool:
    try:
        return isinstance(json.loads(text or "{}"), dict)
    except (ValueError, RecursionError):
        return False


def _renamed(fields: Fields) -> dict[str, str]:
    names: dict[str, Any] = {"number": "orderNumber", "description": "description", "return_url": "returnUrl",
                             "email": "email", "extra": "jsonParams"}  # fmt: skip
    return {ours: fields.get(theirs, "") for ours, theirs in names.items()} | {
        "fail_url": fields.get("failUrl") or fields["returnUrl"]
    }
