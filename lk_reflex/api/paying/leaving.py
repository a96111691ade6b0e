"""Leaving for the bank's page: where to, and how a form that may not be redirected there leads on all the same."""

from urllib.parse import urlsplit

from starlette.responses import HTMLResponse, RedirectResponse, Response

from lk_reflex.core.this_machine import this_machine
from lk_reflex.settings import get_settings
from lk_reflex.ui.shared.plain import plain_page

LEAVING = "Переходим на страницу банка"
LEAVING_TEXT = "Если страница банка не откроется сама, нажмите кнопку. Платёж один, сколько раз её ни нажать."
LEAVING_ACTION = "Перейти на страницу банка"


def leading_on(way: str) -> Response:
    """The answer to a form that ends at the bank: `form-action` forbids redirecting it there, so its page leads on.

    `way` is an address of ours which redirects; the button does the same where a browser doesn't go by itself.
    """
    page = plain_page(LEAVING, LEAVING_TEXT, 200, href=way, action=LEAVING_ACTION)
    return HTMLResponse(page, headers={"Cache-Control": "no-store", "Refresh": f"0; url={way}"})


def at_bank(form_url: str) -> Response | None:
    """303 to the bank's page; None where that address isn't one to send anybody to."""
    if not _may_lead_to(form_url):
        return None
    return RedirectResponse(form_url, 303, headers={"Cache-Control": "no-store"})


def _may_lead_to(form_url: str) -> bool:
    """https and nothing else; a demonstration's own stand-in is on this site, and in tests on this machine."""
    try:
        parts = urlsplit(form_url)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    if not get_settings().preview:
        return False
    here = not parts.scheme and not parts.netloc and parts.path.startswith("/demo/")
    return here or (parts.scheme == "http" and this_machine(parts.hostname))
