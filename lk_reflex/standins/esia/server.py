"""The stand-in's endpoints, as Госуслуги have them, and the sign-in page between them."""

import asyncio
from functools import lru_cache
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from lk_reflex.core.clock import utc_now
from lk_reflex.core.this_machine import this_machine
from lk_reflex.standins.esia.desk import Desk, Fields, Refused
from lk_reflex.standins.esia.keys import kept_keys
from lk_reflex.standins.esia.pages import REFUSE, front_page, message_page, sign_in_page
from lk_reflex.standins.esia.people import citizen
from lk_reflex.standins.esia.troubles import DECLINED, OUTAGE, SILENCE, Refusal, trouble

#: Nobody waits that long for an answer.
SILENT_SECONDS = 60.0
BACK = "/api/esia/return"
OVER = "Эта страница больше не действует. Вернитесь в личный кабинет и нажмите «Вход через Госуслуги» ещё раз."
ASTRAY = "Запрос пришёл не из личного кабинета: "
LEFT = "Вы вышли из Госуслуг."


class EsiaStandIn:
    """The handlers; its keys are made at the first request."""

    def __init__(self, folder: Path) -> None:
        self._desk = lru_cache(maxsize=1)(lambda: Desk(kept_keys(folder)))

    async def authorise(self, request: Request) -> Response:
        """GET aas/oauth2/v2/ac."""
        fields = dict(request.query_params)
        try:
            number = await run_in_threadpool(lambda: self._desk().admit(fields, now=utc_now()))
        except Refused as fault:
            return _sent_back(request, fields, fault.refusal)
        return HTMLResponse(sign_in_page(number, "../../../sign-in"))

    async def sign_in(self, request: Request) -> Response:
        """POST of the page: back to the client with a code, or with what went wrong."""
        form = await _form(request)
        fields = self._desk().request(form.get("request", ""), now=utc_now())
        if fields is None:
            return HTMLResponse(message_page(OVER), HTTPStatus.GONE)
        chosen, person = trouble(form.get("do", "")), citizen(form.get("person", ""))
        if form.get("do") == REFUSE or person is None:
            return _refused(fields, DECLINED)
        if chosen is not None and chosen.refusal is not None:
            return _refused(fields, chosen.refusal)
        key = chosen.key if chosen else ""
        code = self._desk().code(person, fields, trouble=key, now=utc_now())
        return _redirect(fields["redirect_uri"], {"code": code, "state": fields["state"]})

    async def exchange(self, request: Request) -> Response:
        """POST aas/oauth2/v3/te."""
        fields = await _form(request)
        try:
            code, tokens = await run_in_threadpool(lambda: self._desk().exchange(fields, now=utc_now()))
        except Refused as fault:
            found = {"error": fault.refusal.error, "error_description": fault.refusal.description}
            return JSONResponse({**found, "state": fields.get("state", "")}, HTTPStatus.BAD_REQUEST)
        if code.trouble == OUTAGE:
            return HTMLResponse(message_page("Технические работы"), HTTPStatus.SERVICE_UNAVAILABLE)
        if code.trouble == SILENCE:
            await asyncio.sleep(SILENT_SECONDS)
        return JSONResponse(tokens, headers={"Cache-Control": "no-store"})

    async def person(self, request: Request) -> Response:
        """GET rs/prns/{oid}, for the holder of the token alone."""
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        oid = request.path_params["oid"]
        holder = await run_in_threadpool(lambda: self._desk().holder(token, now=utc_now()))
        found = citizen(oid)
        if kind != "Bearer" or not holder or found is None or holder != oid:
            return JSONResponse({"code": "ESIA-005011", "message": "SecurityErrorEnum.noGrants"}, HTTPStatus.FORBIDDEN)
        return JSONResponse(found.entry(contacts="contacts.elements" in request.query_params.get("embed", "")))

    async def leave(self, request: Request) -> Response:
        """GET idp/ext/Logout."""
        target = request.query_params.get("redirect_url", "")
        return RedirectResponse(target, 303) if _known(request, target) else HTMLResponse(message_page(LEFT))

    def routes(self) -> list[Route]:
        """Under whatever path it is mounted."""
        return [
            Route("/aas/oauth2/v2/ac", self.authorise),
            Route("/aas/oauth2/v3/te", self.exchange, methods=["POST"]),
            Route("/sign-in", self.sign_in, methods=["POST"]),
            Route("/rs/prns/{oid}", self.person),
            Route("/idp/ext/Logout", self.leave),
        ]


def esia_routes(folder: Path) -> list[BaseRoute]:
    """What lies under /demo/esia/ of a demonstration; keys in `folder`."""
    return [Route("/demo/esia", _front), Mount("/demo/esia", routes=EsiaStandIn(folder).routes())]


async def _front(_request: Request) -> Response:
    return HTMLResponse(front_page())


def served(folder: Path) -> Starlette:
    """A server of its own."""
    return Starlette(routes=EsiaStandIn(folder).routes())


async def _form(request: Request) -> dict[str, str]:
    form: Any = await request.form()
    return {name: value for name, value in form.items() if isinstance(value, str)}


def _sent_back(request: Request, fields: Fields, refusal: Refusal) -> Response:
    """The error goes where the client said, if that is a cabinet; nobody is sent anywhere else."""
    target = fields.get("redirect_uri", "")
    if not _known(request, target) or urlsplit(target).path != BACK:
        return HTMLResponse(message_page(ASTRAY + refusal.description), HTTPStatus.BAD_REQUEST)
    return _refused(fields, refusal)


def _refused(fields: Fields, refusal: Refusal) -> Response:
    found = {"error": refusal.error, "error_description": refusal.description, "state": fields.get("state", "")}
    return _redirect(fields["redirect_uri"], found)


def _known(request: Request, target: str) -> bool:
    """Whether an address is of the cabinet that this is the stand-in for, or of one on this machine."""
    try:
        parts = urlsplit(target)
        own = parts.netloc == request.headers.get("host") or this_machine(parts.hostname)
    except ValueError:
        return False
    return own and parts.scheme in ("http", "https")


def _redirect(target: str, fields: Fields) -> Response:
    return RedirectResponse(f"{target}?{urlencode(fields, quote_via=quote)}", 303, {"Cache-Control": "no-store"})
