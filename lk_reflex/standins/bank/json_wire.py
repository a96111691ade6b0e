"""The JSON wire: Basic authorization, sums as text in roubles, `Idempotence-Key` with whatever changes anything."""

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from lk_reflex.standins.bank import machine
from lk_reflex.standins.bank.desk import Desk, drafted
from lk_reflex.standins.bank.json_asked import Asked, Fault, amount_in, lives_in, once, time_in, whole_in, wrong
from lk_reflex.standins.bank.json_objects import payment_of, refund_of
from lk_reflex.standins.bank.model import JSON
from lk_reflex.standins.bank.store import Books

#: The longest page of a list.
MOST = 100


def create(desk: Desk, asked: Asked) -> dict[str, Any]:
    """POST /json/payments."""

    def work(books: Books) -> dict[str, Any]:
        given = asked.given()
        metadata, confirmation = given.get("metadata", {}), given.get("confirmation", {})
        if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
            raise wrong("Metadata must be strings", "metadata")
        return_url = confirmation.get("return_url", "") if isinstance(confirmation, dict) else ""
        if not str(return_url).startswith(("http://", "https://")):
            raise wrong("Return url is required", "confirmation.return_url")
        fields = {
            "number": metadata.get("order_number", ""), "description": str(given.get("description", "")),
            "return_url": return_url, "fail_url": return_url, "extra": json.dumps(metadata, ensure_ascii=False),
        }  # fmt: skip
        amount = amount_in(given)
        order = drafted(
            fields, merchant=asked.merchant, wire=JSON, amount=amount, lives=lives_in(given), now=desk.now()
        )
        if given.get("capture") is not True:
            order = replace(order, capture=0)
        books.add(order)
        return payment_of(order, f"{asked.base}/pay/{order.bank_id}")

    return once(desk, asked, work, "bank-registered")


def payment(desk: Desk, asked: Asked, bank_id: str) -> dict[str, Any]:
    """GET /json/payments/{id}."""
    return payment_of(desk.seen(merchant=asked.merchant, bank_id=bank_id).order, f"{asked.base}/pay/{bank_id}")


def payments(desk: Desk, asked: Asked, query: Mapping[str, str]) -> dict[str, Any]:
    """GET /json/payments, the newest first, a page at a time: `created_at.gte`, `created_at.lt`, `limit`, `cursor`.

    An addition of ours: `metadata[order_number]`.
    """
    since, until = time_in(query, "created_at.gte", 0.0), time_in(query, "created_at.lt", 1e12)
    limit, start = whole_in(query, "limit", 10), whole_in(query, "cursor", 0)
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

    return once(desk, asked, work)


def capture(desk: Desk, asked: Asked, bank_id: str) -> dict[str, Any]:
    """POST /json/payments/{id}/capture: the whole of what is held."""

    def work(books: Books) -> dict[str, Any]:
        return payment_of(
            desk.step_in(books, bank_id, lambda order, now: machine.capture(order, now=now), asked.merchant)
        )

    return once(desk, asked, work)


def refund(desk: Desk, asked: Asked) -> dict[str, Any]:
    """POST /json/refunds."""

    def work(books: Books) -> dict[str, Any]:
        given = asked.given()
        bank_id = str(given.get("payment_id", ""))
        made = desk.refund_in(books, bank_id, amount_in(given), asked.merchant)
        order = books.order(bank_id)
        assert order is not None
        return refund_of(made, order)

    return once(desk, asked, work, "bank-refunded")


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
