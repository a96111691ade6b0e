"""Readings without registration: the way in and out, as native form posts, since both change a cookie."""

from collections.abc import Callable

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.flash import noted
from lk_reflex.api.http import client_of, same_site, secure, see_other
from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Writer
from lk_reflex.core.errors import DomainError, Invalid
from lk_reflex.domain.accounts.guest import LASTS, end_visit
from lk_reflex.domain.accounts.guest_entry import Typed, code_wanted, enter
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.cookies import FLASH_COOKIE, GUEST_COOKIE, guest_hash
from lk_reflex.domain.identity.registering.captcha import new_captcha
from lk_reflex.settings import get_settings
from lk_reflex.wiring import database

FORM = "/guest"
REFUSED = "/?fault=1"
LEFT = "/?guest=done"
#: No number, house or flat is longer; and browsers drop a cookie over 4096 bytes.
LONGEST = 60
FOREIGN = "Запрос пришёл с чужой страницы. Откройте главную страницу кабинета и введите данные там."


async def guest_route(request: Request) -> Response:
    """POST number, house, flat (and the picture's code) → the cookie and 303 to the form; or back with the faults."""
    form = await request.form()
    typed = _typed(form)
    if not same_site(request):
        return _back(request, typed, {"": FOREIGN}, "")
    try:
        response = await enter_visit(request, lambda: _enter(typed, request))
    except Invalid as fault:
        return _back(request, typed, fault.fields, await _picture(request))
    except DomainError as fault:
        return _back(request, typed, {"": fault.message}, await _picture(request))
    response.delete_cookie(FLASH_COOKIE, path="/")
    return response


async def enter_visit(request: Request, enter_by: Callable[[], str]) -> Response:
    """303 to the form with the cookie of a new visit; this browser's earlier one ends, since its cookie is lost."""
    cookie = await database().in_writing_thread(enter_by)
    await database().in_writing_thread(_leave, request)
    response = see_other(FORM)
    age = int(LASTS.total_seconds())
    response.set_cookie(
        GUEST_COOKIE, cookie, max_age=age, httponly=True, samesite="lax", secure=secure(request), path="/"
    )
    return response


async def guest_leave_route(request: Request) -> Response:
    """POST → the visit ends. A foreign page ends nobody's."""
    response = see_other(LEFT)
    if same_site(request):
        await database().in_writing_thread(_leave, request)
        response.delete_cookie(GUEST_COOKIE, path="/")
    return response


def _typed(form: FormData) -> Typed:
    return Typed(*(str(form.get(name, "")) for name in ("number", "house", "flat", "captcha_token", "captcha")))


def _enter(typed: Typed, request: Request) -> str:
    return enter(database(), typed, client_of(request), key=get_settings().key(), now=utc_now())


def _leave(request: Request) -> None:
    if hashed := guest_hash(request.headers.get("cookie", "")):
        database().write(end_visit, hashed, now=utc_now())


async def _picture(request: Request) -> str:
    """The token of a new code, where this client has to type one."""
    return await database().in_writing_thread(database().write, _new_code, client_of(request))


def _new_code(db: Writer, client: Client) -> str:
    now = utc_now()
    return new_captcha(db, now=now) if code_wanted(db, client, now=now) else ""


def _back(request: Request, typed: Typed, faults: dict[str, str], picture: str) -> Response:
    kept = {"number": typed.number[:LONGEST], "house": typed.house[:LONGEST], "flat": typed.flat[:LONGEST]}
    return noted(see_other(REFUSED), request, form="guest", captcha_token=picture, faults=faults, **kept)
