"""Where banks tell us that something has happened. It is a hint: believed enough to ask the bank, and no further."""

import logging
import re
import threading
from collections import Counter
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from lk_reflex.api.http import client_of
from lk_reflex.core.clock import utc_now
from lk_reflex.core.unheard import unheard
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.payments.orders.called import Called, order_called
from lk_reflex.domain.payments.orders.disbelieving import note_disbelieved, pauses_log
from lk_reflex.domain.payments.orders.hints import take_hint
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.integrations.bank.json_state import JsonHints
from lk_reflex.integrations.bank.port import Forged
from lk_reflex.settings import get_settings
from lk_reflex.wiring import bank_threads, banks, database

log = logging.getLogger(__name__)
#: More fields, and longer ones, than any bank sends.
MOST_FIELDS, LONGEST_FIELD = 64, 2048
JSON: Final = "application/json"
#: Our numbers, and the ids that banks make. Nothing else is looked for in the database.
_NUMBER, _BANK_ID = re.compile("[0-9]{0,32}", re.ASCII), re.compile("[A-Za-z0-9-]{0,64}", re.ASCII)
#: So many threads ask one organization's bank after its callbacks; the rest is the worker's.
AT_ONCE: Final = 3
#: Orders that a thread is to ask about already: a bank repeats itself.
_due: set[str] = set()
_under_way: Counter[str] = Counter()
_due_lock = threading.Lock()


class Disbelieved(Exception):
    """A callback that is answered with `status`, written down and otherwise forgotten."""

    def __init__(self, status: HTTPStatus, reason: str, order_id: int | None = None) -> None:
        super().__init__(reason)
        self.status, self.reason, self.order_id = status, reason, order_id


async def bank_callback_route(request: Request) -> Response:
    """GET or POST of RBS's fields, POST of the JSON gateway's notification → 200 as soon as the hint is on the disk.

    400, 403 or 404 where it can't be read, isn't signed by the order's own bank, or speaks of no order of ours.
    """
    body = await request.body() if request.method == "POST" else b""
    client = client_of(request)
    try:
        fields = await _fields(request)
        order, at_once = await database().in_writing_thread(_taken, fields, body)
    except Disbelieved as fault:
        await database().in_writing_thread(_written_down, fault, client)
        return PlainTextResponse("", fault.status)
    if at_once:
        _look_soon(order.number, order.inn)
    return PlainTextResponse("OK", headers={"Cache-Control": "no-store"})


async def _fields(request: Request) -> dict[str, str]:
    """The fields of the address or the form; none of a notification."""
    if request.method == "POST" and _is_json(request):
        return {}
    pairs = (await request.form() if request.method == "POST" else request.query_params).multi_items()
    fields = {name: value for name, value in pairs if isinstance(value, str)}
    long = any(len(name) + len(value) > LONGEST_FIELD for name, value in fields.items())
    # What stands twice was signed once at most, and nobody knows which of the two.
    if not fields or len(fields) != len(pairs) or len(fields) > MOST_FIELDS or long:
        raise Disbelieved(HTTPStatus.BAD_REQUEST, "unreadable")
    return fields


def _is_json(request: Request) -> bool:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower() == JSON


def _taken(fields: dict[str, str], body: bytes) -> tuple[Called, bool]:
    """Verify the callback and record it; its order, and whether a thread asks at once. Raises Disbelieved."""
    number, bank_id = _named(fields, body)
    order = database().read(order_called, number, bank_id)
    if order is None:
        raise Disbelieved(HTTPStatus.NOT_FOUND, "unknown-order")
    try:
        # A JSON shop has no key, so nothing signed counts for it; and an RBS shop sends no JSON.
        hint = banks().hints(order.inn).hint(fields, b"" if fields else body)
    except Forged as fault:
        raise Disbelieved(HTTPStatus.FORBIDDEN, str(fault), order.order_id) from None
    now = utc_now()
    # Nobody signs a JSON gateway's notifications: whoever knows an id can send them without end.
    if not hint.signed and order.is_noted(now):
        return order, False
    if take_hint(database(), hint, order.inn, now=now) is None:
        raise Disbelieved(HTTPStatus.FORBIDDEN, "another-order", order.order_id)
    return order, hint.signed or order.is_open_and_unasked(now)


def _named(fields: dict[str, str], body: bytes) -> tuple[str, str]:
    """Our number and the bank's id as an unverified callback has them. Raises Disbelieved."""
    if fields:
        number, bank_id = fields.get("orderNumber", ""), fields.get("mdOrder", "")
    else:
        try:
            hint = JsonHints().hint({}, body)
        except Forged:
            raise Disbelieved(HTTPStatus.BAD_REQUEST, "unreadable") from None
        number, bank_id = hint.number, hint.bank_id
    if not (number or bank_id) or not _NUMBER.fullmatch(number) or not _BANK_ID.fullmatch(bank_id):
        raise Disbelieved(HTTPStatus.BAD_REQUEST, "no-order")
    return number, bank_id


def _written_down(fault: Disbelieved, client: Client) -> None:
    now = utc_now()
    if database().read(pauses_log, client, now=now):
        return
    log.warning("security: a callback of a bank is refused: %s", fault.reason)
    database().write(note_disbelieved, fault.reason, fault.order_id, client, now=now)


def _look_soon(number: str, inn: str) -> None:
    """Ask the bank on a thread. Whatever comes of it, the worker asks again: the order is due."""
    with _due_lock:
        if number in _due or _under_way[inn] >= AT_ONCE:
            return
        _due.add(number)
        _under_way[inn] += 1
    bank_threads().submit(_look, number, inn)


def _look(number: str, inn: str) -> None:
    # Taken out before the question: a hint that comes during it is a reason for another one.
    with _due_lock:
        _due.discard(number)
    try:
        unheard(
            f"order {number} after a callback", look, database(), banks(), number, cause=Cause.CALLBACK, clock=utc_now,
            site=get_settings().site,
        )  # fmt: skip
    finally:
        with _due_lock:
            _under_way[inn] -= 1
