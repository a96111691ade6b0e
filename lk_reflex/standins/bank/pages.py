"""The handlers of the bank's pages: the card, the code, the way back, the clerk's desk."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from starlette.background import BackgroundTask
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from lk_reflex.core.clock import local_date, utc_now
from lk_reflex.core.failpoints import failpoint
from lk_reflex.core.this_machine import this_machine
from lk_reflex.standins.bank.acs_page import NO_CODE, acs_page, wrong_code
from lk_reflex.standins.bank.card_page import card_page, ended_page, gone_page, leaving_page, silent_page
from lk_reflex.standins.bank.cards import Way, card_of, read_card
from lk_reflex.standins.bank.desk import Desk, Unknown
from lk_reflex.standins.bank.machine import Impossible, is_open
from lk_reflex.standins.bank.model import RBS, Order, Status

PRIVATE = {"Cache-Control": "no-store"}
_BROKEN = (Way.SILENT, Way.CHARGED_SILENT)
Handler = Callable[[Request], Awaitable[Response]]


class Pages:
    """What payers see. Everything that touches the books runs on a thread."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Under whatever path they are mounted."""
        return [
            Route("/pay/{order}", _or_gone(self.card), methods=["GET"]),
            Route("/pay/{order}", _or_gone(self.pay), methods=["POST"]),
            Route("/pay/{order}/code", _or_gone(self.code), methods=["GET"]),
            Route("/pay/{order}/code", _or_gone(self.prove), methods=["POST"]),
            Route("/pay/{order}/leave", _or_gone(self.leave), methods=["GET"]),
        ]

    async def card(self, request: Request) -> Response:
        """GET pay/{order}: the form, or that there is nothing to pay any more."""
        order = await self._order(request)
        chosen = card_of(request.query_params.get("card", ""))
        ready = {"number": chosen.grouped, "month": "12", "year": _next_year(), "cvc": "123"} if chosen else {}
        return self._shown(order, ready)

    async def pay(self, request: Request) -> Response:
        """POST of the card."""
        desk, form = self._desk(), await form_of(request)
        order, typed = await self._order(request), read_card(form, local_date(utc_now()))
        if typed.faults or typed.way is None:
            kept = {**form, "cvc": ""}
            return self._shown(order, kept, typed.faults)
        if typed.way is Way.SLOW:
            await asyncio.sleep(desk.setup.slow)
        try:
            order = await run_in_threadpool(desk.pay, order.bank_id, typed)
        except Impossible:
            return _see(self._way(order))
        if typed.way in _BROKEN:
            await asyncio.sleep(desk.setup.silence)
            return HTMLResponse(silent_page(target_of(order)), 504, PRIVATE)
        return self._on(order)

    async def code(self, request: Request) -> Response:
        """GET pay/{order}/code."""
        order = await self._order(request)
        if order.status != Status.AUTHORISING:
            return _see(self._way(order))
        return HTMLResponse(acs_page(order, f"{self._way(order)}/code"), headers=PRIVATE)

    async def prove(self, request: Request) -> Response:
        """POST of the code, or of the refusal to type one."""
        desk, form = self._desk(), await form_of(request)
        order, code = await self._order(request), "".join(form.get("code", "").split())
        refused = form.get("do") == "refuse"
        try:
            if not refused and not code:
                return HTMLResponse(acs_page(order, f"{self._way(order)}/code", NO_CODE), headers=PRIVATE)
            if refused:
                order = await run_in_threadpool(desk.leave_code, order.bank_id)
            else:
                order = await run_in_threadpool(desk.prove, order.bank_id, code)
        except Impossible:
            return _see(self._way(order))
        if order.status == Status.AUTHORISING:
            return HTMLResponse(acs_page(order, f"{self._way(order)}/code", wrong_code(order)), headers=PRIVATE)
        return self._on(order)

    async def leave(self, request: Request) -> Response:
        """GET pay/{order}/leave: back to the shop. A page in between: a form may not be sent on to another host."""
        order = await self._order(request)
        target = target_of(order)
        headers = PRIVATE | ({"Refresh": f"0; url={target}"} if _near(request, target) else {})
        return HTMLResponse(leaving_page(target), headers=headers)

    def _on(self, order: Order) -> Response:
        """Where an order goes from here."""
        way = self._way(order)
        if order.status == Status.AUTHORISING:
            return _see(f"{way}/code")
        if order.deposited:
            return _see(f"{way}/leave", BackgroundTask(failpoint, "bank-charged-answered"))
        tries_on = order.status == Status.DECLINED and is_open(order, self._desk().now())
        return _see(way if tries_on else f"{way}/leave")

    def _shown(self, order: Order, typed: dict[str, str], faults: Any = None) -> Response:
        if not is_open(order, self._desk().now()):
            return HTMLResponse(ended_page(order, self._way(order)), headers=PRIVATE)
        return HTMLResponse(card_page(order, self._way(order), typed=typed, faults=faults), headers=PRIVATE)

    def _way(self, order: Order) -> str:
        return f"{self._desk().setup.mounted}/pay/{order.bank_id}"

    async def _order(self, request: Request) -> Order:
        bank_id = request.path_params["order"]
        return (await run_in_threadpool(lambda: self._desk().seen(bank_id=bank_id))).order


def target_of(order: Order) -> str:
    """Where the payer goes back to; RBS adds the order's id to the shop's address, the JSON gateway nothing."""
    paid = order.status in (Status.HELD, Status.PAID, Status.REFUNDED)
    target = order.return_url if paid else order.fail_url
    if order.wire != RBS:
        return target
    return f"{target}{'&' if '?' in target else '?'}{urlencode({'orderId': order.bank_id, 'lang': 'ru'})}"


async def form_of(request: Request) -> dict[str, str]:
    """The texts of a form."""
    form: Any = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _near(request: Request, target: str) -> bool:
    """Whether an address is of the cabinet that this stands in for, or of one on this machine: sent on by itself."""
    try:
        parts = urlsplit(target)
        return parts.netloc == request.headers.get("host") or this_machine(parts.hostname)
    except ValueError:
        return False


def _or_gone(handler: Handler) -> Handler:
    async def guarded(request: Request) -> Response:
        try:
            return await handler(request)
        except Unknown:
            return HTMLResponse(gone_page(), 404, PRIVATE)

    return guarded


def _see(way: str, then: BackgroundTask | None = None) -> Response:
    return RedirectResponse(way, 303, PRIVATE, then)


def _next_year() -> str:
    return f"{local_date(utc_now()).year + 1}"[-2:]
