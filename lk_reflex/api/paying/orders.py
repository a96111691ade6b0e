"""One order over HTTP: on to the bank, back from it, and its confirmation on paper. For its payer alone."""

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.entry.onward import home_before
from lk_reflex.api.http import order_number, secure, see_other
from lk_reflex.api.papers.downloads import asker, explained, private_file
from lk_reflex.api.paying.leaving import at_bank
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, NotFound
from lk_reflex.core.executors import on
from lk_reflex.core.unheard import unheard
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import identify
from lk_reflex.domain.payments.confirmation.drawing import draw_confirmation
from lk_reflex.domain.payments.confirmation.words import file_name
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.domain.payments.orders.machine import OPEN
from lk_reflex.domain.payments.orders.own import NO_ORDER, OwnOrder, own_order
from lk_reflex.domain.payments.orders.present import result_path
from lk_reflex.domain.payments.orders.returning import come_back
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.wiring import bank_threads, banks, database, drawing_processes, file_threads

PDF = "application/pdf"


async def order_bank_route(request: Request) -> Response:
    """GET → 303 to the bank's page while the order waits for its payer, else to the page of what became of it."""
    return await database().in_reading_thread(_to_bank, request)


async def order_return_route(request: Request) -> Response:
    """GET, where the bank leads the payer back to → the result page. A hint and no more: the bank is asked anew."""
    if request.method != "GET":  # Starlette adds HEAD, which comes from nobody who has paid
        return Response(status_code=405)
    return await database().in_writing_thread(_returned, request)


async def confirmation_route(request: Request) -> Response:
    """GET → «Подтверждение оплаты» as PDF; 403 without a session, 404 for another's order and for one not paid."""
    try:
        actor, order = await on(file_threads(), _paid, request)
        body = await drawing_processes().run(str(actor.user_id), draw_confirmation, order)
    except DomainError as fault:
        return explained(fault, paths.PAYMENTS)
    return private_file(body, PDF, file_name(order), plain="payment.pdf", shown=True)


def _to_bank(request: Request) -> Response:
    number, actor = order_number(request), _actor(request)
    if actor is None:
        return home_before(result_path(number), secure=secure(request))
    try:
        order = database().read(own_order, actor, number)
    except NotFound as fault:
        return explained(fault, paths.PAYMENTS)
    leads = at_bank(order.form_url) if order.payable_at(utc_now()) else None
    return leads or see_other(result_path(number))


def _returned(request: Request) -> Response:
    number, actor = order_number(request), _actor(request)
    if actor is None:
        return home_before(result_path(number), secure=secure(request))
    try:
        order = database().write(come_back, actor, number, now=utc_now())
    except NotFound as fault:
        return explained(fault, paths.PAYMENTS)
    if order.status in OPEN:
        bank_threads().submit(_look, number)
    return see_other(result_path(number))


def _look(number: str) -> None:
    unheard(
        f"order {number} after a return", look, database(), banks(), number, cause=Cause.RETURN, clock=utc_now,
        site=get_settings().site,
    )  # fmt: skip


def _paid(request: Request) -> tuple[Actor, OwnOrder]:
    actor = asker(request, now=utc_now())
    order = database().read(own_order, actor, order_number(request))
    if not order.paid:
        raise NotFound(NO_ORDER)
    return actor, order


def _actor(request: Request) -> Actor | None:
    return database().read(identify, session_hash(request.headers.get("cookie", "")), now=utc_now())
