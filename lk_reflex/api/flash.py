"""A refused form's note to the page that it came from: a cookie for a minute, read by the page's own state."""

import json
from typing import Any
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.http import secure
from lk_reflex.domain.identity.cookies import FLASH_COOKIE

SECONDS = 60


def noted(response: Response, request: Request, **note: Any) -> Response:
    """The response, with the note on it. Nothing secret: the person's own words and our sentences."""
    text = quote(json.dumps(note, ensure_ascii=False))
    response.set_cookie(
        FLASH_COOKIE, text, max_age=SECONDS, httponly=True, samesite="lax", secure=secure(request), path="/"
    )
    return response
