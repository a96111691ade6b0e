"""«Оплатить»: the check page's form becomes an order at the bank, and its sender goes there or is told why not."""

import logging
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.flash import noted
from lk_reflex.api.http import field, same_site, see_other, site_of
from lk_reflex.api.paying.leaving import leading_on
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, Refused
from lk_reflex.core.executors import on
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.payments.cart.pressing import Gone, Press, press
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.once import StillOpen
from lk_reflex.domain.payments.orders.present import result_path
from lk_reflex.ui import paths
from lk_reflex.wiring import bank_threads, banks, database

log = logging.getLogger(__name__)
FOREIGN = "Запрос пришёл с чужой страницы. Проверьте платёж и нажмите «Оплатить» здесь."
_LONGEST_ID = 15


async def pay_route(request: Request) -> Response:
    """POST organization, form, seen → a page that leads to the bank; back to the cart with a sentence; or the result.

    Whatever is repeated, one form makes one order.
    """
    form = await request.form()
    given = Press(_id(field(form, "organization")), field(form, "form"), field(form, "seen"))
    try:
        if not same_site(request):
            raise Refused(FOREIGN)
        return await on(bank_threads(), _pressed, request, given)
    except StillOpen as fault:
        return see_other(result_path(fault.number))
    except Gone as fault:
        return _told(request, paths.CART + "?fault=1", fault.message)
    except DomainError as fault:
        return _told(request, paths.CART_CHECK + "&fault=1", fault.message)


def _pressed(request: Request, given: Press) -> Response:
    actor = database().read(identify, session_hash(request.headers.get("cookie", "")), now=utc_now())
    if actor is None:
        return see_other(f"{paths.HOME}?next={quote(paths.CART_CHECK)}")
    started = press(
        database(), banks(), actor, given, site=site_of(request), clock=utc_now, return_path=paths.order_return
    )
    log.info("order %s: %s", started.number, started.status)
    if started.status is Status.WAITING and started.form_url:
        return leading_on(paths.order_bank(started.number))
    # The bank was silent, or said no, or all is over: the result page knows which, and asks again.
    return see_other(result_path(started.number))


def _told(request: Request, address: str, sentence: str) -> Response:
    return noted(see_other(address), request, faults={"": sentence})


def _id(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_ID else 0
