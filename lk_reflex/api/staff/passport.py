"""The passport of a request, on a page of its own for staff: it never enters a state or the browser's store.

The page isn't kept by any cache, has no script, and holds nothing else.
"""

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from lk_reflex.api.http import same_site
from lk_reflex.api.papers.downloads import asker, explained
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, NotFound, Refused
from lk_reflex.core.executors import on
from lk_reflex.domain.requests.drafts import NO_REQUEST
from lk_reflex.domain.requests.labels import PASSPORT_FIELDS
from lk_reflex.domain.requests.numbers import bare_number, grouped
from lk_reflex.domain.requests.passports.revealing import reveal
from lk_reflex.ui import paths
from lk_reflex.ui.shared.plain import plain_page
from lk_reflex.wiring import database, file_threads, vault

FOREIGN = "Откройте паспортные данные кнопкой на странице заявки"
LOGGED = "Просмотр записан в журнал действий: кто, когда и по какой заявке. Закройте эту вкладку, когда закончите."
EMPTY = "не указано"


async def staff_passport_route(request: Request) -> Response:
    """POST → the fields; 403 without a session, 404 for whoever doesn't work for the request's organization."""
    number = bare_number(request.path_params["number"])
    back = paths.staff_request(number) if number else paths.STAFF_REQUESTS
    try:
        if not same_site(request):
            raise Refused(FOREIGN)
        return await on(file_threads(), _shown, request, number)
    except DomainError as fault:
        answer = explained(fault, back)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def _shown(request: Request, number: str) -> Response:
    now = utc_now()
    actor = asker(request, now=now)
    if not actor.is_staff() or not number:
        raise NotFound(NO_REQUEST)
    fields = database().write(reveal, vault(), actor, number, now=now).fields()
    facts = [(title, fields[name] or EMPTY) for name, title in PASSPORT_FIELDS.items()]
    page = plain_page(
        f"Паспорт: заявка {grouped(number)}", LOGGED, HTTPStatus.OK, facts=facts, href=paths.staff_request(number),
        action="К заявке",
    )  # fmt: skip
    return HTMLResponse(page, headers={"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})
