"""Where the mobile application binds its phone: JSON in and out, by the session's cookie."""

import json
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from lk_reflex.api.http import MAX_FORM, client_of, same_site
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, Invalid, Unavailable
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.notifications.phones import bind_phone, unbind_by_token
from lk_reflex.wiring import database, push_gateway, vault

SIGN_IN = "Войдите в личный кабинет"
FOREIGN = "Запрос пришёл с чужой страницы"
NO_JSON = "Не удалось прочитать запрос: нужен объект JSON"
TOO_LARGE = "Слишком большой запрос"
NO_GATEWAY = "Личный кабинет не отправляет уведомлений на телефоны"
_FIELDS = ("token", "platform", "name")


async def push_devices_route(request: Request) -> Response:
    """POST `{"token", "platform", "name"}` → `{"device": 5}`; DELETE `{"token"}` → 204.

    401 without a session, 403 from a foreign page, 400 where something is wrong, 429 when it is done too often, 501
    where no gateway is set up. What went wrong stands in `error`, a sentence for the person.
    """
    if not same_site(request):
        return _refused(HTTPStatus.FORBIDDEN, FOREIGN)
    if push_gateway() is None:
        return _refused(HTTPStatus.NOT_IMPLEMENTED, NO_GATEWAY)
    body = await _body(request)
    if body is None:
        return _refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, TOO_LARGE)
    try:
        given = json.loads(body)
    except (ValueError, RecursionError):
        given = None
    if not isinstance(given, dict):
        return _refused(HTTPStatus.BAD_REQUEST, NO_JSON)
    try:
        return await database().in_writing_thread(_done, request, {name: _text(given, name) for name in _FIELDS})
    except Unavailable as fault:
        return _refused(HTTPStatus.SERVICE_UNAVAILABLE, fault.message)
    except Invalid as fault:
        return _refused(HTTPStatus.BAD_REQUEST, next(iter(fault.fields.values())))
    except DomainError as fault:
        return _refused(HTTPStatus.TOO_MANY_REQUESTS, fault.message)


def _done(request: Request, given: dict[str, str]) -> Response:
    now = utc_now()
    actor = database().read(identify, session_hash(request.headers.get("cookie", "")), now=now)
    if actor is None:
        return _refused(HTTPStatus.UNAUTHORIZED, SIGN_IN)
    client = client_of(request)
    if request.method == "DELETE":
        database().write(unbind_by_token, actor, given["token"], client=client, now=now)
        return Response(status_code=HTTPStatus.NO_CONTENT)
    device = database().write(bind_phone, actor, **given, vault=vault(), client=client, now=now)
    return JSONResponse({"device": device}, headers={"Cache-Control": "no-store"})


async def _body(request: Request) -> bytes | None:
    """The whole of it; None where it is longer than any request of ours."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MAX_FORM:
            return None
    return body


def _text(given: dict[str, object], name: str) -> str:
    value = given.get(name, "")
    return value if isinstance(value, str) else ""


def _refused(status: HTTPStatus, sentence: str) -> Response:
    return JSONResponse({"error": sentence}, status, headers={"Cache-Control": "no-store"})
