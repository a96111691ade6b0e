"""To Госуслуги and back: a link leads there, and what comes back becomes a session, a binding or a choice."""

import logging
from collections.abc import Callable
from typing import TypeVar
from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from lk_reflex.api.entry.onward import go_on
from lk_reflex.api.flash import noted
from lk_reflex.api.http import (
    client_of,
    field,
    own_origin,
    safe_path,
    same_site,
    secure,
    see_other,
    set_device_cookie,
    set_session_cookie,
    site_of,
)
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Writer
from lk_reflex.core.errors import DomainError, Invalid, Refused
from lk_reflex.core.executors import on
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.cookies import DEVICE_COOKIE, SESSION_COOKIE, cookie_value, session_hash
from lk_reflex.domain.identity.esia import bindings as bindings
from lk_reflex.domain.identity.esia import tries as tries
from lk_reflex.domain.identity.esia.entry import Door, let_in, recognise
from lk_reflex.domain.identity.esia.visitors import LIFE, VISITOR_COOKIE, keep_visitor, use_visitor, visitor_of
from lk_reflex.domain.identity.passwords.asked_again import ask_again
from lk_reflex.domain.identity.sessions import end_session, identify
from lk_reflex.domain.identity.signing_in.known_device import with_mark
from lk_reflex.domain.identity.signing_in.sign_in import SignedIn
from lk_reflex.domain.identity.tokens import new_token
from lk_reflex.integrations.esia.port import Aim, Declined, EsiaError, Person, error_of
from lk_reflex.settings import get_settings
from lk_reflex.ui.shared.plain import plain_page
from lk_reflex.wiring import database, esia, esia_threads, password_threads

log = logging.getLogger(__name__)
RETURN = "/api/esia/return"
BROWSER_COOKIE = "lk_esia"
CHOICE = "/esia"
AFTER_SIGN_IN = "/overview"
SETTINGS = "/settings"
CARD = f"{SETTINGS}#gosuslugi"
BOUND = f"{SETTINGS}?esia=bound"
LONGEST_TARGET = 500
OFF = "Вход через Госуслуги не подключён. Войдите с паролем."
SIGN_IN_FIRST = "Войдите в личный кабинет, чтобы привязать профиль Госуслуг."
LEAVING = "Переходим на Госуслуги"
LEAVING_TEXT = "Если страница Госуслуг не откроется сама, нажмите кнопку."
LEAVING_ACTION = "Перейти на Госуслуги"
FOREIGN = "Запрос пришёл с чужой страницы. Нажмите «Привязать +» здесь, в настройках."
T = TypeVar("T")


async def esia_start_route(request: Request) -> Response:
    """GET next → 303 to Госуслуги, with a cookie by which this browser is known again."""
    if request.query_params.get("purpose") == tries.BIND:  # a link of earlier days: a binding asks for the password
        return see_other(CARD)
    target = safe_path(request.query_params.get("next", "")[:LONGEST_TARGET], "")
    try:
        return await _on_thread(lambda: _start(request, target))
    except DomainError as fault:
        return _back(request, fault, target, binds=False)


async def esia_ask_route(request: Request) -> Response:
    """POST password → to Госуслуги, to bind whom they know to this login; or back to the settings."""
    form = await request.form()
    try:
        if not same_site(request):
            raise Refused(FOREIGN)
        password = field(form, "password")
        actor = await on(password_threads(), lambda: _asked_again(request, password))
        if actor is None:
            return _home(request, SIGN_IN_FIRST, SETTINGS)
        return await _on_thread(lambda: _start(request, "", actor))
    except Invalid as fault:
        return noted(see_other(f"{SETTINGS}?fault=esia"), request, faults=fault.fields)
    except DomainError as fault:
        return _back(request, fault, "", binds=True)


async def esia_return_route(request: Request) -> Response:
    """GET code, state (or error, error_description) → a session, a binding, or the page of choice."""
    if request.method != "GET":  # Starlette adds HEAD, which must not use the code up
        return Response(status_code=405)
    return await _on_thread(lambda: _returned(request))


async def esia_leave_route(request: Request) -> Response:
    """GET → the visitor is forgotten here, and the browser goes to Госуслуги to be forgotten there."""
    response: Response = see_other("/")
    if get_settings().esia_on and _from_here(request):
        response = await _on_thread(lambda: _left(request))
    response.delete_cookie(VISITOR_COOKIE, path="/")
    return response


def signed_in(db: Writer, request: Request, user_id: int) -> SignedIn:
    """Open the session of whoever has just been recognised, and end the one that this browser forgets by that."""
    now, settings = utc_now(), get_settings()
    door = Door(client_of(request), marks_of(request), settings.key(), settings.site, settings.time_zone)
    entered = let_in(db, user_id, door, now=now)
    if earlier := session_hash(request.headers.get("cookie", "")):
        end_session(db, earlier, now=now)
    return entered


def marks_of(request: Request) -> str:
    """What this browser brings of earlier sign-ins."""
    return cookie_value(request.headers.get("cookie", ""), DEVICE_COOKIE)


def go_in(request: Request, entered: SignedIn, target: str) -> Response:
    """On to where the person was going, with the session's cookie."""
    response = go_on(request, target, AFTER_SIGN_IN)
    set_session_cookie(response, request, entered.cookie)
    set_device_cookie(response, request, with_mark(marks_of(request), entered.mark))
    response.delete_cookie(VISITOR_COOKIE, path="/")
    return response


async def _on_thread(work: Callable[[], T]) -> T:
    return await on(esia_threads(), work)


def _asked_again(request: Request, password: str) -> Actor | None:
    """Who binds. A borrowed session must not: their own Госуслуги would open the login for good."""
    if not get_settings().esia_on:
        raise Refused(OFF)
    actor = _actor(request)
    if actor is not None:
        ask_again(database(), actor, password, key=get_settings().key(), now=utc_now())
    return actor


def _start(request: Request, target: str, actor: Actor | None = None) -> Response:
    if not get_settings().esia_on:
        raise Refused(OFF)
    kept, now = cookie_value(request.headers.get("cookie", ""), BROWSER_COOKIE), utc_now()
    # Kept where there is one: two tabs may be on their way at once.
    browser = kept if len(kept) == len(new_token()) else new_token()
    begun = database().write(
        tries.begin, _browser(request, browser, binds=actor is not None), target=target,
        user_id=actor.user_id if actor else None, client=client_of(request), now=now,
    )  # fmt: skip
    address = _logged(lambda: esia().authorise_url(Aim(_return_address(request), begun.nonce), begun.state, now=now))
    response = _there(address, posted=actor is not None)
    response.set_cookie(
        BROWSER_COOKIE, browser, max_age=int(tries.LIFE.total_seconds()), httponly=True, samesite="lax",
        secure=secure(request), path="/api/esia",
    )  # fmt: skip
    return response


def _there(address: str, *, posted: bool) -> Response:
    """A form may not be redirected to a foreign site (`form-action`, at each step of theirs too): its page leads on."""
    if not posted:
        return RedirectResponse(address, 303, headers={"Cache-Control": "no-store"})
    page = plain_page(LEAVING, LEAVING_TEXT, 200, href=address, action=LEAVING_ACTION)
    return HTMLResponse(page, headers={"Cache-Control": "no-store", "Refresh": f"0; url={address}"})


def _returned(request: Request) -> Response:
    given, now = request.query_params, utc_now()
    state, cookies = given.get("state", ""), request.headers.get("cookie", "")
    binds = database().read(tries.purpose_of, state) == tries.BIND
    target = ""
    try:
        if not get_settings().esia_on:
            raise Refused(OFF)
        browser = _browser(request, cookie_value(cookies, BROWSER_COOKIE), binds=binds)
        back = database().write(tries.come_back, state, browser, now=now)
        target = back.target
        person = _logged(lambda: _asked(request, back))
        if back.user_id is not None:
            return _bound(request, back.user_id, person)
        return _entered(request, person, target)
    except DomainError as fault:
        return _back(request, fault, target, binds=binds)


def _asked(request: Request, back: tries.Try) -> Person:
    """Who it is. Raises EsiaError for their refusal as well as for ours to believe."""
    given = request.query_params
    if given.get("error") or not given.get("code"):
        raise error_of(given.get("error", ""), given.get("error_description", ""))
    return esia().person(Aim(_return_address(request), back.nonce), given["code"], now=utc_now())


def _entered(request: Request, person: Person, target: str) -> Response:
    entered = database().write(_enter, request, person)
    if entered is not None:
        return go_in(request, entered, target)
    token = database().write(keep_visitor, person, target, now=utc_now())
    response = see_other(CHOICE)
    response.set_cookie(
        VISITOR_COOKIE, token, max_age=int(LIFE.total_seconds()), httponly=True, samesite="lax",
        secure=secure(request), path="/",
    )  # fmt: skip
    return response


def _enter(db: Writer, request: Request, person: Person) -> SignedIn | None:
    user_id = recognise(db, person)
    return None if user_id is None else signed_in(db, request, user_id)


def _bound(request: Request, user_id: int, person: Person) -> Response:
    actor = _actor(request)
    if actor is None or actor.user_id != user_id:
        return _home(request, SIGN_IN_FIRST, SETTINGS)
    address, site = client_of(request).address, get_settings().site
    database().write(bindings.bind, user_id, bindings.facts_of(person), site=site, now=utc_now(), address=address)
    return see_other(BOUND)


def _left(request: Request) -> Response:
    now, cookies = utc_now(), request.headers.get("cookie", "")
    visitor = database().read(visitor_of, cookies, now=now)
    if visitor is not None:
        database().write(use_visitor, visitor, now=now)
    return RedirectResponse(esia().logout_url(site_of(request) + "/"), 303, headers={"Cache-Control": "no-store"})


def _logged(work: Callable[[], T]) -> T:
    """An operator must learn of a wrong set-up and of an outage; a person's «no» is nobody's business."""
    try:
        return work()
    except EsiaError as fault:
        if not isinstance(fault, Declined):
            log.warning("Госуслуги: %s %s", type(fault).__name__, fault.code)
        raise


def _actor(request: Request) -> Actor | None:
    return database().read(identify, session_hash(request.headers.get("cookie", "")), now=utc_now())


def _browser(request: Request, browser: str, *, binds: bool) -> str:
    """By what a try knows its browser; a binding's ends with the session."""
    session = cookie_value(request.headers.get("cookie", ""), SESSION_COOKIE)
    return f"{browser} {session}" if binds else browser


def _from_here(request: Request) -> bool:
    """Whether a person pressed our own link or typed the address; a foreign page can't make anybody bind."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    try:
        parts = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return False
    return own_origin(f"{parts.scheme}://{parts.netloc}", request.headers.get("host", ""))


def _return_address(request: Request) -> str:
    return site_of(request) + RETURN


def _back(request: Request, fault: DomainError, target: str, *, binds: bool) -> Response:
    """To the form that the person came from, with one sentence."""
    if binds and _actor(request) is not None:
        return noted(see_other(f"{SETTINGS}?fault=esia"), request, faults={"esia": fault.message})
    return _home(request, fault.message, target)


def _home(request: Request, sentence: str, target: str) -> Response:
    address = f"/?fault=1&next={quote(target)}" if target else "/?fault=1"
    return noted(see_other(address), request, login="", faults={"": sentence})
