"""The load generator, a process of its own: connects its residents, then obeys one JSON command a line.

{"do": "closed", "seconds": 3}            everybody switches as fast as the server lets them
{"do": "think", "seconds": 20}            a switch, then 1-3 s of thought
"""

import asyncio
import gc
import json
import random
import sys
import time

import aiohttp

from benchmarks.clients import KINDS, Client, Plan

AT_ONCE = 16


async def main() -> None:
    """Connect, obey, leave."""
    plan: Plan = json.loads(sys.argv[1])
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        first = plan.get("first", 1)
        kind = KINDS[plan["kind"]]
        # Accounts far apart, so that a large database isn't read from one warm corner.
        users = [first + place * plan.get("stride", 1) for place in range(plan["users"])]
        clients = [kind(session, plan["url"], user) for user in users]
        gate = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(*(_connect(client, gate) for client in clients))
        gc.collect()
        gc.freeze()
        _say({"ready": len(clients)})
        await _obey(clients)
        await asyncio.gather(*(client.close() for client in clients), return_exceptions=True)


async def _connect(client: Client, gate: asyncio.Semaphore) -> None:
    async with gate:
        await client.connect()


async def _obey(clients: list[Client]) -> None:
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        command: Plan = json.loads(line)
        seen: list[tuple[float, int]] = []
        until = time.perf_counter() + command["seconds"]
        think = command["do"] == "think"
        began = time.perf_counter()
        await asyncio.gather(*(_live(client, until, think, seen) for client in clients))
        _say(_summary(seen, time.perf_counter() - began))


async def _live(client: Client, until: float, think: bool, seen: list[tuple[float, int]]) -> None:
    if think:
        await asyncio.sleep(random.uniform(0, 3))
    while (began := time.perf_counter()) < until:
        size = await client.switch()
        seen.append((time.perf_counter() - began, size))
        if think:
            await asyncio.sleep(random.uniform(1, 3))


def _summary(seen: list[tuple[float, int]], seconds: float) -> Plan:
    times = sorted(one for one, _ in seen)
    at = {f"p{share}": times[min(len(times) - 1, len(times) * share // 100)] * 1000 for share in (50, 95, 99)}
    return {"events": len(seen), "seconds": seconds, "bytes": sum(size for _, size in seen) / len(seen), **at}


def _say(answer: Plan) -> None:
    print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    asyncio.run(main())
