"""Paying by a shared link: its form becomes an order at the bank; on to the bank and back to the link's page.

The bank's addresses never hold the link: a cookie of the payer's browser remembers it for the way there and back.
"""

import logging
from concurrent.futures import Executor

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lk_reflex.api.flash import noted
from lk_reflex.api.http import client_of, field, order_number, same_site, secure, see_other, site_of
from lk_reflex.api.paying.leaving import at_bank, leading_on
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, Invalid, Refused
from lk_reflex.core.executors import on
from lk_reflex.domain.identity.cookies import cookie_value
from lk_reflex.domain.identity.registering.emails import LONGEST, clean_email, email_fault
from lk_reflex.domain.payments.links.behind import behind
from lk_reflex.domain.payments.links.paying import pay_by_link, see_after
from lk_reflex.domain.payments.links.tokens import key_of
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.shared.plain import plain_page
from lk_reflex.wiring import bank_threads, banks, database

log = logging.getLogger(__name__)
COOKIE = "lk_pay"
#: Longer than a payer's time at the bank; the browser forgets it afterwards.
COOKIE_SECONDS = 2 * 60 * 60
FOREIGN = "Запрос пришёл с чужой страницы. Откройте ссылку на оплату ещё раз и нажмите «Оплатить» здесь."
LOST = "Откройте ссылку на оплату ещё раз: там видно, прошёл ли платёж. Второй раз по ней не заплатить."


async def pay_link_route(request: Request) -> Response:
    """POST link, email → a page that leads to the bank; or back to the link's page, which says why not."""
    form = await request.form()
    token, email = field(form, "link"), field(form, "email")[: 4 * LONGEST]
    key = key_of(token, get_settings().key())
    page = paths.pay_link(token) if key else paths.pay_link("x")
    try:
        if not same_site(request):
            raise Refused(FOREIGN)
        cleaned = _email(email)
        return await on(bank_threads(), _pressed, request, token, key, cleaned)
    except Invalid as fault:
        return _back(request, page, fault.fields, email)
    except DomainError as fault:
        return _back(request, page, {"": fault.message}, email)


async def pay_link_bank_route(request: Request) -> Response:
    """GET → 303 to the bank's page while the link is payable and its order waits, else to the link's page."""
    return await database().in_reading_thread(_to_bank, request)


async def pay_link_return_route(request: Request) -> Response:
    """GET, where the bank leads back to → the link's page. That the payer is back says nothing of the money."""
    if request.method != "GET":  # Starlette adds HEAD, which comes from nobody who has paid
        return Response(status_code=405)
    token, key = _link(request)
    if not key:
        page = plain_page("Платёж у банка", LOST, 200)
        return HTMLResponse(page, headers={"Cache-Control": "no-store"})
    _looking().submit(look, key)
    return see_other(paths.pay_link(token))


def _looking() -> Executor:
    """Where the bank is asked while the payer goes on: nobody waits for the end."""
    return bank_threads()


def look(key: str) -> None:
    """Ask the bank about a link's open order; its pages turn by the signal."""
    see_after(database(), banks(), key, site=get_settings().site, clock=utc_now)


def _pressed(request: Request, token: str, key: str, email: str) -> Response:
    started = pay_by_link(
        database(), banks(), key, email, client=client_of(request), site=site_of(request),
        return_path=paths.pay_link_return, clock=utc_now,
    )  # fmt: skip
    log.info("order %s by a link: %s", started.number, started.status)
    waits = started.status is Status.WAITING and started.form_url
    response = leading_on(paths.pay_link_bank(started.number)) if waits else see_other(paths.pay_link(token))
    response.set_cookie(
        f"{COOKIE}_{started.number}", token, max_age=COOKIE_SECONDS, httponly=True, samesite="lax",
        secure=secure(request), path=f"{paths.PAY_BY_LINK}/{started.number}",
    )  # fmt: skip
    return response


def _to_bank(request: Request) -> Response:
    token, key = _link(request)
    found = database().read(behind, key, now=utc_now())
    last = found.last if found is not None and found.payable else None
    if last is not None and last.number == order_number(request) and last.payable_at(utc_now()):
        leads = at_bank(last.form_url)
        if leads is not None:
            return leads
    return see_other(paths.pay_link(token) if key else paths.pay_link("x"))


def _link(request: Request) -> tuple[str, str]:
    """This browser's link for the order in the address, and its key; empty where it has none."""
    token = cookie_value(request.headers.get("cookie", ""), f"{COOKIE}_{order_number(request)}")
    key = key_of(token, get_settings().key())
    return (token, key) if key else ("", "")


def _email(typed: str) -> str:
    """An address for the confirmation, or none: it isn't asked for."""
    email = clean_email(typed)
    fault = email_fault(email) if email else None
    if fault:
        raise Invalid({"email": fault})
    return email


def _back(request: Request, page: str, faults: dict[str, str], email: str) -> Response:
    return noted(see_other(page), request, form="pay", faults=faults, email=email[:LONGEST])
