"""Two web processes over PostgreSQL and Redis, known as https://lk.test, with both proxies in front of them at once."""

import asyncio
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from types import SimpleNamespace

import aiohttp
import pytest
import pytest_asyncio
import socketio
from aiohappyeyeballs import AddrInfoType

from benchmarks.city.crowd import Here
from lk_reflex.core.clock import utc_now
from lk_reflex.domain.identity.access import RESIDENT
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.users import put_user
from tests.city.conftest import residents  # noqa: F401  of the city below
from tests.city.people import settle
from tests.city.town import PATIENCE, City
from tests.front.front import COOKIE, NAME, SITE, Caddy, Front, Nginx
from tests.front.slow import BODIES, SlowOnes
from tests.served.conftest import RawSocket


@dataclass(frozen=True)
class Person:
    """Somebody with a password."""

    email: str
    password: str = "zhivem-u-reki-2026"


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    own = {"LK_PUBLIC_URL": SITE, "LK_TRUSTED_PROXY_HOPS": "1"}
    running = City(tmp_path_factory.mktemp("front-city"), worker_count=0, extra=own).start(settle)
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="module")
def fronts(city: City, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Front]]:
    folder, webs = tmp_path_factory.mktemp("fronts"), [f"127.0.0.1:{web.port}" for web in city.webs]
    made: dict[str, Front] = {"nginx": Nginx(folder / "nginx", webs), "caddy": Caddy(folder / "caddy", webs)}
    try:
        for one in made.values():
            one.start()
        yield made
    finally:
        for one in made.values():
            one.stop()


@pytest.fixture(scope="module")
def slow_ones(fronts: dict[str, Front]) -> Iterator[dict[str, SlowOnes]]:
    """Connections that never finish what they begin, at both proxies, from before the first test on."""
    # Caddy has one limit for all bodies, and a package of billing's takes its time.
    made = {name: SlowOnes(front, BODIES if name == "nginx" else 0) for name, front in fronts.items()}
    try:
        for one in made.values():
            one.start()
        yield made
    finally:
        for one in made.values():
            one.stop()


@pytest.fixture(params=["nginx", "caddy"])
def front(request: pytest.FixtureRequest, fronts: dict[str, Front], slow_ones: dict[str, SlowOnes]) -> Front:
    """Each of them in turn."""
    return fronts[request.param]


@pytest.fixture
def nginx(fronts: dict[str, Front], slow_ones: dict[str, SlowOnes]) -> Front:
    """For what Caddy doesn't do."""
    return fronts["nginx"]


@pytest.fixture
def client(front: Front):
    with front.client() as one:
        yield one


@pytest.fixture(scope="module")
def person(city: City) -> Person:
    one = Person("zhitel-za-proksi@example.org")
    hashed = hash_password(one.password, city.env()["LK_SECRET_KEY"].encode())
    city.database.write(put_user, one.email, RESIDENT, hashed, now=utc_now())
    return one


@pytest_asyncio.fixture
async def wss():
    """Makes sockets through a proxy: `wss(front, cookie, origin=…)`."""
    sessions: dict[Front, aiohttp.ClientSession] = {}
    opened: list[RawSocket] = []
    lines: list[socket.socket] = []

    def line(address: AddrInfoType) -> socket.socket:
        family, kind, protocol, *_ = address
        lines.append(socket.socket(family, kind, protocol))
        return lines[-1]

    def make(front: Front, cookie: str = "", **options) -> RawSocket:
        if front not in sessions:
            connector = aiohttp.TCPConnector(resolver=Here(), ssl=front.trust(), socket_factory=line)
            sessions[front] = aiohttp.ClientSession(connector=connector)
        one = RawSocket(SimpleNamespace(base=f"https://{NAME}:{front.https}"), cookie, **options)  # pyright: ignore[reportArgumentType]
        one.cookies = cookie and f"{COOKIE}={cookie}"
        one.client = socketio.AsyncClient(reconnection=False, http_session=sessions[front])
        opened.append(one)
        return one

    yield make
    for one in opened:
        if one.client.connected:
            await one.client.disconnect()
    for session in sessions.values():
        await session.close()
    # A line behind TLS takes leave of its other end first: the loop has to be there until it has.
    async with asyncio.timeout(PATIENCE):
        while any(one.fileno() != -1 for one in lines):
            await asyncio.sleep(0.01)
