"""The front page's handlers: what a clerk of the bank does by hand."""

from collections.abc import Callable
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from lk_reflex.core.money import format_roubles, parse_money
from lk_reflex.standins.bank import front_page as front
from lk_reflex.standins.bank.callbacks import GIVEN_UP, SENT
from lk_reflex.standins.bank.desk import Desk, Unknown
from lk_reflex.standins.bank.machine import Impossible
from lk_reflex.standins.bank.pages import PRIVATE, form_of

SHOWN = 20
FOREIGN = "Запрос пришёл с чужой страницы"
_CALLS = "SELECT bank_id, outcome, count(*) FROM calls GROUP BY bank_id, outcome"


class Clerk:
    """Sees every shop's orders."""

    def __init__(self, desk: Callable[[], Desk]) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Beside the front page itself."""
        return [Route("/orders/{order}", self.change, methods=["POST"])]

    async def show(self, request: Request) -> Response:
        """GET of the front page."""
        return await run_in_threadpool(self._drawn, done=request.query_params.get("done", ""))

    async def change(self, request: Request) -> Response:
        """POST orders/{order}: one of the buttons."""
        if not _from_here(request):
            return PlainTextResponse(FOREIGN, 403)
        form, bank_id = await form_of(request), request.path_params["order"]
        return await run_in_threadpool(self._changed, bank_id, form)

    def _changed(self, bank_id: str, form: dict[str, str]) -> Response:
        desk, do, name = self._desk(), form.get("do", ""), f"amount-{bank_id}"
        work: dict[str, Callable[[str], Any]] = {
            front.AGAIN: desk.tell_again, front.CAPTURE: desk.capture, front.REVERSE: desk.reverse,
            front.EXPIRE: desk.end_session,
        }  # fmt: skip
        try:
            if do == front.REFUND:
                if fault := _refunded(desk, bank_id, form.get(name, "")):
                    return self._drawn(faults={name: fault}, typed=form)
            elif do in work:
                work[do](bank_id)
        except (Impossible, Unknown):
            return self._drawn(faults={f"o{bank_id}": front.IMPOSSIBLE})
        return RedirectResponse(f"{desk.setup.mounted or '/'}?done={do if do in front.DONE else ''}", 303, PRIVATE)

    def _drawn(self, **more: Any) -> Response:
        desk = self._desk()
        orders = desk.newest(SHOWN)
        with desk.store.change() as books:
            calls = _calls_in_words(books.sql.execute(_CALLS).fetchall())
        return HTMLResponse(front.front_page(orders, calls, desk.setup.mounted, **more), headers=PRIVATE)


def _refunded(desk: Desk, bank_id: str, text: str) -> str:
    """Give it back; returns what is wrong with the sum as typed. Raises Unknown, Impossible."""
    try:
        amount = parse_money(text)
    except ValueError:
        return front.NO_SUM
    rest = desk.seen(bank_id=bank_id).order.rest
    if amount <= 0:
        return front.NO_SUM
    if rest and amount > rest:
        return front.TOO_MUCH.format(rest=format_roubles(rest))
    desk.refund(bank_id, amount)
    return ""


def _calls_in_words(rows: list[tuple[str, str, int]]) -> dict[str, str]:
    names = {SENT: "доставлено", GIVEN_UP: "не доставлено", "": "ждёт отправки"}
    found: dict[str, list[str]] = {}
    for bank_id, outcome, count in rows:
        found.setdefault(bank_id, []).append(f"{names[outcome]}: {count}")
    return {bank_id: ", ".join(words) for bank_id, words in found.items()}


def _from_here(request: Request) -> bool:
    origin = request.headers.get("origin")
    if origin is None:
        return request.headers.get("sec-fetch-site", "same-origin") in ("same-origin", "none")
    return origin.partition("://")[2] == request.headers.get("host", "")
