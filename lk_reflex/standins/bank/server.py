"""The stand-in's addresses: both wires, the pages, and the clerk's front page."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from lk_reflex.standins.bank import json_wire
from lk_reflex.standins.bank.clerk import Clerk
from lk_reflex.standins.bank.desk import Desk
from lk_reflex.standins.bank.json_asked import Asked, answered, merchant_of
from lk_reflex.standins.bank.pages import Pages, form_of
from lk_reflex.standins.bank.rbs import CALLS
from lk_reflex.standins.bank.setup import Setup
from lk_reflex.standins.bank.troubles import order_troubles, through


class BankStandIn:
    """The handlers; its books are opened, and callbacks looked after, from the first request on."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._kept = lru_cache(maxsize=1)(lambda: Desk(setup))
        self.clerk = Clerk(self.desk)

    def desk(self) -> Desk:
        """The one of this process."""
        desk = self._kept()
        desk.caller.begin()
        return desk

    async def rbs(self, request: Request) -> Response:
        """POST rest/{call}."""
        name = request.path_params["call"]
        call = CALLS.get(name)
        if call is None:
            return PlainTextResponse("", 404)
        desk, fields, base = self.desk(), await form_of(request), self._base(request)
        return await through(desk, name, lambda: call(desk, fields, base))

    async def json_payments(self, request: Request) -> Response:
        """POST or GET json/payments."""
        query = dict(request.query_params)
        if request.method == "POST":
            return await self._json(request, "POST payments", json_wire.create)
        return await self._json(request, "GET payments", lambda desk, asked: json_wire.payments(desk, asked, query))

    async def json_payment(self, request: Request) -> Response:
        """GET json/payments/{id}; POST json/payments/{id}/cancel and …/capture."""
        bank_id, do = request.path_params["payment"], request.path_params.get("do", "")
        work = {"": json_wire.payment, "cancel": json_wire.cancel, "capture": json_wire.capture}.get(do)
        if work is None or (request.method == "POST") != bool(do):
            return PlainTextResponse("", 404)
        name = f"POST {do}" if do else "GET payments"
        return await self._json(request, name, lambda desk, asked: work(desk, asked, bank_id))

    async def json_refunds(self, request: Request) -> Response:
        """POST json/refunds, GET json/refunds?payment_id=…"""
        bank_id = request.query_params.get("payment_id", "")
        if request.method == "POST":
            return await self._json(request, "POST refunds", json_wire.refund)
        return await self._json(request, "GET refunds", lambda desk, asked: json_wire.refunds(desk, asked, bank_id))

    async def json_refund(self, request: Request) -> Response:
        """GET json/refunds/{id}."""
        refund_id = request.path_params["refund"]
        return await self._json(
            request, "GET refunds", lambda desk, asked: json_wire.one_refund(desk, asked, refund_id)
        )

    async def troubles(self, request: Request) -> Response:
        """POST and DELETE /troubles."""
        return await order_troubles(self.desk(), request)

    def routes(self) -> list[BaseRoute]:
        """Under whatever path they are mounted."""
        found: list[BaseRoute] = [
            Route("/rest/{call}", self.rbs, methods=["POST"]),
            Route("/json/payments", self.json_payments, methods=["GET", "POST"]),
            Route("/json/payments/{payment}", self.json_payment, methods=["GET"]),
            Route("/json/payments/{payment}/{do}", self.json_payment, methods=["POST"]),
            Route("/json/refunds", self.json_refunds, methods=["GET", "POST"]),
            Route("/json/refunds/{refund}", self.json_refund, methods=["GET"]),
            *Pages(self.desk).routes(),
            *self.clerk.routes(),
        ]
        if self._setup.troubles:
            found.append(Route("/troubles", self.troubles, methods=["POST", "DELETE"]))
        return found

    def _base(self, request: Request) -> str:
        """Where the pages lie. In a preview a path: the payer stays on the address by which the cabinet was found."""
        return self._setup.mounted or str(request.base_url).rstrip("/")

    async def _json(self, request: Request, name: str, work: Callable[[Desk, Asked], dict[str, Any]]) -> Response:
        desk, body, base = self.desk(), await request.body(), self._base(request)
        headers = request.headers

        def done() -> dict[str, Any]:
            merchant = merchant_of(headers.get("authorization", ""))
            return work(desk, Asked(merchant, base, headers.get("idempotence-key", ""), request.url.path, body))

        return await through(desk, name, lambda: answered(done))


def bank_routes(setup: Setup) -> list[BaseRoute]:
    """What lies under `setup.mounted` of a demonstration."""
    bank = BankStandIn(setup)
    return [Route(setup.mounted, bank.clerk.show), Mount(setup.mounted, routes=bank.routes())]


def served(setup: Setup) -> Starlette:
    """A server of its own; what is left in the queue of callbacks goes out from its start."""
    bank = BankStandIn(setup)
    bank.desk()
    return Starlette(routes=[Route("/", bank.clerk.show), *bank.routes()])
