"""«Крупный шрифт» and «Контраст»: kept in a cookie, stamped into the page before it is sent."""

from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.http import safe_path, same_site, secure, see_other
from lk_reflex.domain.identity.cookies import cookie_value

VIEW_COOKIE = "lk_view"
#: A switch's name in the form → the attribute of <html> and its value when switched on.
SWITCHES = {"text": ("data-text", "large"), "contrast": ("data-contrast", "more")}
YEAR = 365 * 24 * 3600


def switched_on(cookie_header: str) -> list[str]:
    """The switches that are on, in their fixed order."""
    kept = cookie_value(cookie_header, VIEW_COOKIE).split(".")
    return [name for name in SWITCHES if name in kept]


def stamp(cookie_header: str) -> str:
    """The attributes for <html>, with a leading space; empty where nothing is switched on."""
    return "".join(f' {SWITCHES[name][0]}="{SWITCHES[name][1]}"' for name in switched_on(cookie_header))


def _way_back(referer: str) -> str:
    try:
        parts = urlsplit(referer)
    except ValueError:
        return "/"
    return safe_path(parts.path + (f"?{parts.query}" if parts.query else ""), "/")


async def view_route(request: Request) -> Response:
    """POST switch=text|contrast → flips it and returns to the page that asked."""
    form = await request.form()
    name = str(form.get("switch", ""))
    response = see_other(_way_back(request.headers.get("referer", "")))
    if name in SWITCHES and same_site(request):
        kept = set(switched_on(request.headers.get("cookie", ""))) ^ {name}
        value = ".".join(sorted(kept))
        response.set_cookie(VIEW_COOKIE, value, max_age=YEAR, samesite="lax", secure=secure(request), path="/")
    return response
