"""The people of the last day, each a script over the wire as a browser speaks it.

A step is timed from when it was due, not from when the client got round to it.
"""

import asyncio
import json
import re
import secrets
import time
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import aiohttp

from benchmarks.city.outcomes import Seen
from benchmarks.clients import HEADERS, HYDRATED, ROOT_STATE, Reflex
from benchmarks.places import PASSWORD, cookie
from lk_reflex.core.months import Month

#: A step that takes longer than this is an error: the person has gone.
PATIENCE = 60.0
THINKS = (2.0, 8.0)
BUSY = "Сейчас много обращений"
#: The cabinet's name behind the proxy.
SITE = "https://lk.test"
#: How cookies begin behind https; see `api/edge/prefixed.py`.
HOST = "__Host-"
_STATES = {
    "/readings": "lk_reflex___ui___resident___readings___state____readings_state",
    "/guest": "lk_reflex___ui___public___guest___state____guest_state",
}
_KEY = re.compile(r'"form_key_rx_state_":"([^"]+)"')
_CHARGES = f"{ROOT_STATE}.reflex___state____on_load_internal_state.on_load_internal"


@dataclass(frozen=True)
class Neighbour:
    """One account as its resident knows it; `rows` are the form's fields with what the meters show now."""

    account: int
    number: str
    house: str
    flat: str
    rows: dict[str, str] = field(default_factory=dict)


class Put(Exception):
    """The cabinet has asked to come again later."""


class Person:
    """One arrival. `base` is the cabinet's address, `due` when the arrival was scheduled (perf_counter).

    `http` comes from an address of its own: the limits for one address aren't what is measured here.
    """

    def __init__(self, http: aiohttp.ClientSession, base: str, who: Neighbour, seen: Seen, due: float) -> None:
        self.http, self.base, self.who, self.seen, self.due = http, base, who, seen, due
        self.cookies = ""
        #: Whether the fault that ended the visit is counted already.
        self.told = False
        # The name by which the cabinet knows itself; only the proxy asks for it by that.
        self.host = urlsplit(SITE if base.startswith("https:") else base).netloc

    async def step(self, kind: str, work: Any) -> Any:
        """Time one step; what was due earlier is late already."""
        began, self.due = self.due or time.perf_counter(), 0.0
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await work
        except Put:
            self.seen.shed(kind)
            raise
        except Exception as fault:
            self.seen.failed(kind, fault)
            self.told = True
            raise
        self.seen.took(kind, time.perf_counter() - began)
        return answer

    async def think(self) -> None:
        await asyncio.sleep(THINKS[0] + secrets.randbelow(int((THINKS[1] - THINKS[0]) * 1000)) / 1000)

    def headers(self) -> dict[str, str]:
        return {**HEADERS, "Host": self.host, "Origin": SITE, "Cookie": self.cookies}

    async def page(self, path: str) -> None:
        async with self.http.get(f"{self.base}{path}", headers=self.headers(), allow_redirects=False) as answer:
            await answer.read()
            if answer.status == 503:
                raise Put
            assert answer.status == 200, (answer.status, answer.headers.get("location"))

    async def post(self, path: str, name: str, **form: str) -> None:
        """A native form; keeps the cookie that it gives."""
        url, headers = f"{self.base}{path}", {**self.headers(), "Content-Type": "application/x-www-form-urlencoded"}
        body = "&".join(f"{key}={quote(value)}" for key, value in form.items())
        async with self.http.post(url, data=body, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            if answer.status == 503 or BUSY in _flash(answer):
                raise Put
            found = answer.cookies.get(HOST + name)
            assert found is not None and found.value, (answer.status, answer.headers.get("location"), _flash(answer))
            self.cookies = f"{HOST}{name}={found.value}"


def _flash(answer: aiohttp.ClientResponse) -> str:
    note = answer.cookies.get(f"{HOST}lk_flash")
    try:
        return str(json.loads(unquote(note.value))) if note and note.value else ""
    except ValueError:
        return ""


class Tab(Reflex):
    """A connected tab of the cabinet; `heard` are the frames of the answer that is awaited."""

    def __init__(self, person: Person, path: str) -> None:
        self.person, self.path, self.query = person, path, {}
        self.heard: list[str] = []
        super().__init__(person.http, person.base, person.who.account)

    def make_frames(self) -> list[str]:
        return []

    async def read(self) -> None:
        assert self.socket is not None
        async for message in self.socket:
            if message.data == "2":
                await self.socket.send_str("3")
                continue
            self.heard.append(message.data)
            if self.awaited and not self.awaited.done() and self.wanted in message.data:
                self.awaited.set_result(message.data)

    async def ask(self, frame: str, wanted: str) -> str:
        self.heard.clear()
        return await super().ask(frame, wanted)

    def address(self) -> dict[str, Any]:
        query = "&".join(f"{name}={value}" for name, value in self.query.items())
        return {"pathname": self.path, "asPath": f"{self.path}?{query}" if query else self.path, "query": self.query}

    async def connect(self) -> None:
        """Up to a filled page; `opened` holds what came."""
        self.socket = await self.session.ws_connect(
            f"{self.url.replace('http', 'ws', 1)}/_event/?EIO=4&transport=websocket&token={self.token}",
            headers=self.person.headers(), max_msg_size=0,
        )  # fmt: skip
        first = await self.socket.receive_str()
        assert first.startswith("0{"), first
        self.reader = asyncio.create_task(self.read())
        await self.ask(f"40/_event,{json.dumps({'event': self.boot()})}", HYDRATED)
        self.opened = "".join(self.heard)  # the snapshot comes in a frame before
        if BUSY in self.opened:
            raise Put

    async def call(self, handler: str, wanted: str, **payload: Any) -> str:
        body = ["event", {"name": handler, "payload": payload, "router_data": self.address()}]
        answer = await self.ask(f"42/_event,{json.dumps(body, separators=(',', ':'))}", wanted)
        if BUSY in answer:
            raise Put
        return answer


async def send_reading(person: Person, path: str) -> None:
    """Open the form, look at the meters, send. What the cabinet confirms is written down for the final count."""
    await person.step("page", person.page(path))
    tab = Tab(person, path)
    try:
        await person.step("form of readings", tab.connect())
        found = _KEY.search(tab.opened)
        assert found, tab.opened[-500:]
        await person.think()
        fields = [["form_key", found[1]], ["taken_on", ""]]
        fields += [[f"reading-{row}", text] for row, text in person.who.rows.items()]
        # On the way it may be stored and the answer lost: known by its key at the end.
        person.seen.sending.add(found[1])
        form = {"__reflex_form_data__": fields}
        handler = f"{ROOT_STATE}.{_STATES[path]}.submit"
        answer = await person.step("reading", tab.call(handler, '"answers_rx_state_"', form=form))
        if '"taken_title_rx_state_":"Показания' in answer:
            person.seen.told[found[1]] = len(person.who.rows)
        else:
            person.seen.refused(answer)
    finally:
        await tab.close()


async def guest(person: Person) -> None:
    """Number, house and flat, then the form."""
    who = person.who
    entered = person.post("/api/guest", "lk_guest", number=who.number, house=who.house, flat=who.flat)
    await person.step("guest entry", entered)
    await send_reading(person, "/guest")


async def signing_in(person: Person) -> None:
    """Login and password, then the form."""
    login = f"r{person.who.account}@example.org"
    entered = person.post("/api/sign-in", "lk_session", login=login, password=PASSWORD, next="/readings")
    await person.step("sign-in", entered)
    await send_reading(person, "/readings")


async def returning(person: Person) -> None:
    """The browser remembers the session."""
    person.cookies = f"{HOST}lk_session={cookie(person.who.account)}"
    await send_reading(person, "/readings")


async def looking(person: Person) -> None:
    """Charges of a few months."""
    person.cookies = f"{HOST}lk_session={cookie(person.who.account)}"
    await person.step("page", person.page("/charges"))
    tab = Tab(person, "/charges")
    try:
        await person.step("section", tab.connect())
        for back in (2, 3, 4):
            await person.think()
            tab.query = {"month": Month.of(date.today()).shift(-back).key}  # noqa: DTZ011  any day will do
            await person.step("month switch", tab.call(_CHARGES, '"is_hydrated_rx_state_"'))
    finally:
        await tab.close()


#: Of a hundred arrivals: who comes, on the last day. Ninety of them bring a reading.
MIX = ((guest, 40), (returning, 35), (signing_in, 15), (looking, 10))
READINGS_SHARE = 0.9
