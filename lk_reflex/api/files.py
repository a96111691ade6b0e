"""Files that people have uploaded, for whoever may open them; to everybody else there is no such file."""

import asyncio
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.excuse import refused
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.files.keeping import Kept, readable
from lk_reflex.domain.files.pictures import MEDIA_TYPE
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.integrations.storage.port import StoreFault, is_key
from lk_reflex.wiring import database, file_store, file_threads

NAME = "photo.jpg"


async def file_route(request: Request) -> Response:
    """GET → the file, inline where it is a picture drawn by us; 404 without a right to it, or without a session."""
    kept = await database().in_reading_thread(_found, request)
    data = await _bytes(kept.key) if kept else None
    if kept is None or data is None:
        return refused(HTTPStatus.NOT_FOUND)
    # The name that a person gave it goes nowhere: what stands in a header is ours.
    how = "inline" if kept.media_type == MEDIA_TYPE else "attachment"
    headers = {
        "Content-Disposition": f'{how}; filename="{NAME}"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
    }
    return Response(data, media_type=kept.media_type, headers=headers)


def _found(request: Request) -> Kept | None:
    if not is_key(request.path_params["key"]):
        return None
    actor = database().read(identify, session_hash(request.headers.get("cookie", "")), now=utc_now())
    return database().read(readable, actor, request.path_params["key"]) if actor else None


async def _bytes(key: str) -> bytes | None:
    try:
        return await asyncio.get_running_loop().run_in_executor(file_threads(), file_store().get, key)
    except StoreFault:
        raise Unavailable("Файл сейчас не открыть. Повторите через минуту") from None
