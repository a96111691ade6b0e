"""Sign-in and sign-out: native form posts, so that a password never passes through a websocket or a state."""

from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.entry.onward import go_on
from lk_reflex.api.flash import noted
from lk_reflex.api.http import (
    client_of,
    field,
    safe_path,
    same_site,
    see_other,
    set_device_cookie,
    set_session_cookie,
)
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, Invalid
from lk_reflex.core.executors import on
from lk_reflex.domain.identity.cookies import DEVICE_COOKIE, FLASH_COOKIE, SESSION_COOKIE, cookie_value, session_hash
from lk_reflex.domain.identity.sessions import end_all_sessions, end_session, identify
from lk_reflex.domain.identity.signing_in.known_device import with_mark
from lk_reflex.domain.identity.signing_in.sign_in import NotActivated, SignedIn, sign_in
from lk_reflex.settings import get_settings
from lk_reflex.wiring import database, password_threads

AFTER_SIGN_IN = "/overview"
STAFF_AFTER_SIGN_IN = "/staff/requests"
LONGEST_TARGET = 500
#: No e-mail is longer; and browsers drop a cookie over 4096 bytes.
LONGEST_LOGIN = 254
FOREIGN = "Запрос пришёл с чужой страницы. Откройте личный кабинет и войдите там."


async def sign_in_route(request: Request) -> Response:
    """POST login, password, next → the cookie and 303; or back to the form with what was wrong."""
    form = await request.form()
    login, password, target = (field(form, name) for name in ("login", "password", "next"))
    if not same_site(request):
        return _back(request, login, target, {"": FOREIGN})
    marks = cookie_value(request.headers.get("cookie", ""), DEVICE_COOKIE)
    try:
        entered = await on(password_threads(), lambda: _sign_in(login, password, marks, request))
    except Invalid as fault:
        return _back(request, login, target, fault.fields)
    except NotActivated as fault:
        return _back(request, login, target, {"": fault.message}, waits=True)
    except DomainError as fault:
        return _back(request, login, target, {"": fault.message})
    response = go_on(request, target, STAFF_AFTER_SIGN_IN if entered.staff else AFTER_SIGN_IN)
    set_session_cookie(response, request, entered.cookie)
    set_device_cookie(response, request, with_mark(marks, entered.mark))
    response.delete_cookie(FLASH_COOKIE, path="/")
    return response


async def sign_out_route(request: Request) -> Response:
    """POST → the session ends here, with `everywhere=1` on all devices. A foreign page signs nobody out."""
    response = see_other("/")
    if same_site(request):
        form = await request.form()
        await database().in_writing_thread(_sign_out, request, everywhere=form.get("everywhere") == "1")
        response.delete_cookie(SESSION_COOKIE, path="/")
    return response


def _sign_in(login: str, password: str, marks: str, request: Request) -> SignedIn:
    settings = get_settings()
    entered = sign_in(
        database(), login, password, client_of(request), marks=marks, key=settings.key(), site=settings.site,
        time_zone=settings.time_zone, now=utc_now(),
    )  # fmt: skip
    if earlier := session_hash(request.headers.get("cookie", "")):
        # This browser is about to forget that session's cookie.
        database().write(end_session, earlier, now=utc_now())
    return entered


def _sign_out(request: Request, *, everywhere: bool) -> None:
    hashed, now = session_hash(request.headers.get("cookie", "")), utc_now()
    actor = database().read(identify, hashed, now=now)
    if actor is None:
        return
    if everywhere:
        database().write(end_all_sessions, actor.user_id, now=now)
    else:
        database().write(end_session, hashed, now=now)


def _back(request: Request, login: str, target: str, faults: dict[str, str], *, waits: bool = False) -> Response:
    """To the form, with a note of what was wrong; `waits` offers the letter for the activation once more."""
    target = safe_path(target[:LONGEST_TARGET], "")
    response = see_other(f"/?fault=1&next={quote(target)}" if target else "/?fault=1")
    extra = {"waits": True} if waits else {}
    return noted(response, request, login=login[:LONGEST_LOGIN], faults=faults, **extra)
