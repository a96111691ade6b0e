"""The way on after a sign-in. A receipt's link is kept in a cookie while its reader makes a login first.

Registration goes through a mailbox and may take a day; the link of the receipt must not be lost on the way. Only that
one link is kept: whoever merely looked at another page finds the usual one after signing in.
"""

from datetime import timedelta
from urllib.parse import parse_qs, quote, unquote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse

from lk_reflex.api.http import safe_path, see_other
from lk_reflex.domain.identity.cookies import cookie_value

ONWARD_COOKIE = "lk_onward"
#: As long as an activation's link works.
KEPT = timedelta(hours=72)
LINKING = "/accounts"
LONGEST = 500


def home_before(target: str, *, secure: bool) -> RedirectResponse:
    """303 to the home page, which leads on to `target` after the sign-in."""
    response = RedirectResponse(f"/?next={quote(target)}", 303)
    if _is_receipts(target):
        response.set_cookie(
            ONWARD_COOKIE, quote(target, safe=""), max_age=int(KEPT.total_seconds()), httponly=True, samesite="lax",
            secure=secure, path="/",
        )  # fmt: skip
    return response


def go_on(request: Request, target: str, default: str) -> RedirectResponse:
    """303 to where the person was going: by the form, or by a receipt's link of the last days, which works once."""
    kept = unquote(cookie_value(request.headers.get("cookie", ""), ONWARD_COOKIE))
    response = see_other(safe_path(target, "") or (safe_path(kept, default) if _is_receipts(kept) else default))
    if kept:
        response.delete_cookie(ONWARD_COOKIE, path="/")
    return response


def _is_receipts(target: str) -> bool:
    """Whether it is `/accounts?account=…`, as the second QR code of a receipt holds it."""
    try:
        parts = urlsplit(target)
    except ValueError:
        return False
    return len(target) <= LONGEST and parts.path.rstrip("/") == LINKING and bool(parse_qs(parts.query).get("account"))
