"""«Все мои данные»: a download for whoever holds the session, and for nobody else."""

from http import HTTPStatus
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lk_reflex.api.http import client_of
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Refused
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.personal_data.take_out import take_out
from lk_reflex.settings import get_settings
from lk_reflex.ui.shared.plain import plain_page
from lk_reflex.wiring import database, vault

NAME = "мои-данные.zip"


async def my_data_route(request: Request) -> Response:
    """GET → the ZIP; 403 without a session, 429 after too many."""
    try:
        data = await database().in_writing_thread(_made, request)
    except Refused as refusal:
        page = plain_page("Архив пока не готовим", refusal.message, 429, href="/settings", action="К настройкам")
        return HTMLResponse(page, HTTPStatus.TOO_MANY_REQUESTS)
    if data is None:
        page = plain_page("Войдите в личный кабинет", "Сеанс завершён. Войдите и скачайте свои данные снова.", 403)
        return HTMLResponse(page, HTTPStatus.FORBIDDEN)
    named = f"attachment; filename=\"my-data.zip\"; filename*=UTF-8''{quote(NAME)}"
    headers = {"Content-Disposition": named, "Cache-Control": "private, no-store"}
    return Response(data, media_type="application/zip", headers=headers)


def _made(request: Request) -> bytes | None:
    now = utc_now()
    actor = database().read(identify, session_hash(request.headers.get("cookie", "")), now=now)
    if actor is None:
        return None
    zone = get_settings().time_zone
    return take_out(database(), actor, vault=vault(), zone=zone, client=client_of(request), now=now)
