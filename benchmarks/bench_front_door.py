"""Whether time tells known addresses from unknown ones: sign-in and «Забыли пароль?», 200 samples of each.

`python -m benchmarks.bench_front_door [--samples N]` serves the cabinet over a database of its own. Every sample has a
client address and an e-mail of its own, so that no limit answers instead; known and unknown ones come in random order.
"""

import argparse
import asyncio
import json
import math
import os
import random
import shutil
import time
import uuid
from datetime import UTC, datetime
from statistics import quantiles

import aiohttp

from benchmarks.clients import HEADERS, HYDRATED, ROOT_STATE, SOCKET, WAIT, Reflex
from benchmarks.data import KEY
from benchmarks.places import BENCH, PYTHON
from benchmarks.servers import PRODUCT, build_product, product_env, running, start
from lk_reflex.core.db import Database
from lk_reflex.core.migrations import migrate
from lk_reflex.domain.identity.passwords.hashing import hash_password
from lk_reflex.domain.identity.users import put_user

DATA = BENCH / "front-door"
ASK = f"{ROOT_STATE}.lk_reflex___ui___public___forgot___state____forgot_state.ask"
PAGE = {"pathname": "/forgot", "asPath": "/forgot", "query": {}}
KNOWN, UNKNOWN = "known", "unknown"
Samples = dict[str, list[float]]


def prepare(people: int) -> None:
    """A fresh database with that many logins."""
    shutil.rmtree(DATA, ignore_errors=True)
    DATA.mkdir(parents=True)
    (DATA / "secret.key").write_bytes(KEY)
    database = Database(f"sqlite:///{DATA / 'lk.db'}")
    migrate(database.engine)
    hashed = hash_password("нужный пароль", KEY)
    with database.transaction() as db:
        for number in range(people):
            put_user(db, _email(KNOWN, number), "resident", hashed, now=datetime.now(UTC))
    database.close()


def _email(kind: str, number: int) -> str:
    return f"{kind}{number:05}@example.org"


def _order(samples: int) -> list[tuple[str, int]]:
    order = [(kind, number) for kind in (KNOWN, UNKNOWN) for number in range(samples)]
    random.Random(2026).shuffle(order)
    return order


class Visitor(Reflex):
    """Somebody at /forgot with a network address of their own."""

    def __init__(self, session: aiohttp.ClientSession, url: str, address: str) -> None:
        super().__init__(session, url, 0)
        self.own = address

    def make_frames(self) -> list[str]:
        return []

    def address(self) -> dict[str, object]:
        return PAGE

    async def connect(self) -> None:
        headers = {**HEADERS, "Origin": self.url, "X-Forwarded-For": self.own}
        self.socket = await self.session.ws_connect(
            f"{self.url.replace('http', 'ws', 1)}{SOCKET}{uuid.uuid4()}", headers=headers
        )
        await asyncio.wait_for(self.socket.receive_str(), WAIT)
        self.reader = asyncio.create_task(self.read())
        await self.ask(f"40/_event,{json.dumps({'event': self.boot()})}", HYDRATED)

    async def forgot(self, email: str) -> float:
        """Milliseconds from the press to the answer."""
        form = {"__reflex_form_data__": [["email", email]]}
        event = {"name": ASK, "payload": {"form": form}, "router_data": PAGE}
        began = time.perf_counter()
        answer = await self.ask(f"42/_event,{json.dumps(['event', event])}", "delta")
        took = time.perf_counter() - began
        assert email in answer and "sent_to" in answer, answer
        return took * 1000


async def sign_ins(url: str, samples: int) -> Samples:
    """Milliseconds of a refused sign-in."""
    found: Samples = {KNOWN: [], UNKNOWN: []}
    async with aiohttp.ClientSession() as session:
        for place, (kind, number) in enumerate(_order(samples)):
            form = {"login": _email(kind, number), "password": "не тот пароль", "next": ""}
            headers = {"Origin": url, "X-Forwarded-For": _client(1, place)}
            began = time.perf_counter()
            async with session.post(f"{url}/api/sign-in", data=form, headers=headers, allow_redirects=False) as answer:
                await answer.read()
                took = time.perf_counter() - began
                assert (answer.status, answer.headers["location"]) == (303, "/?fault=1"), answer
            found[kind].append(took * 1000)
    return found


async def forgots(url: str, samples: int) -> Samples:
    """Milliseconds of «Отправить ссылку»."""
    found: Samples = {KNOWN: [], UNKNOWN: []}
    async with aiohttp.ClientSession() as session:
        for place, (kind, number) in enumerate(_order(samples)):
            visitor = Visitor(session, url, _client(2, place))
            await visitor.connect()
            found[kind].append(await visitor.forgot(_email(kind, number)))
            await visitor.close()
    return found


def _client(net: int, place: int) -> str:
    return f"10.{net}.{place // 250}.{place % 250 + 1}"


def report(what: str, found: Samples) -> None:
    """Medians, quartiles, and how far apart the two distributions are."""
    print(f"\n{what}, milliseconds")
    spans = {}
    for kind, values in found.items():
        low, middle, high = quantiles(values, n=4)
        spans[kind] = (low, high)
        ends = f"from {min(values):.2f} to {max(values):.2f}"
        print(f"  {kind:8} n {len(values)}  quartiles {low:8.2f} {middle:8.2f} {high:8.2f}  {ends}")
    (a, b), (c, d) = spans.values()
    shared = max(0.0, min(b, d) - max(a, c)) / min(b - a, d - c)
    distance, chance = smirnov(*found.values())
    guess = sum((x > y) + 0.5 * (x == y) for x in found[KNOWN] for y in found[UNKNOWN]) / (
        len(found[KNOWN]) * len(found[UNKNOWN])
    )
    print(f"  the quartile ranges share {shared:.0%} of the narrower one")
    print(f"  Kolmogorov-Smirnov D {distance:.3f}, p {chance:.3f}; a known one is slower in {guess:.1%} of pairs")


def smirnov(one: list[float], other: list[float]) -> tuple[float, float]:
    """The two-sample statistic and its asymptotic p."""
    values = sorted(set(one) | set(other))
    one, other = sorted(one), sorted(other)
    apart, at, beside = 0.0, 0, 0
    for value in values:
        while at < len(one) and one[at] <= value:
            at += 1
        while beside < len(other) and other[beside] <= value:
            beside += 1
        apart = max(apart, abs(at / len(one) - beside / len(other)))
    scale = math.sqrt(len(one) * len(other) / (len(one) + len(other)))
    reach = (scale + 0.12 + 0.11 / scale) * apart
    if reach < 0.3:  # the series doesn't come to an end there
        return apart, 1.0
    chance = 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * reach * reach) for k in range(1, 101))
    return apart, min(max(chance, 0.0), 1.0)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(prog="python -m benchmarks.bench_front_door")
    options.add_argument("--samples", type=int, default=200)
    samples = options.parse_args().samples
    build_product()
    prepare(samples)
    env = {**product_env(0, PRODUCT), "LK_DATA_DIR": str(DATA), "LK_TRUSTED_PROXY_HOPS": "1"}
    os.environ.pop("LK_DATABASE_URL", None)
    with running(start("front-door", PRODUCT, [PYTHON, "-m", "lk_reflex", "serve"], path="/ping", **env)) as server:
        asyncio.run(sign_ins(server.url, 5))  # warm
        asyncio.run(forgots(server.url, 5))
        forget_all()
        report("A refused sign-in", asyncio.run(sign_ins(server.url, samples)))
        report("«Забыли пароль?»", asyncio.run(forgots(server.url, samples)))


def forget_all() -> None:
    """The warming's tries don't count."""
    database = Database(f"sqlite:///{DATA / 'lk.db'}")
    with database.transaction() as db:
        db.connection.exec_driver_sql("DELETE FROM attempts")
    database.close()


if __name__ == "__main__":
    main()
