"""The generator, a process of its own: people arrive on a schedule that doesn't wait for anybody's answer.

It reads JSON commands, one a line: {"rate": 5.0, "seconds": 60} lets people come five a second (evenly random, as
strangers do), waits until the last has gone, and prints what they have been through. {"shape": [[0, 1], [60, 11]], …}
lets the rate move along these points instead.
"""

import asyncio
import json
import random
import socket
import ssl
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import aiohttp
import aiohttp.abc

from benchmarks.city.outcomes import Seen
from benchmarks.city.visits import MIX, Neighbour, Person, Put

#: At one moment at most: beyond it the client itself would be what is measured, and says so.
MOST = 4000
#: From so many addresses; each has limits of its own, at the proxy and in the cabinet.
ADDRESSES = 300
Points = list[list[float]]


def schedule(points: Points, dice: random.Random) -> Iterator[float]:
    """Moments of arrivals, in seconds from the beginning: a Poisson process whose rate moves along the points."""
    at, end, top = 0.0, points[-1][0], max(rate for _, rate in points)
    while top > 0:
        at += dice.expovariate(top)
        if at >= end:
            return
        if dice.random() * top < rate_at(points, at):
            yield at


def rate_at(points: Points, at: float) -> float:
    """The rate between two points, straight from one to the other."""
    for (left, low), (right, high) in pairwise(points):
        if left <= at <= right:
            return low + (high - low) * (at - left) / ((right - left) or 1)
    return points[-1][1]


class Here(aiohttp.abc.AbstractResolver):
    """Whatever the name, it is this machine."""

    async def resolve(self, host: str, port: int = 0, family: Any = socket.AF_INET) -> list[Any]:
        return [{"hostname": host, "host": "127.0.0.1", "port": port, "family": socket.AF_INET, "proto": 0, "flags": 0}]

    async def close(self) -> None:
        """Nothing to close."""


def session_at(address: str, trust: str) -> aiohttp.ClientSession:
    """People behind one address of this machine. No jar: one for all would mix everybody's cookies."""
    tls: Any = ssl.create_default_context(cafile=trust) if trust else True
    connector = aiohttp.TCPConnector(limit=0, force_close=True, resolver=Here(), ssl=tls, local_addr=(address, 0))
    timeout = aiohttp.ClientTimeout(total=None)
    jar = aiohttp.DummyCookieJar()
    return aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar, auto_decompress=False)


class Crowd:
    """`bases` get the arrivals by turns; `neighbours` come one after the other, far apart in the database."""

    def __init__(self, bases: list[str], neighbours: list[Neighbour], trust: str = "") -> None:
        self.bases, self.neighbours = bases, neighbours
        self.sessions = [session_at(f"127.{place // 200 + 1}.{place % 200 + 1}.1", trust) for place in range(ADDRESSES)]
        self.dice = random.Random(20261125)
        self.dice.shuffle(self.neighbours)
        self.next = 0

    async def come(self, points: Points) -> dict[str, Any]:
        """One stretch; the summary, with how many came and how late the generator itself was."""
        seen, began, tasks, late, came = Seen(), time.perf_counter(), set[asyncio.Task[None]](), 0.0, 0
        cpu = time.process_time()
        for at in schedule(points, self.dice):
            await asyncio.sleep(max(0.0, began + at - time.perf_counter()))
            late = max(late, time.perf_counter() - began - at)
            if len(tasks) >= MOST:
                seen.errors["the generator is full"] += 1
                continue
            came += 1
            task = asyncio.create_task(self._one(seen, began + at))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)
        seconds = time.perf_counter() - began
        busy = (time.process_time() - cpu) / seconds
        return {**seen.summary(), "came": came, "seconds": seconds, "late": late, "client_cores": busy}

    async def close(self) -> None:
        """Leave."""
        await asyncio.gather(*(session.close() for session in self.sessions))

    async def _one(self, seen: Seen, due: float) -> None:
        self.next += 1
        http = self.sessions[self.next % len(self.sessions)]
        who = self.neighbours[self.next % len(self.neighbours)]
        (visit,) = self.dice.choices([one for one, _ in MIX], [share for _, share in MIX])
        person = Person(http, self.bases[self.next % len(self.bases)], who, seen, due)
        try:
            await visit(person)
        except Put:
            return  # counted; a real person comes again, and is an arrival of another minute
        except Exception as fault:  # noqa: BLE001  whatever it was, it counts
            if not person.told:
                seen.failed(visit.__name__, fault)


async def main() -> None:
    plan = json.loads(sys.stdin.readline())
    crowd = Crowd(plan["bases"], [Neighbour(**one) for one in plan["neighbours"]], plan["trust"])
    print(json.dumps({"ready": len(crowd.neighbours)}), flush=True)
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command = json.loads(line)
        points = command.get("shape") or [[0, command["rate"]], [command["seconds"], command["rate"]]]
        print(json.dumps(await crowd.come(points)), flush=True)
    await crowd.close()


if __name__ == "__main__":
    asyncio.run(main())
