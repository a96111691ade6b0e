"""A request over the JSON wire: who asks, by which key, with what in it; and how refusals are answered."""

import base64
import binascii
import hmac
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.responses import JSONResponse, Response

from lk_reflex.core.failpoints import failpoint
from lk_reflex.core.money import parse_money
from lk_reflex.standins.bank.desk import Desk, Unknown
from lk_reflex.standins.bank.machine import Impossible
from lk_reflex.standins.bank.store import Books
from lk_reflex.standins.secrets import BANK_SECRET, BANK_SHOP

SESSION_SECONDS = 3600
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
            raise wrong("Request body is not JSON") from None
        if not isinstance(found, dict):
            raise wrong("Request body is not an object")
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


def once(desk: Desk, asked: Asked, work: Callable[[Books], dict[str, Any]], point: str = "") -> dict[str, Any]:
    """The same key with the same body gets the first answer again and changes nothing; with another body, 409."""
    if not _KEY.fullmatch(asked.key):
        raise wrong("Idempotence key is required", "Idempotence-Key")
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


def amount_in(given: dict[str, Any]) -> int:
    """Kopecks. Raises Fault."""
    amount = given.get("amount", {})
    value = amount.get("value") if isinstance(amount, dict) else None
    if not isinstance(value, str) or not _SUM.fullmatch(value) or parse_money(value) == 0:
        raise wrong("Amount is wrong", "amount.value")
    if amount.get("currency") != "RUB":
        raise wrong("Currency is wrong", "amount.currency")
    return parse_money(value)


def time_in(query: Mapping[str, str], name: str, otherwise: float) -> float:
    """A moment of the query, in seconds since 1970. Raises Fault."""
    if name not in query:
        return otherwise
    try:
        return datetime.fromisoformat(query[name]).timestamp()
    except (ValueError, OverflowError):
        raise wrong("Time is wrong", name) from None


def whole_in(query: Mapping[str, str], name: str, otherwise: int) -> int:
    """A whole number of the query. Raises Fault."""
    given = query.get(name, str(otherwise))
    if not given.isascii() or not given.isdigit() or len(given) > 9:
        raise wrong("Number is wrong", name)
    return int(given)


def lives_in(given: dict[str, Any]) -> float:
    """An addition of ours: `expires_in`, seconds."""
    lives = given.get("expires_in", SESSION_SECONDS)
    if isinstance(lives, bool) or not isinstance(lives, int | float) or not 0 < lives < 10**8:
        raise wrong("Lifetime is wrong", "expires_in")
    return lives


def wrong(description: str, parameter: str = "") -> Fault:
    """A 400."""
    return Fault(400, "invalid_request", description, parameter)
