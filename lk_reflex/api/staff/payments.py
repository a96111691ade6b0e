"""One day's orders of an organization as XLSX and CSV, for staff."""

from datetime import date

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.papers.downloads import asked_number, asker, explained, private_file
from lk_reflex.api.papers.tables import KINDS
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, NotFound
from lk_reflex.core.executors import on
from lk_reflex.domain.documents.sheets.catalogue import NO_TABLE, as_file
from lk_reflex.domain.payments.desk.day_sheet import day_sheet
from lk_reflex.domain.payments.desk.deeds import note_taken
from lk_reflex.ui import paths
from lk_reflex.wiring import database, file_threads

#: Where a resident is led back to, who is told no more than that there is no such file.


async def staff_payments_route(request: Request) -> Response:
    """GET `organization`, `day` («2026-11-20») → the file; 403 without a session, 404 for whoever doesn't work here."""
    try:
        return await on(file_threads(), _made, request)
    except DomainError as fault:
        return explained(fault, paths.OVERVIEW if isinstance(fault, NotFound) else paths.STAFF_TOTALS)


def _made(request: Request) -> Response:
    now = utc_now()
    actor = asker(request, now=now)
    suffix = request.path_params["suffix"]
    organization = asked_number(request, "organization")
    if not actor.is_staff() or suffix not in KINDS or organization is None:
        raise NotFound(NO_TABLE)
    try:
        day = date.fromisoformat(request.query_params.get("day", ""))
    except ValueError:
        raise NotFound(NO_TABLE) from None
    sheet = database().read(day_sheet, actor, organization, day)
    database().write(note_taken, actor, organization, day, now=now)
    plain = f"payments-{organization}-{day.isoformat()}.{suffix}"
    return private_file(as_file(sheet, suffix), KINDS[suffix], f"{sheet.stem}.{suffix}", plain=plain)
