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
#: Where the page that waits is itself one of those that go first.
IN_TURN = (
    "Сейчас показания передаёт очень много людей, и мы впускаем по очереди. Страница откроется сама через полминуты, "
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
ALWAYS = ("/api/health", "/api/metrics", "/api/bank/", "/api/orders/", "/api/sign-out", "/api/view")
#: A receipt and its code belong to their section.
OF_SECTIONS = ("/api/receipts/", "/api/qr/")
#: The doors that those come by who haven't a form open yet.
DOORS = ("/api/sign-in", "/api/guest", "/api/esia/start")
READINGS = "/readings"


def rank_of(path: str, *, page: bool, first: bool) -> Strain:
    """From which strain on an address is put off; `page` where it is a page's, `first` one that goes before others."""
    if page:
        return Strain.ENTRIES if first else Strain.SECTIONS
    if not path.startswith("/api/") or path.startswith(ALWAYS):
        return Strain.NEVER
    if path.startswith(LARGE):
        return Strain.CHARTS
    if path.startswith(DOORS):
        return Strain.ENTRIES
    return Strain.SECTIONS if path.startswith(OF_SECTIONS) else Strain.FORMS


def busy(scope: Scope, rank: Strain, *, jitter: Callable[[int], int] = secrets.randbelow) -> ASGIApp:
    """503 with Retry-After at the same address; what was posted is asked for once more by its sender.

    `rank` is the address's own: to a page that goes before others it isn't said that those go first.
    """
    if scope["method"] not in ("GET", "HEAD"):
        text = plain_page(TITLE, NOT_SENT, 503, href="/", action="На главную")
        return HTMLResponse(text, HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": "60"})
    after = AFTER + jitter(SPREAD)
    said, also = (OPENS_ITSELF, (READINGS, "Передать показания")) if rank < Strain.ENTRIES else (IN_TURN, None)
    text = plain_page(TITLE, said, 503, href="", action="Открыть сейчас", refresh=after, also=also)
    return HTMLResponse(text, HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(after)})
