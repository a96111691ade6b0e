"""What several routes need: where a request came from, a safe way back, cookies set the same way."""

import re

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from lk_reflex.domain.identity.client import Client, client_behind
from lk_reflex.domain.identity.cookies import DEVICE_COOKIE, SESSION_COOKIE
from lk_reflex.domain.identity.sessions import ABSOLUTE
from lk_reflex.domain.identity.signing_in.known_device import LIFE as DEVICE_LIFE
from lk_reflex.settings import get_settings

MAX_FORM = 16 * 1024
#: Browsers drop some of these from an address, and what is left may lead elsewhere.
_SPACE = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029]")
#: Of an order, at every bank.
LONGEST_NUMBER = 32


def client_of(request: Request) -> Client:
    """The client's address, taken from X-Forwarded-For only as far as our own proxies wrote it."""
    peer = request.client.host if request.client else ""
    # Some proxies append to the header, some add a line of their own.
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    browser = request.headers.get("user-agent", "")
    return client_behind(peer, forwarded, browser, hops=get_settings().trusted_proxy_hops)


def field(form: FormData, name: str) -> str:
    """A field's text; an empty string where there is none or a file stands in its place."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def order_number(request: Request) -> str:
    """The number in the address: whatever isn't digits, or is longer than a bank takes, is nobody's order."""
    text = request.path_params["number"]
    return text if text.isascii() and text.isdigit() and len(text) <= LONGEST_NUMBER else "0"


def same_site(request: Request) -> bool:
    """Whether a POST comes from a page of ours: browsers tell its origin, and others hold no cookie of ours."""
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return own_origin(origin, request.headers.get("host", ""))


def own_origin(origin: str, host: str) -> bool:
    """Whether a browser's Origin is this site: as the request itself calls it, or by its set address."""
    return origin in (f"http://{host}", f"https://{host}", get_settings().site)


def safe_path(target: str, default: str) -> str:
    """A path of this site to go to next; anything that could lead elsewhere becomes the default."""
    plain = target.replace("\\", "/")
    if not plain.startswith("/") or plain.startswith(("//", "/api/")):
        return default
    return default if _SPACE.search(plain) else plain


def site_of(request: Request) -> str:
    """Our address, to which others lead back. A demonstration without a set one goes by what its visitor calls it."""
    settings = get_settings()
    if settings.public_url or not settings.preview:
        return settings.site
    return f"http://{request.headers.get('host', '')}"


def secure(request: Request) -> bool:
    """Whether cookies may be marked Secure: the site is behind https."""
    return request.url.scheme == "https" or get_settings().site.startswith("https://")


def see_other(path: str) -> RedirectResponse:
    """Go there with GET."""
    return RedirectResponse(path, 303, headers={"Cache-Control": "no-store"})


def set_session_cookie(response: Response, request: Request, value: str) -> None:
    """HttpOnly and Lax: scripts can't read it, other sites can't send it along with a POST."""
    response.set_cookie(
        SESSION_COOKIE,
        value,
        max_age=int(ABSOLUTE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure(request),
        path="/",
    )


def set_device_cookie(response: Response, request: Request, marks: str) -> None:
    """Sent to the doors alone. It opens nothing: it only spares the owner the pauses that strangers cause."""
    response.set_cookie(
        DEVICE_COOKIE,
        marks,
        max_age=int(DEVICE_LIFE.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=secure(request),
        path="/api/",
    )
