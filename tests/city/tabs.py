"""Somebody's tabs at one process or another, past the proxy: what they show, and what becomes of them."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest

from benchmarks.city.crowd import session_at
from lk_reflex.ui.shared.words import NO_STATES
from tests.city import books
from tests.city.lines import Line, NoAnswer, signed
from tests.city.people import Resident
from tests.city.town import PATIENCE, City, Proc


async def until(condition: Callable[[], bool | Awaitable[bool]], what: str, say: Callable[[], str] = str) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not (await said if isinstance(said := condition(), Awaitable) else said):
                await asyncio.sleep(0.05)
    except TimeoutError:
        pytest.fail(f"{what}: {say()}")


@asynccontextmanager
async def at(city: City, web: int, who: Resident, token: str = "") -> AsyncIterator[Line]:
    """A page of somebody's at one of the processes, past nginx, with what is theirs."""
    async with line_to(city.bases[web], who, token) as line:
        assert set(numbers(city, who)) <= set(re.findall(r"\d+", line.heard))
        yield line


@asynccontextmanager
async def line_to(base: str, who: Resident, token: str = "") -> AsyncIterator[Line]:
    async with session_at("127.0.0.1", "") as session:
        line = Line(session, base, "/overview", signed(who.cookie), token)
        assert who.email in await line.open()
        try:
            yield line
        finally:
            await line.close()


async def refused(city: City, web: int, tab: Line) -> bool:
    """Whether the tab that comes back is told why it can't."""
    async with session_at("127.0.0.1", "") as session:
        line = Line(session, city.bases[web], tab.path, tab.cookies, tab.token)
        try:
            await line.open()
        except NoAnswer:
            return f'44/_event,{{"message": "{NO_STATES}"}}' in line.heard
        finally:
            await line.close()
    return False


def others(city: City, who: Resident, people: Iterable[Resident]) -> set[str]:
    """What only they should see."""
    return {word for other in people if other is not who for word in (other.email, *numbers(city, other))}


def numbers(city: City, who: Resident) -> list[str]:
    return [row.number for row in books.rows(city, f"SELECT number FROM accounts WHERE id = {who.account}")]


def tabs_at(web: Proc) -> str:
    with suppress(httpx.HTTPError):
        return httpx.get(f"{web.base}/api/health/ready").json().get("tabs", "")
    return ""
