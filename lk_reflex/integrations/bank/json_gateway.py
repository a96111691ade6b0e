"""A gateway that speaks JSON and knows repeats by their key, as ЮKassa does (api.yookassa.ru/v3)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from time import monotonic
from typing import Any, Final

from lk_reflex.integrations.bank.json_state import number_in, part_of, roubles, state_of, text_of
from lk_reflex.integrations.bank.port import BankState, NumberTaken, Registered, Rejected, Request, Silent
from lk_reflex.integrations.bank.wire import Answer, Wire, object_in, page_in

LONGEST_DESCRIPTION, LONGEST_PURPOSE = 128, 210
#: What of a recipient is the organization's own; the rest is its bank's.
_OF_PAYEE: Final = ("name", "inn", "kpp")
#: A look-up by our number goes through their list, a page of 100 after the other: more than a day of a town has.
PAGE, PAGES = 100, 50
#: The whole look-up takes no longer: the thread is everybody's, and the order's turn (30 s) ends.
LONGEST_LOOK_UP: Final = 25.0


class JsonBank:
    """One shop's account. Payments are taken in one stage (`capture`), our number travels in `metadata`.

    `Idempotence-Key` is our number, so a registration repeated after silence finds the same payment. They forget keys
    after a day, and a look-up must change nothing: it reads their list of payments around the number's own date.
    `recipient`: the organization's bank details, for shops whose contract asks for a `payment_order` of utilities.
    """

    kind = "json"
    knows_repeats = True

    def __init__(self, wire: Wire, shop_id: str, secret: str, *, recipient: Mapping[str, str] | None = None) -> None:
        self._wire, self._auth, self._recipient = wire, (shop_id, secret), recipient

    def register(self, request: Request) -> Registered:
        """`POST /payments`. The same request again is the same payment; another under its number is NumberTaken."""
        found = self._post("/payments", _payment(request, self._recipient), key=request.number)
        if number_in(found) not in ("", request.number):
            raise Silent("payment-of-another-order")
        bank_id = text_of(found.get("id"))
        if not bank_id:
            raise Silent("payment-no-id")
        page = part_of(found, "confirmation").get("confirmation_url")
        return Registered(bank_id, page_in(page, local=self._wire.local))

    def state(self, number: str, bank_id: str = "") -> BankState | None:
        """`GET /payments/{id}`, or the payment of this number in their list; None where there is none."""
        found = self._payment(bank_id) if bank_id else self._in_list(number)
        if found is None:
            return None
        return state_of(found, number, local=self._wire.local)

    def refund(self, number: str, bank_id: str, amount: int, *, key: str) -> None:
        """`POST /refunds`; under the same key it is done once however often it is asked for."""
        done = self._post("/refunds", {"payment_id": bank_id, "amount": _money(amount)}, key=key)
        if done.get("status") == "canceled":
            raise Rejected(text_of(part_of(done, "cancellation_details").get("reason")) or "canceled")
        if done.get("status") not in ("succeeded", "pending"):
            raise Silent("refund-no-status")

    def reverse(self, number: str, bank_id: str) -> None:
        """`POST /payments/{id}/cancel`: give a held sum free."""
        self._cancel(number, bank_id)

    def decline(self, number: str, bank_id: str) -> None:
        """The same call; ЮKassa itself refuses it for what nobody has paid yet, and lets it expire."""
        self._cancel(number, bank_id)

    def _cancel(self, number: str, bank_id: str) -> None:
        if self._post(f"/payments/{bank_id}/cancel", {}, key=f"cancel-{number}").get("status") != "canceled":
            raise Silent("cancel-no-status")

    def _payment(self, bank_id: str) -> dict[str, Any] | None:
        if not bank_id.replace("-", "").isalnum():
            return None  # never one of theirs, and it would stand in an address
        answer = self._wire.ask("GET", f"/payments/{bank_id}", auth=self._auth)
        return None if answer.status == HTTPStatus.NOT_FOUND else _good(answer)

    def _in_list(self, number: str) -> dict[str, Any] | None:
        asked: dict[str, str] = {**_around(number), "limit": str(PAGE)}
        until = monotonic() + LONGEST_LOOK_UP
        for _ in range(PAGES):
            if monotonic() > until:
                raise Silent("list-too-slow")
            listed = _good(self._wire.ask("GET", "/payments", params=asked, auth=self._auth))
            items = listed.get("items")
            if not isinstance(items, list):
                raise Silent("list-no-items")
            for item in items:
                if isinstance(item, dict) and number_in(item) == number:
                    return item
            cursor = text_of(listed.get("next_cursor"))
            if not cursor:
                return None
            asked["cursor"] = cursor
        raise Silent("list-too-long")

    def _post(self, path: str, body: Mapping[str, Any], *, key: str) -> dict[str, Any]:
        return _good(self._wire.ask("POST", path, json=body, auth=self._auth, headers={"Idempotence-Key": key}))


def _payment(request: Request, recipient: Mapping[str, str] | None) -> dict[str, Any]:
    extra = dict(request.extra or {})
    body: dict[str, Any] = {
        "amount": _money(request.amount),
        "capture": True,
        "description": " ".join(request.description.split())[:LONGEST_DESCRIPTION],
        "confirmation": {"type": "redirect", "return_url": request.return_url, "locale": "ru_RU"},
        "metadata": {**extra, "order_number": request.number},
    }
    if recipient:
        body["payment_order"] = _utilities(request, recipient, extra.get("account", ""), extra.get("period", ""))
    return body


def _utilities(request: Request, recipient: Mapping[str, str], account: str, period: str) -> dict[str, Any]:
    """What their bank writes into the transfer to a housing organization; the period «MM.YYYY» where it is known."""
    month, _, year = period.partition(".")
    known = month.isdigit() and year.isdigit()
    return {
        "type": "utilities",
        "amount": _money(request.amount),
        "payment_purpose": " ".join(request.description.split())[:LONGEST_PURPOSE],
        "recipient": {name: value for name, value in recipient.items() if name in _OF_PAYEE}
        | {"bank": {name.removeprefix("bank_"): value for name, value in recipient.items() if name not in _OF_PAYEE}},
        **({"account_number": account} if account else {}),
        **({"payment_period": {"month": int(month), "year": int(year)}} if known else {}),
    }


def _money(amount: int) -> dict[str, str]:
    return {"value": roubles(amount), "currency": "RUB"}


def _around(number: str) -> dict[str, str]:
    """The days around the date that our numbers begin with (yymmdd), whatever zone it was written in."""
    try:
        day = datetime.strptime(number[:6], "%y%m%d")  # noqa: DTZ007  a day on both sides makes up for any zone
    except ValueError:
        return {}
    first, last = day - timedelta(days=1), day + timedelta(days=2)
    return {"created_at.gte": f"{first:%Y-%m-%d}T00:00:00.000Z", "created_at.lt": f"{last:%Y-%m-%d}T00:00:00.000Z"}


def _good(answer: Answer) -> dict[str, Any]:
    """The object of a 200; raises Rejected or NumberTaken for what they refuse, Silent for all else."""
    found = object_in(answer)
    if answer.status == HTTPStatus.OK:
        return found
    refused = HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR
    if not refused or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise Silent(f"HTTP {answer.status}")
    code, words = text_of(found.get("code")) or f"HTTP {answer.status}", text_of(found.get("description"))
    if text_of(found.get("parameter")).lower() == "idempotence-key":
        raise NumberTaken(code, words)
    raise Rejected(code, words)
