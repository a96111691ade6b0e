"""«Сейчас много обращений»: what is put off over HTTP while the process is behind, and the page that says so.

The page is made of nothing but text: no database, no session, no script. A browser asks for the same address again by
itself, each a little apart from the others.
"""

import secrets
from collections.abc import Callable
from http import HTTPStatus

from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Scope

from lk_reflex.core.strain import Strain
from lk_reflex.ui.shared.plain import plain_page

TITLE = "Сейчас много обращений"
OPENS_ITSELF = (
    "Сначала мы принимаем показания, остальное откроется, когда обращений станет меньше. Страница откроется сама "
    "через полминуты, ничего нажимать не нужно."
)
#: While those at the doors wait, too.
IN_TURN = (
    "Сейчас очень много обращений, и впускаем не всех сразу. Страница попробует открыться сама через полминуты, "
    "ничего нажимать не нужно."
)
NOT_SENT = (
    "Отправленное не принято. Вернитесь на предыдущую страницу: введённое осталось в полях. Отправьте ещё раз через "
    "минуту, дважды ничего не примем."
)
#: Seconds, and how far the browsers are spread.
AFTER, SPREAD = 25, 20
#: Files that take as long as many pages; they come before all else that waits.
LARGE = ("/api/receipts.pdf", "/api/my-data.zip", "/api/tables/", "/api/staff/payments.")
#: What a bank, an operator of the installation or a person back from the bank asks: never put off.
ALWAYS = (
    "/api/health", "/api/metrics", "/api/bank/", "/api/orders/", "/api/pay/", "/api/sign-out", "/api/guest/leave",
    "/api/esia/leave", "/api/view",
)  # fmt: skip
#: A receipt and its code belong to their section.
OF_SECTIONS = ("/api/receipts/", "/api/qr/")
#: The doors that those come by who haven't a form open yet.
DOORS = ("/api/sign-in", "/api/guest", "/api/remind", "/api/esia/start")
READINGS = "/readings"


def rank_of(path: str) -> Strain:
    """From which strain on an address that is no page's is put off."""
    if not path.startswith("/api/") or path.startswith(ALWAYS):
        return Strain.NEVER
    if path.startswith(LARGE):
        return Strain.CHARTS
    if path.startswith(DOORS):
        return Strain.ENTRIES
    return Strain.SECTIONS if path.startswith(OF_SECTIONS) else Strain.FORMS


def busy(scope: Scope, level: Strain, *, jitter: Callable[[int], int] = secrets.randbelow) -> ASGIApp:
    """503 with Retry-After at the same address; what was posted is asked for once more by its sender.

    From the `level` on at which readings wait as well it doesn't send people there.
    """
    if scope["method"] not in ("GET", "HEAD"):
        text = plain_page(TITLE, NOT_SENT, 503, action="", also=("/", "На главную"))
        return HTMLResponse(text, HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
    after = AFTER + jitter(SPREAD)
    said, also = (OPENS_ITSELF, (READINGS, "Передать показания")) if level < Strain.ENTRIES else (IN_TURN, None)
    text = plain_page(TITLE, said, 503, href="", action="Открыть сейчас", refresh=after, also=also)
    return HTMLResponse(text, HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(after)})
