"""The JSON wire: Basic authorization, sums as text in roubles, `Idempotence-Key` with whatever changes anything."""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from lk_reflex.core.failpoints import failpoint
from lk_reflex.core.money import parse_money
from lk_reflex.standins.bank import machine
from lk_reflex.standins.bank.desk import Desk, Unknown, drafted
from lk_reflex.standins.bank.json_objects import payment_of, refund_of
from lk_reflex.standins.bank.machine import Impossible
from lk_reflex.standins.bank.model import JSON
from lk_reflex.standins.bank.store import Books
from lk_reflex.standins.secrets import BANK_SECRET, BANK_SHOP

SESSION_SECONDS = 3600
#: The longest page of a list.
MOST = 100
_SUM = re.compile(r"\d{1,9}\.\d\d", re.ASCII)
_KEY = re.compile(r"[ -~]{1,64}", re.ASCII)


class Fault(Exception):
    """An answer other than 200."""

    def __init__(self, status: int, code: str, description: str, parameter: str = "") -> None:
        super().__init__(description)
        self.status = status
        self.content = {"type": "error", "code": code, "description": description} | (
            {"parameter": parameter} if parameter else {}
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A request of a known shop. `key` is empty where it reads only."""

    merchant: str
    base: str
    key: str = ""
    path: str = ""
    body: bytes = b""

    def given(self) -> dict[str, Any]:
        """What stands in the body. Raises Fault."""
        try:
            found = json.loads(self.body or b"{}")
        except (ValueError, RecursionError):
            raise _wrong("Request body is not JSON") from None
        if not isinstance(found, dict):
            raise _wrong("Request body is not an object")
        return found


def merchant_of(authorization: str) -> str:
    """What follows the shop's known name. Raises Fault."""
    kind, _, coded = authorization.partition(" ")
    try:
        shop, _, secret = base64.b64decode(coded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        shop = secret = ""
    known = shop == BANK_SHOP or shop.startswith(f"{BANK_SHOP}-")
    if kind.lower() != "basic" or not known or not hmac.compare_digest(secret.encode(), BANK_SECRET.encode()):
        raise Fault(401, "invalid_credentials", "Authentication by given credentials failed")
    return shop[len(BANK_SHOP) + 1 :]


def answered(work: Callable[[], Any]) -> Response:
    """What `work` returns as JSON, or its refusal."""
    try:
        return JSONResponse(work())
    except Fault as fault:
        return JSONResponse(fault.content, fault.status)
    except Unknown:
        return JSONResponse({"type": "error", "code": "not_found", "description": "Payment doesn't exist"}, 404)
    except Impossible:
        return JSONResponse(
            {"type": "error", "code": "invalid_request", "description": "Payment has another status"}, 400
        )


def create(desk: Desk, asked: Asked) -> dict[str, Any]:
    """POST /json/payments."""

    def work(books: Books) -> dict[str, Any]:
        given = asked.given()
        metadata, confirmation = given.get("metadata", {}), given.get("confirmation", {})
        if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
            raise _wrong("Metadata must be strings", "metadata")
        return_url = confirmation.get("return_url", "") if isinstance(confirmation, dict) else ""
        if not str(return_url).startswith(("http://", "https://")):
            raise _wrong("Return url is required", "confirmation.return_url")
        fields = {
            "number": metadata.get("order_number", ""), "description": str(given.get("description", "")),
            "return_url": return_url, "fail_url": return_url, "extra": json.dumps(metadata, ensure_ascii=False),
        }  # fmt: skip
        amount = _amount(given)
        order = drafted(fields, merchant=asked.merchant, wire=JSON, amount=amount, lives=_lives(given), now=desk.now())
        if given.get("capture") is not True:
            order = replace(order, capture=0)
        books.add(order)
        return payment_of(order, f"{asked.base}/pay/{order.bank_id}")

    return _once(desk, asked, work, "bank-registered")


def payment(desk: Desk, asked: Asked, bank_id: str) -> dict[str, Any]:
    """GET /json/payments/{id}."""
    return payment_of(desk.seen(merchant=asked.merchant, bank_id=bank_id).order, f"{asked.base}/pay/{bank_id}")


def payments(desk: Desk, asked: Asked, query: Mapping[str, str]) -> dict[str, Any]:
    """GET /json/payments, the newest first, a page at a time: `created_at.gte`, `created_at.lt`, `limit`, `cursor`.

    An addition of ours: `metadata[order_number]`.
    """
    since, until = _time(query, "created_at.gte", 0.0), _time(query, "created_at.lt", 1e12)
    limit, start = _whole(query, "limit", 10), _whole(query, "cursor", 0)
    found = [
        order
        for order in desk.of_shop(asked.merchant, since, until)
        if order.wire == JSON and query.get("metadata[order_number]") in (None, order.number)
    ]
    items = [payment_of(one, f"{asked.base}/pay/{one.bank_id}") for one in found[start : start + min(limit, MOST)]]
    more = {"next_cursor": str(start + len(items))} if start + len(items) < len(found) else {}
    return {"type": "list", "items": items, **more}


def cancel(desk: Desk, asked: Asked, bank_id: str) -> dict[str, Any]:
    """POST /json/payments/{id}/cancel: an unpaid one is closed, a hold undone."""

    def work(books: Books) -> dict[str, Any]:
        order = desk.step_in(
            books,
            bank_id,
            lambda order, now: machine.reverse(order) if order.approved else machine.decline(order, now=now),
            asked.merchant,
        )
        return payment_of(order)

    return _once(desk, asked, work)


def capture(desk: Desk, asked: Asked, bank_id: str) -> dict[str, Any]:
    """POST /json/payments/{id}/capture: the whole of what is held."""

    def work(books: Books) -> dict[str, Any]:
        return payment_of(
            desk.step_in(books, bank_id, lambda order, now: machine.capture(order, now=now), asked.merchant)
        )

    return _once(desk, asked, work)


def refund(desk: Desk, asked: Asked) -> dict[str, Any]:
    """POST /json/refunds."""

    def work(books: Books) -> dict[str, Any]:
        given = asked.given()
        bank_id = str(given.get("payment_id", ""))
        made = desk.refund_in(books, bank_id, _amount(given), asked.merchant)
        order = books.order(bank_id)
        assert order is not None
        return refund_of(made, order)

    return _once(desk, asked, work, "bank-refunded")


def one_refund(desk: Desk, asked: Asked, refund_id: str) -> dict[str, Any]:
    """GET /json/refunds/{id}."""
    with desk.store.change() as books:
        made = books.refund(refund_id)
        order = books.order(made.bank_id) if made else None
    if made is None or order is None or order.merchant != asked.merchant:
        raise Fault(404, "not_found", "Refund doesn't exist")
    return refund_of(made, order)


def refunds(desk: Desk, asked: Asked, bank_id: str) -> dict[str, Any]:
    """GET /json/refunds?payment_id=…"""
    seen = desk.seen(merchant=asked.merchant, bank_id=bank_id)
    return {"type": "list", "items": [refund_of(made, seen.order) for made in seen.refunds]}


def _once(desk: Desk, asked: Asked, work: Callable[[Books], dict[str, Any]], point: str = "") -> dict[str, Any]:
    """The same key with the same body gets the first answer again and changes nothing; with another body, 409."""
    if not _KEY.fullmatch(asked.key):
        raise _wrong("Idempotence key is required", "Idempotence-Key")
    what = f"{asked.path}\n{asked.body.hex()}"
    with desk.store.change() as books:
        row = books.sql.execute(
            "SELECT asked, answer FROM answers WHERE merchant = ? AND key = ?", (asked.merchant, asked.key)
        ).fetchone()
        if row is not None:
            if row[0] != what:
                raise Fault(409, "invalid_request", "Idempotence key duplicated", "Idempotence-Key")
            return json.loads(row[1])
        answer = work(books)
        kept = json.dumps(answer, ensure_ascii=False)
        books.sql.execute("INSERT INTO answers VALUES (?, ?, ?, ?)", (asked.merchant, asked.key, what, kept))
    desk.caller.wake()
    if point:
        failpoint(point)
    return answer


def _amount(given: dict[str, Any]) -> int:
    amount = given.get("amount", {})
    value = amount.get("value") if isinstance(amount, dict) else None
    if not isinstance(value, str) or not _SUM.fullmatch(value) or parse_money(value) == 0:
        raise _wrong("Amount is wrong", "amount.value")
    if amount.get("currency") != "RUB":
        raise _wrong("Currency is wrong", "amount.currency")
    return parse_money(value)


def _time(query: Mapping[str, str], name: str, otherwise: float) -> float:
    if name not in query:
        return otherwise
    try:
        return datetime.fromisoformat(query[name]).timestamp()
    except (ValueError, OverflowError):
        raise _wrong("Time is wrong", name) from None


def _whole(query: Mapping[str, str], name: str, otherwise: int) -> int:
    given = query.get(name, str(otherwise))
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise _wrong("Number is wrong", name)
    return int(given)


def _lives(given: dict[str, Any]) -> float:
    """An addition of ours: `expires_in`, seconds."""
    lives = given.get("expires_in", SESSION_SECONDS)
    if isinstance(lives, bool) or not isinstance(lives, int | float) or not 0 < lives < 10**8:
        raise _wrong("Lifetime is wrong", "expires_in")
    return lives


def _wrong(description: str, parameter: str = "") -> Fault:
    return Fault(400, "invalid_request", description, parameter)
