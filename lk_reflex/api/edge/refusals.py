"""What never reaches the application: oversized forms, uploads of strangers, packages of others than administrators."""

import re
from http import HTTPStatus

from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Scope

from lk_reflex.api.edge.addresses import API, SOCKET, UPLOAD, header, may_be_page
from lk_reflex.api.excuse import refused
from lk_reflex.api.http import MAX_FORM, own_origin
from lk_reflex.core.clock import utc_now
from lk_reflex.domain.files.documents import TOO_LARGE
from lk_reflex.domain.files.pictures import MAX_BYTES
from lk_reflex.domain.identity.access import ADMIN, Actor
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.wiring import database

#: A file, and what a browser writes around it.
MAX_UPLOAD = MAX_BYTES + 64 * 1024
#: A town's package, zipped, is far below this.
MAX_PACKAGE = 900 * 1024 * 1024
#: What Reflex answers by itself and nobody here asks for: its socket by HTTP, its own tests whether it lives.
UNASKED = (SOCKET, "/_health", "/_all_routes", "/ping")
#: Of an address, without and with what follows the question mark: a page's filters are the longest, some hundreds.
LONGEST_PATH, LONGEST_QUERY = 8000, 8000
#: Said where a body's end is in doubt: what follows it shall not be taken for the next request of the connection.
ENDING = {"connection": "close"}
#: A length that may be believed.
LENGTH = re.compile("[0-9]{1,9}")


async def actor_of(cookies: str) -> Actor | None:
    """Whose session the cookies hold."""
    hashed = session_hash(cookies)
    if not hashed:
        return None
    return await database().in_reading_thread(database().read, identify, hashed, now=utc_now())


async def upload_refusal(scope: Scope) -> ASGIApp | None:
    """Reflex takes files here for whatever handler is named: let in are the signed-in, with one file's worth."""
    length, origin = header(scope, b"content-length"), header(scope, b"origin")
    if not LENGTH.fullmatch(length) or int(length) > MAX_UPLOAD:
        return PlainTextResponse(TOO_LARGE, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    if origin and not own_origin(origin, header(scope, b"host")):
        return PlainTextResponse("Запрос пришёл с чужой страницы", HTTPStatus.FORBIDDEN)
    if await actor_of(header(scope, b"cookie")) is None:
        return PlainTextResponse("Войдите в личный кабинет", HTTPStatus.UNAUTHORIZED)
    return None


async def package_refusal(scope: Scope) -> ASGIApp | None:
    """Judged before a byte of it is read: by whom, from where, and how large."""
    length = header(scope, b"content-length")
    if not LENGTH.fullmatch(length) or int(length) > MAX_PACKAGE:
        return refused(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    actor = await actor_of(header(scope, b"cookie"))
    if actor is None or actor.role != ADMIN:
        return refused(HTTPStatus.NOT_FOUND)
    return None


def refusal(scope: Scope) -> ASGIApp | None:
    """What never reaches the application: what others have uploaded, oversized forms, forms posted to a page."""
    if scope["path"].startswith((UPLOAD, *UNASKED)):
        return PlainTextResponse("", HTTPStatus.NOT_FOUND)
    if len(scope["path"]) > LONGEST_PATH or len(scope["query_string"]) > LONGEST_QUERY:
        return refused(HTTPStatus.REQUEST_URI_TOO_LONG)
    length, pieces = header(scope, b"content-length"), header(scope, b"transfer-encoding")
    if scope["method"] in ("GET", "HEAD") and (pieces or length not in ("", "0")):
        return refused(HTTPStatus.BAD_REQUEST, ENDING)
    if scope["method"] not in ("GET", "HEAD") and (pieces or length or scope["method"] == "POST"):
        if not LENGTH.fullmatch(length) or int(length) > MAX_FORM:
            return PlainTextResponse("Слишком большой запрос", HTTPStatus.REQUEST_ENTITY_TOO_LARGE, headers=ENDING)
        if scope["path"].startswith(API) and header(scope, b"content-type").lower().startswith("multipart/"):
            return refused(HTTPStatus.UNSUPPORTED_MEDIA_TYPE)  # no form of ours sends files
    if scope["method"] not in ("GET", "HEAD") and may_be_page(scope["path"]):
        return refused(HTTPStatus.METHOD_NOT_ALLOWED, {"allow": "GET, HEAD"})
    return None
