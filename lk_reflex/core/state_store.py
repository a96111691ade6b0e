"""Whether Redis answers, in which the states of open tabs lie: without it no press in a tab can be answered.

A tab is told so at once (`api/edge/sockets.py`) in place of being left waiting; requests that need no tab, such as
a bank's callback, a download or a form without scripts, go on as ever.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

log = logging.getLogger(__name__)
#: Seconds between two looks, and how long an answer may take.
EVERY, PATIENCE = 1.0, 2.0
#: So many looks in a row without an answer: one may fall into a restart that nobody would have noticed.
MISSES = 2
_PROBE = "lk_probe"

Probe = Callable[[], Awaitable[Any]]
Sleep = Callable[[float], Awaitable[None]]


class StateStore:
    """`url` is Redis's; empty where the states lie in this process's memory, which is never away."""

    def __init__(self, url: str) -> None:
        self._url = url
        self.away = False

    async def run(self, gone: Callable[[], None]) -> None:
        """Look until the server ends; `gone` is called each time when it has gone away."""
        if not self._url:
            return
        once = Retry(NoBackoff(), 0)
        client = Redis.from_url(self._url, socket_timeout=PATIENCE, socket_connect_timeout=PATIENCE, retry=once)
        try:
            # Written, not only asked: one that is short of memory answers and keeps nothing.
            await self.watch(lambda: client.set(_PROBE, b"", ex=60), gone)
        finally:
            await client.aclose()

    async def watch(self, probe: Probe, gone: Callable[[], None], sleep: Sleep = asyncio.sleep) -> None:
        """As `run`, with `probe` for the question."""
        missed = 0
        while True:
            missed = 0 if await _answers(probe) else missed + 1
            if self.away != (away := missed >= MISSES):
                self.away = away
                if away:
                    log.error("Redis is away: tabs are told to wait")
                    gone()
                else:
                    log.warning("Redis is back")
            await sleep(EVERY)


async def _answers(probe: Probe) -> bool:
    try:
        await asyncio.wait_for(probe(), 2 * PATIENCE)
    except (RedisError, OSError, TimeoutError):
        return False
    return True
