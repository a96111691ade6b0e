"""A code's picture and voice, by its token."""

import re
from collections.abc import Callable
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.entry.captcha_media import picture, sound
from lk_reflex.core.clock import utc_now
from lk_reflex.core.executors import on
from lk_reflex.domain.identity.registering.captcha import digits_of, may_be_shown, seed_of
from lk_reflex.settings import get_settings
from lk_reflex.wiring import database, drawing_thread

_RANGE = re.compile(r"bytes=(\d{1,9})-(\d{0,9})")


async def captcha_picture_route(request: Request) -> Response:
    """GET → the picture; 404 for a code that can't be typed (any more)."""
    return await _made(request, picture, "image/png")


async def captcha_voice_route(request: Request) -> Response:
    """GET → the digits said aloud; 404 likewise."""
    return await _made(request, sound, "audio/wav")


async def _made(request: Request, make: Callable[[str, str], bytes], kind: str) -> Response:
    token = request.path_params["token"]
    if not await database().in_reading_thread(database().read, may_be_shown, token, now=utc_now()):
        return Response(status_code=HTTPStatus.NOT_FOUND)
    key = get_settings().key()
    digits, seed = digits_of(token, key), seed_of(token, key)
    # On a thread of its own: a flood of pictures holds up pictures alone.
    body = await on(drawing_thread(), make, digits, seed)
    return _part(body, kind, request.headers.get("range", ""))


def _part(body: bytes, kind: str, asked: str) -> Response:
    """The whole, or the part asked for: some browsers play nothing from a server that gives no parts."""
    headers = {"Cache-Control": "no-store", "Accept-Ranges": "bytes"}
    wanted = _RANGE.fullmatch(asked)
    if wanted is None:
        return Response(body, headers=headers, media_type=kind)
    first, last = int(wanted[1]), min(int(wanted[2] or len(body)), len(body) - 1)
    if first > last:
        headers["Content-Range"] = f"bytes */{len(body)}"
        return Response(status_code=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, headers=headers)
    headers["Content-Range"] = f"bytes {first}-{last}/{len(body)}"
    return Response(body[first : last + 1], HTTPStatus.PARTIAL_CONTENT, headers, kind)
