"""Every table of the pages as XLSX and CSV, for whoever sees the page."""

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.papers.downloads import asked_month, asked_number, asker, explained, private_file
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, NotFound
from lk_reflex.core.executors import on
from lk_reflex.domain.documents.sheets.catalogue import CSV, NO_TABLE, XLSX, as_file, sheet_for
from lk_reflex.domain.payments.sheets import ALL_TABLES
from lk_reflex.wiring import database, file_threads

KINDS = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
OVERVIEW = "/overview"


async def table_route(request: Request) -> Response:
    """GET → the file; 403 without a session, 404 for what isn't the person's, 400 for a month that is none.

    `account` (else the chosen one), `month` or `from` and `to` (else all), `meter` (else all).
    """
    try:
        return await on(file_threads(), _made, request)
    except DomainError as fault:
        return explained(fault, OVERVIEW)


def _made(request: Request) -> Response:
    name, suffix = request.path_params["name"], request.path_params["suffix"]
    now = utc_now()
    actor = asker(request, now=now)
    if suffix not in KINDS:
        raise NotFound(NO_TABLE)
    month = asked_month(request, "month")
    sheet = database().read(
        sheet_for,
        actor,
        name,
        now=now,
        account_id=asked_number(request, "account"),
        first=month or asked_month(request, "from"),
        last=month or asked_month(request, "to"),
        meter_id=asked_number(request, "meter"),
        tables=ALL_TABLES,
    )
    return private_file(as_file(sheet, suffix), KINDS[suffix], f"{sheet.stem}.{suffix}", plain=f"{name}.{suffix}")
