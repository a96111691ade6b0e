"""Files that people have uploaded, for whoever may open them; to everybody else there is no such file."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.excuse import refused
from lk_reflex.api.http import client_of
from lk_reflex.api.papers.streamed import Streamed, file_readers, places, too_many
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.files.keeping import readable
from lk_reflex.domain.files.names import ENDINGS
from lk_reflex.domain.files.pictures import MEDIA_TYPE
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.requests.open_file import Opened, note_opening, opened, to_be_noted
from lk_reflex.integrations.storage.port import Stored, StoreFault, is_key
from lk_reflex.wiring import database, file_store

NAME = "photo.jpg"
#: Should a browser show it all the same: nothing in it runs, and nothing is fetched for it.
POLICY = "default-src 'none'; img-src 'self'; style-src 'unsafe-inline'; sandbox"


@dataclass(frozen=True, slots=True)
class _File:
    """`to_note` where staff open what a person has brought, and it isn't in the log yet."""

    actor: Actor
    key: str
    media_type: str
    disposition: str
    to_note: Opened | None = None


async def file_route(request: Request) -> Response:
    """GET → the file; 404 without a right to it, or without a session; 429 to who takes many at once.

    A reading's photo, drawn by us, is shown in place; what is attached to a request is only ever saved.
    """
    if not is_key(request.path_params["key"]):
        return refused(HTTPStatus.NOT_FOUND)
    file = await database().in_reading_thread(_found, request)
    if file is None:
        return refused(HTTPStatus.NOT_FOUND)
    if not await places.take(file.actor.user_id):
        return too_many()
    try:
        await _write_down(request, file)
        lying = await _open(file.key)
    except BaseException:
        places.leave(file.actor.user_id)
        raise
    if lying is None:
        places.leave(file.actor.user_id)
        return refused(HTTPStatus.NOT_FOUND)
    headers = {
        "Content-Disposition": file.disposition,
        "Cache-Control": "private, no-store",
        "Content-Security-Policy": POLICY,
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
    return Streamed(lying, file.actor.user_id, media_type=file.media_type, headers=headers)


def _found(request: Request) -> _File | None:
    now = utc_now()
    actor = database().read(identify, session_hash(request.headers.get("cookie", "")), now=now)
    if actor is None:
        return None
    return _photo(request, actor) or _attachment(request, actor, now)


def _photo(request: Request, actor: Actor) -> _File | None:
    kept = database().read(readable, actor, request.path_params["key"])
    if kept is None:
        return None
    # The name that a person gave it goes nowhere: what stands in a header is ours.
    how = "inline" if kept.media_type == MEDIA_TYPE else "attachment"
    return _File(actor, kept.key, kept.media_type, f'{how}; filename="{NAME}"')


def _attachment(request: Request, actor: Actor, now: datetime) -> _File | None:
    """The name goes out encoded (RFC 5987), beside one of ours for who can't read that."""
    found = database().read(opened, actor, request.path_params["key"])
    if found is None:
        return None
    plain = f"file{ENDINGS.get(found.media_type, '')}"
    name = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(found.name, safe='')}"
    fresh = request.method == "GET" and database().read(to_be_noted, actor, found, now=now)
    return _File(actor, found.key, found.media_type, name, found if fresh else None)


async def _write_down(request: Request, file: _File) -> None:
    if file.to_note is None:
        return
    address = client_of(request).address
    await database().in_writing_thread(
        database().write, note_opening, file.actor, file.to_note, address=address, now=utc_now()
    )  # fmt: skip


async def _open(key: str) -> Stored | None:
    reading = asyncio.get_running_loop().run_in_executor(file_readers(), file_store().open, key)
    try:
        return await asyncio.shield(reading)
    except StoreFault:
        raise Unavailable("Файл сейчас не открыть. Повторите через минуту") from None
    except asyncio.CancelledError:
        reading.add_done_callback(_close_unwanted)
        raise


def _close_unwanted(reading: asyncio.Future[Stored | None]) -> None:
    """Whoever asked for it went away while it was being opened."""
    lying = None if reading.cancelled() or reading.exception() else reading.result()
    if lying is not None:
        lying.close()
