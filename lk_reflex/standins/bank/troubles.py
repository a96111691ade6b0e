"""What a test may let go wrong between the bank and the shop, call by call; only on a server of its own.

`POST /troubles {"call": "register.do", "kind": "silent", "times": 1, "seconds": 2}`; `DELETE /troubles` ends them all.
A call is the last part of an RBS address (`register.do`) or, with the JSON gateway, «POST payments», «GET payments»,
«POST cancel», «POST refunds»; «*» is any.
"""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from lk_reflex.standins.bank.desk import Desk


class Kind(StrEnum):
    """The first three leave the bank as it was, the next three do as asked and lose the answer."""

    SILENT = "silent"
    FAULT = "fault"
    GARBAGE = "garbage"
    DONE_SILENT = "done-silent"
    DONE_FAULT = "done-fault"
    DONE_GARBAGE = "done-garbage"
    #: RBS's own «system error», with HTTP 200; nothing done.
    SYSTEM = "system"
    #: Does and answers as it should, later.
    SLOW = "slow"


@dataclass(frozen=True, slots=True)
class Trouble:
    """One that has come."""

    kind: Kind
    seconds: float

    async def answer(self) -> Response:
        """What is answered in place of the right thing."""
        if self.kind.endswith("silent"):
            await asyncio.sleep(self.seconds)
            return HTMLResponse("", 504)
        if self.kind.endswith("fault"):
            return HTMLResponse("<html><body><h1>502 Bad Gateway</h1></body></html>", 502)
        if self.kind is Kind.SYSTEM:
            return JSONResponse({"errorCode": "7", "errorMessage": "Системная ошибка"})
        return HTMLResponse("<!doctype html><title>Технические работы</title>", 200)


async def through(desk: Desk, call: str, work: Callable[[], Response]) -> Response:
    """Do a call's work, unless there is trouble."""
    trouble = await run_in_threadpool(_taken, desk, call) if desk.setup.troubles else None
    if trouble is None:
        return await run_in_threadpool(work)
    if trouble.kind is Kind.SLOW:
        await asyncio.sleep(trouble.seconds)
        return await run_in_threadpool(work)
    if trouble.kind.startswith("done-"):
        await run_in_threadpool(work)
    return await trouble.answer()


async def order_troubles(desk: Desk, request: Request) -> Response:
    """The endpoint of tests."""
    if request.method == "DELETE":
        await run_in_threadpool(_end_all, desk)
        return JSONResponse({})
    given = json.loads(await request.body())
    seconds = float(given.get("seconds", desk.setup.silence))
    await run_in_threadpool(_add, desk, str(given["call"]), Kind(given["kind"]), int(given.get("times", 1)), seconds)
    return JSONResponse({})


def _add(desk: Desk, call: str, kind: Kind, times: int, seconds: float) -> None:
    with desk.store.change() as books:
        books.sql.execute("INSERT INTO troubles VALUES (?, ?, ?, ?)", (call, kind, times, seconds))


def _end_all(desk: Desk) -> None:
    with desk.store.change() as books:
        books.sql.execute("DELETE FROM troubles")


def _taken(desk: Desk, call: str) -> Trouble | None:
    with desk.store.change() as books:
        row = books.sql.execute(
            "SELECT rowid, kind, seconds FROM troubles WHERE call IN (?, '*') AND remaining > 0 ORDER BY rowid", (call,)
        ).fetchone()
        if row is None:
            return None
        books.sql.execute("UPDATE troubles SET remaining = remaining - 1 WHERE rowid = ?", (row[0],))
    return Trouble(Kind(row[1]), row[2])
