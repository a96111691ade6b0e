"""How late the event loop is, looked at twice a second; and Python's own ways of complaining, led into the log."""

import asyncio

from lk_reflex.core.logs import catch_the_rest
from lk_reflex.core.metrics import LOOP_LAG

EVERY = 0.5


async def watch_loop() -> None:
    """Until the server ends."""
    catch_the_rest()
    loop = asyncio.get_running_loop()
    while True:
        due = loop.time() + EVERY
        await asyncio.sleep(EVERY)
        LOOP_LAG.observe(max(0.0, loop.time() - due))
