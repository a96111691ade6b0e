"""Receipts as PDF: one by its number, or those of a period in one file. Drawn in a process apart."""

from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from lk_reflex.api.papers.downloads import asked_month, asked_number, asker, explained, number_of, private_file
from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, Invalid
from lk_reflex.core.executors import on
from lk_reflex.domain.documents.facts import Paper
from lk_reflex.domain.documents.paper import paper_of
from lk_reflex.domain.documents.pdf.drawing import draw
from lk_reflex.domain.documents.period import papers_of_period
from lk_reflex.domain.documents.sheets.catalogue import account_for
from lk_reflex.domain.documents.sheets.model import plain_number
from lk_reflex.settings import get_settings
from lk_reflex.wiring import database, drawing_processes, file_threads

DOCUMENTS = "/documents"
PDF = "application/pdf"
NO_MONTHS = "Выберите, с какого и по какой месяц."
#: Whose, what, and the file's name.
Found = tuple[int, tuple[Paper, ...], str]


async def receipt_route(request: Request) -> Response:
    """GET /api/receipts/{id}.pdf → the receipt; 403 without a session, the same 404 for no such and another's."""
    return await _drawn(request, _one)


async def receipts_route(request: Request) -> Response:
    """GET /api/receipts.pdf?from=2026-01&to=2026-10 → one PDF of `account` or the chosen one; 400 says what to mend."""
    return await _drawn(request, _period)


async def _drawn(request: Request, find: Callable[[Request], Found]) -> Response:
    try:
        user_id, papers, name = await on(file_threads(), find, request)
        title = name.removesuffix(".pdf")
        body = await drawing_processes().run(str(user_id), draw, papers, get_settings().site, title)
    except DomainError as fault:
        return explained(fault, DOCUMENTS)
    return private_file(body, PDF, name, plain="receipt.pdf", shown=True)


def _one(request: Request) -> Found:
    actor = asker(request, now=utc_now())
    paper = database().read(paper_of, actor, number_of(request.path_params["receipt_id"]))
    return actor.user_id, (paper,), paper.file_name


def _period(request: Request) -> Found:
    actor = asker(request, now=utc_now())
    account = database().read(account_for, actor, asked_number(request, "account"))
    first, last = asked_month(request, "from"), asked_month(request, "to")
    if first is None or last is None:
        raise Invalid({"from": NO_MONTHS})
    first, last = min(first, last), max(first, last)
    papers = database().read(papers_of_period, actor, account.account_id, first, last)
    number = plain_number(account.number)
    return actor.user_id, papers, f"Квитанции {number} {first.key} - {last.key}.pdf"
