"""The code for paying a receipt in the bank's application: a drawing for the page, a picture to save."""

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.papers.downloads import asked_number, asker, explained, number_of, private_file
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Conflict, DomainError, NotFound, Refused
from lk_reflex.core.executors import on
from lk_reflex.domain.documents.qr.qr_symbol import png, svg, symbol
from lk_reflex.domain.payments.elsewhere.code import PayCode, pay_code
from lk_reflex.ui import paths
from lk_reflex.wiring import database, file_threads

SVG, PNG = "svg", "png"
#: Pixels a module of the picture to save: readers find it in a gallery whatever they scale it to.
_MODULE = 10
CHANGED = "Сумма в корзине изменилась: вернитесь в неё и покажите код заново."


async def qr_route(request: Request) -> Response:
    """GET /api/qr/{receipt}.svg or .png → the code; `of=cart` for the sums of the person's cart, else what is due.

    The sum comes from the database; `sum`, in kopecks, is what the page says beside the code, and a code with another
    sum than that is never given. 403 without a session, 404 for another's receipt.
    """
    try:
        return await on(file_threads(), _made, request)
    except DomainError as fault:
        return explained(fault, paths.CART if _of_cart(request) else paths.OVERVIEW)


def _made(request: Request) -> Response:
    actor, suffix = asker(request, now=utc_now()), request.path_params["suffix"]
    code = database().read(pay_code, actor, number_of(request.path_params["receipt_id"]), in_cart=_of_cart(request))
    _check(code, asked_number(request, "sum"))
    made = symbol(code.text.encode())
    if suffix == PNG:
        return private_file(png(made, _MODULE), "image/png", code.file_name, plain="payment-code.png")
    if suffix == SVG:
        return private_file(svg(made), "image/svg+xml", code.file_name, plain="payment-code.svg", shown=True)
    raise NotFound(suffix)


def _check(code: PayCode, shown: int | None) -> None:
    if not code.text:
        raise Refused(code.reason)
    if shown is not None and shown != code.amount:
        raise Conflict(CHANGED)


def _of_cart(request: Request) -> bool:
    return request.query_params.get("of") == "cart"
