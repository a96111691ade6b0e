"""The RBS/BPC gateway, as many Russian banks run it: form-encoded POST, JSON answer (`protocols.md`, section 2)."""

import json
from http import HTTPStatus
from typing import Any, Final

from lk_reflex.integrations.bank.port import (
    RUB,
    BankState,
    NumberTaken,
    Registered,
    Rejected,
    Request,
    Silent,
)
from lk_reflex.integrations.bank.rbs_state import code_of, state_of, text_of
from lk_reflex.integrations.bank.wire import Wire, object_in, page_in

#: errorCode: done; the number is in use; no such order; the gateway's own trouble, after which nothing is certain.
FINE, TAKEN, UNKNOWN, TROUBLE = "0", "1", "6", "7"
LONGEST_DESCRIPTION: Final = 512


class RbsBank:
    """One organization's account at such a gateway. `access`: userName and password, or token.

    `page_url`: where the payer types the card, «{orderId}» in it. They tell it at registration only, so a look-up that
    finds an order whose answer was lost needs it to lead the payer on.
    """

    kind = "rbs"
    knows_repeats = False

    def __init__(
        self,
        wire: Wire,
        access: dict[str, str],
        *,
        page_url: str = "",
        retries: bool = False,
    ) -> None:
        self._wire, self._access, self._page_url, self._retries = wire, access, page_url, retries

    def register(self, request: Request) -> Registered:
        """`register.do`. Raises NumberTaken, Rejected, Silent."""
        answer = self._call("register.do", _registration(request))
        _refuse(answer, trouble=True)
        bank_id = text_of(answer.get("orderId"))
        if not bank_id:
            raise Silent("register-no-order-id")
        return Registered(bank_id, page_in(answer.get("formUrl"), local=self._wire.local))

    def state(self, number: str, bank_id: str = "") -> BankState | None:
        """`getOrderStatusExtended.do` by their id, else by our number; None where they know no such order."""
        by = {"orderId": bank_id} if bank_id else {"orderNumber": number}
        answer = self._call("getOrderStatusExtended.do", {**by, "language": "ru"})
        if code_of(answer) == UNKNOWN:
            return None
        _refuse(answer, trouble=True)
        return state_of(answer, number, bank_id, page_url=self._page_url, retries=self._retries)

    def refund(self, number: str, bank_id: str, amount: int, *, key: str) -> None:
        """`refund.do`. They know no repeats, so `key` stays here: whoever asks again looks at the amounts first."""
        _refuse(self._call("refund.do", {"orderId": bank_id, "amount": str(amount)}))

    def reverse(self, number: str, bank_id: str) -> None:
        """`reverse.do`: undo a hold."""
        _refuse(self._call("reverse.do", {"orderId": bank_id}))

    def decline(self, number: str, bank_id: str) -> None:
        """`decline.do`: close an order that isn't paid."""
        _refuse(self._call("decline.do", {"orderId": bank_id}))

    def _call(self, name: str, fields: dict[str, str]) -> dict[str, Any]:
        answer = self._wire.ask("POST", f"/{name}", data={**self._access, **fields})
        if answer.status != HTTPStatus.OK:
            raise Silent(f"{name} HTTP {answer.status}")
        return object_in(answer)


def _registration(request: Request) -> dict[str, str]:
    fields = {
        "orderNumber": request.number,
        "amount": str(request.amount),
        "currency": RUB,
        "returnUrl": request.return_url,
        "failUrl": request.fail_url,
        "description": " ".join(request.description.split())[:LONGEST_DESCRIPTION],
        "language": "ru",
        "sessionTimeoutSecs": str(request.lives),
    }
    if request.email:
        fields["email"] = request.email
    if request.extra:
        fields["jsonParams"] = json.dumps(dict(request.extra), ensure_ascii=False)
    return fields


def _refuse(answer: dict[str, Any], *, trouble: bool = False) -> None:
    """Raise what the answer refuses with. With `trouble` code 7 is always the gateway's own.

    For refunds and the like the same 7 also says «more than was paid» or «not in this state», which are answers.
    """
    code, words = code_of(answer), text_of(answer.get("errorMessage"))
    if code == FINE:
        return
    if code == TROUBLE and (trouble or not words or "систем" in words.lower() or "system" in words.lower()):
        raise Silent(f"code {code}")
    if code == TAKEN:
        raise NumberTaken(code, words)
    raise Rejected(code, words)
