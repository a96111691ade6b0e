"""People who come through nginx all the while, and write down what each press of theirs was told.

Every one of them does one kind of thing again and again; whatever is killed meanwhile, they press on. What they have
been told is held against the database, the bank's books and the mailbox by `tests/city/books.py`.
"""

import asyncio
import json
import re
import threading
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal
from urllib.parse import unquote

import aiohttp

from benchmarks.city.crowd import session_at
from lk_reflex.core.db import SILENT
from lk_reflex.domain.identity.cookies import FLASH_COOKIE, GUEST_COOKIE, SESSION_COOKIE
from lk_reflex.ui.gate import HYDRATE, ON_LOAD
from lk_reflex.ui.paths import request_page
from lk_reflex.ui.public.forgot.state import ForgotState
from lk_reflex.ui.public.guest.state import GuestState
from lk_reflex.ui.resident.appeal.state import AppealState
from lk_reflex.ui.resident.readings.state import ReadingsState
from tests.bank import type_card
from tests.city.stock import Guest, Payer, Sender, Writer
from tests.front.front import NAME, SITE, Front

HOST = "__Host-"
HYDRATED = r'"is_hydrated_rx_state_":true'
#: The guard's own sentence, whatever it is: what was pressed may have been done or not.
FAULT = r'"fault_rx_state_":"[^"]'
_FORM_KEY = re.compile(r'"form_key_rx_state_":"([^"]+)"')
#: Of one press, however busy the machine is; in seconds.
WAITS = 60.0
#: Between two presses of the same person, in seconds.
REST = 0.5

Outcome = Literal["told", "refused", "silent"]
SAID: tuple[Outcome, ...] = ("told", "refused", "silent")
Said = tuple[Outcome, str]
Habit = Callable[["Way", Any, list[str]], Awaitable[Said]]


@dataclass(frozen=True)
class Press:
    """One press of `kind`: `key` finds it in the database; `at` says after which kill it was begun."""

    kind: str
    key: str
    outcome: Outcome
    at: int
    saw: str = ""


class NoAnswer(Exception):
    """The line broke, or what came back says nothing about the press."""


class Line:
    """A tab's connection, which notices at once when it is cut."""

    def __init__(self, http: aiohttp.ClientSession, base: str, path: str, cookies: str, token: str = "") -> None:
        self.http, self.base, self.path, self.cookies = http, base, path, cookies
        self.token, self.heard = token or str(uuid.uuid4()), ""
        self._news = asyncio.Event()
        self._over = False

    async def open(self) -> str:
        """Up to a filled page; all that came with it."""
        url = f"{self.base.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket&token={self.token}"
        headers = {"Origin": SITE, "Host": NAME, **({"Cookie": self.cookies} if self.cookies else {})}
        self._socket = await self.http.ws_connect(url, headers=headers, max_msg_size=0)
        self._reader = asyncio.create_task(self._read())
        await self._socket.send_str(f"40/_event,{json.dumps({'event': self._event(HYDRATE, {})})}")
        return await self.hears(HYDRATED)

    async def call(self, handler: str, until: str, **payload: Any) -> str:
        """Send an event; all that came until one of these words did."""
        self.heard = ""
        await self._socket.send_str(f"42/_event,{json.dumps(['event', self._event(handler, payload)])}")
        return await self.hears(until)

    async def go(self, address: str) -> str:
        """Follow a link within the cabinet."""
        self.path = address
        return await self.call(ON_LOAD, HYDRATED)

    async def hears(self, until: str) -> str:
        """All that came, once these words did; raises NoAnswer where the line ends before."""
        async with asyncio.timeout(WAITS):
            while not re.search(until, self.heard):
                if self._over:
                    raise NoAnswer(self.heard[-300:])
                self._news.clear()
                await self._news.wait()
        return self.heard

    async def over(self) -> str:
        """Wait for the end of the line; all that came before it."""
        await asyncio.wait_for(asyncio.shield(self._reader), WAITS)
        return self.heard

    async def close(self) -> None:
        await self._socket.close()
        self._reader.cancel()

    async def _read(self) -> None:
        try:
            async for message in self._socket:
                if message.type is not aiohttp.WSMsgType.TEXT:
                    break
                if message.data == "2":
                    await self._socket.send_str("3")
                self.heard += message.data
                self._news.set()
        finally:
            self._over = True
            self._news.set()

    def _event(self, name: str, payload: dict[str, Any]) -> dict[str, Any]:
        path, _, query = self.path.partition("?")
        given = dict(part.split("=", 1) for part in query.split("&") if "=" in part)
        return {
            "name": name,
            "payload": payload,
            "router_data": {"pathname": path, "asPath": self.path, "query": given},
        }


class Way:
    """The way in through a proxy: each visit from an address of its own, which limits of addresses don't stop."""

    def __init__(self, front: Front) -> None:
        self.front, self._addresses = front, count()
        self.base = f"https://{NAME}:{front.https}"

    @asynccontextmanager
    async def http(self) -> AsyncIterator[aiohttp.ClientSession]:
        """A new visitor's."""
        number = next(self._addresses)
        address = f"127.{number // 200 % 200 + 9}.{number % 200 + 1}.1"
        async with session_at(address, str(self.front.folder / "fullchain.pem")) as session:
            yield session

    @asynccontextmanager
    async def tab(self, path: str, cookies: str = "", token: str = "") -> AsyncIterator[Line]:
        """An opened page."""
        async with self.http() as session:
            line = Line(session, self.base, path, cookies, token)
            try:
                await line.open()
                yield line
            finally:
                if hasattr(line, "_socket"):
                    await line.close()

    async def post(self, path: str, cookies: str, **form: str) -> tuple[aiohttp.ClientResponse, str]:
        """A form's answer, not followed; raises NoAnswer for the proxy's own pages."""
        headers = {"Origin": SITE, "Host": NAME, **({"Cookie": cookies} if cookies else {})}
        async with (
            self.http() as session,
            session.post(f"{self.base}{path}", data=form, headers=headers, allow_redirects=False) as answer,
        ):
            text = await answer.text()
            if answer.status >= 500:
                raise NoAnswer(answer.status)
            return answer, text


def signed(cookie: str) -> str:
    return f"{HOST}{SESSION_COOKIE}={cookie}"


@dataclass
class Crowd:
    """`presses` is all that was pressed until now, `pressing` the habits that are at it just now.

    `killed` counts what has been done to the city: after each such thing every habit goes on until it is told once that
    what was pressed is taken. More presses would run into the limits that people have.
    """

    way: Way
    presses: list[Press] = field(default_factory=list)
    pressing: set[Habit] = field(default_factory=set)
    killed: int = 0

    @contextmanager
    def busy(self, habits: dict[Habit, Iterator[Any]]) -> Iterator[None]:
        """While the block runs, each of these habits is somebody's; in a loop of their own, for the block may wait."""
        ending = threading.Event()
        with ThreadPoolExecutor(1) as thread:
            living = thread.submit(lambda: asyncio.run(self._all(ending, habits)))
            try:
                yield
            finally:
                ending.set()
        living.result()

    async def _all(self, ending: threading.Event, habits: dict[Habit, Iterator[Any]]) -> None:
        await asyncio.gather(*(self._live(ending, habit, people) for habit, people in habits.items()))

    async def _live(self, ending: threading.Event, habit: Habit, people: Iterator[Any]) -> None:
        while not ending.is_set():
            if not self.of(habit, "told", since=self.killed):
                self.pressing.add(habit)
                self.presses.append(await self._pressed(habit, next(people), self.killed))
                self.pressing.discard(habit)
            await asyncio.sleep(REST)

    async def _pressed(self, habit: Habit, who: Any, at: int) -> Press:
        key: list[str] = []
        outcome: Outcome
        try:
            outcome, saw = await habit(self.way, who, key)
        except Exception as fault:  # noqa: BLE001  whatever it was, nothing was said
            outcome, saw = "silent", f"{type(fault).__name__} {fault}"
        return Press(habit.__name__, key[0] if key else "", outcome, at, saw)

    def pressed(self) -> bool:
        """Whether any press since the last of that is over."""
        return any(one.at == self.killed for one in self.presses)

    def of(self, habit: Habit, *outcomes: Outcome, since: int = 0) -> list[Press]:
        """The presses of a habit that came to this, begun after that kill; those without a key have stored nothing."""
        found = [one for one in self.presses if one.kind == habit.__name__ and one.at >= since]
        return [one for one in found if one.outcome in outcomes and one.key]


# What they do. Each puts the key of its press into `key` before anything could be stored under it.


async def sends_readings(way: Way, who: Sender, key: list[str]) -> Said:
    """A resident, over the socket."""
    async with way.tab("/readings", signed(who.cookie)) as tab:
        return await _send(tab, who, f"{ReadingsState.get_full_name()}.submit", key)


async def sends_as_guest(way: Way, who: Guest, key: list[str]) -> Said:
    """Number, house and flat by a form; then the readings."""
    answer, _ = await way.post("/api/guest", "", number=who.number, house=who.house, flat=who.flat)
    found = answer.cookies.get(HOST + GUEST_COOKIE)
    if found is None or not found.value:
        return "refused", str(answer.headers.get("location"))
    async with way.tab("/guest", f"{HOST}{GUEST_COOKIE}={found.value}") as tab:
        return await _send(tab, who, f"{GuestState.get_full_name()}.submit", key)


async def _send(tab: Line, who: Sender | Guest, handler: str, key: list[str]) -> Said:
    found = _FORM_KEY.search(tab.heard)
    if not found:
        raise NoAnswer("no form")
    key.append(found[1])
    fields = [["form_key", found[1]], ["taken_on", ""], *([f"reading-{row}", text] for row, text in who.rows())]
    heard = await tab.call(handler, rf'"answers_rx_state_"|{FAULT}', form={"__reflex_form_data__": fields})
    if '"taken_title_rx_state_":"Показания' in heard:
        return "told", ""
    return ("silent" if re.search(FAULT, heard) else "refused"), heard[-400:]


async def writes(way: Way, who: Writer, key: list[str]) -> Said:
    """An appeal: the form, its check page, «Отправить»."""
    number, name = await asyncio.to_thread(who.draft), AppealState.get_full_name()
    key.append(number)
    async with way.tab(f"/services/appeal/{number}", signed(who.cookie)) as tab:
        form = {"topic": who.topic, "text": "Во дворе не горит фонарь", "phone": "+7 900 000-00-00"}
        await tab.call(f"{name}.check", rf'"_redirect"|"faults_rx_state_":\[\{{|{FAULT}', form=form)
        await tab.go(f"/services/appeal/{number}?check=1")
        heard = await tab.call(f"{name}.send", rf'"_redirect"|"outcome_kind_rx_state_":"bad"|{FAULT}')
    if request_page(number) in heard:
        return "told", ""
    return ("silent" if re.search(FAULT, heard) else "refused"), heard[-400:]


async def pays(way: Way, who: Payer, key: list[str]) -> Said:
    """«Оплатить», and a card at the bank."""
    said = await orders(way, who, key)
    if said[0] == "told":
        with suppress(Exception):  # whatever becomes of the card, the order was taken
            await asyncio.to_thread(type_card, await asyncio.to_thread(who.bank_page))
    return said


async def orders(way: Way, who: Payer, key: list[str]) -> Said:
    """«Оплатить» alone."""
    key.append(who.form)
    answer, text = await way.post("/api/cart/pay", signed(who.cookie), **who.pressed())
    if answer.status == 303:  # the bank is asked still, or it is told why not
        location, note = answer.headers["location"], answer.cookies.get(HOST + FLASH_COOKIE)
        if note is not None and SILENT in unquote(note.value):
            raise NoAnswer(SILENT)  # before the order was taken, or after
        return ("told" if location.startswith("/cart/result/") else "refused"), location
    if answer.status != 200:
        raise NoAnswer(f"{answer.status} {text[:200]}")
    return "told", ""


async def asks_for_a_letter(way: Way, email: str, key: list[str]) -> Said:
    """«Забыли пароль?»."""
    key.append(email)
    async with way.tab("/forgot") as tab:
        ask = f"{ForgotState.get_full_name()}.ask"
        heard = await tab.call(ask, rf'"answers_rx_state_"|{FAULT}', form={"email": email})
    if f'"sent_to_rx_state_":"{email}"' in heard:
        return "told", ""
    return ("silent" if re.search(FAULT, heard) else "refused"), heard[-400:]
