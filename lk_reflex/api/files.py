"""Files that people have uploaded, for whoever may open them; to everybody else there is no such file."""

import asyncio
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.excuse import refused
from lk_reflex.api.http import client_of
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.files.keeping import readable
from lk_reflex.domain.files.names import ENDINGS
from lk_reflex.domain.files.pictures import MEDIA_TYPE
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.requests.open_file import Opened, note_opening, opened
from lk_reflex.integrations.storage.port import StoreFault, is_key
from lk_reflex.wiring import database, file_store, file_threads

NAME = "photo.jpg"
#: Should a browser show it all the same: nothing in it runs, and nothing is fetched for it.
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class _File:
    key: str
    media_type: str
    disposition: str


async def file_route(request: Request) -> Response:
    """GET → the file; 404 without a right to it, or without a session.

    A reading's photo, drawn by us, is shown in place; what is attached to a request is only ever saved.
    """
    if not is_key(request.path_params["key"]):
        return refused(HTTPStatus.NOT_FOUND)
    file = await database().in_reading_thread(_photo, request)
    if file is None:
        found = await database().in_reading_thread(_attachment, request)
        file = None if found is None else await _written_down(request, *found)
    data = await _bytes(file.key) if file else None
    if file is None or data is None:
        return refused(HTTPStatus.NOT_FOUND)
    headers = {
        "Content-Disposition": file.disposition,
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=file.media_type, headers=headers)


def _actor(request: Request) -> Actor | None:
    return database().read(identify, session_hash(request.headers.get("cookie", "")), now=utc_now())


def _photo(request: Request) -> _File | None:
    actor = _actor(request)
    kept = database().read(readable, actor, request.path_params["key"]) if actor else None
    if kept is None:
        return None
    # The name that a person gave it goes nowhere: what stands in a header is ours.
    how = "inline" if kept.media_type == MEDIA_TYPE else "attachment"
    return _File(kept.key, kept.media_type, f'{how}; filename="{NAME}"')


def _attachment(request: Request) -> tuple[Actor, Opened] | None:
    actor = _actor(request)
    found = database().read(opened, actor, request.path_params["key"]) if actor else None
    return (actor, found) if actor and found else None


async def _written_down(request: Request, actor: Actor, found: Opened) -> _File:
    """The name goes out encoded (RFC 5987), beside one of ours for who can't read that."""
    if found.watched and request.method == "GET":
        address = client_of(request).address
        await database().in_writing_thread(
            database().write, note_opening, actor, found, address=address, now=utc_now()
        )  # fmt: skip
    plain = f"file{ENDINGS.get(found.media_type, '')}"
    name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    return _File(found.key, found.media_type, name)


async def _bytes(key: str) -> bytes | None:
    try:
        return await asyncio.get_running_loop().run_in_executor(file_threads(), file_store().get, key)
    except StoreFault:
        raise Unavailable("Файл сейчас не открыть. Повторите через минуту") from None
