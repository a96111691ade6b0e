"""Makes Granian's web processes end gently.

Of its own accord it closes the door at once and waits for connections to end by themselves, which sockets never do,
so that each stop ends by `kill -9`. What it waits for is an event of its own that its signal handlers set; here the
process first drains, and sets it then. Granian 2.8 has no hook for that: `test_draining.py` notices if it changes.
"""

import asyncio
import signal
from typing import Any

from lk_reflex.core.ending import ending

#: What a process gets beyond its own patience before it is killed, in seconds: for Granian's and Reflex's own ends.
MARGIN = 8


def end_gently(patience: float, notice: float) -> None:
    """To be called before the server starts its processes, which are forked from this one."""
    from granian import _signals
    from granian._granian import WorkerSignal

    def set_loop_signals(loop: asyncio.AbstractEventLoop) -> Any:
        ended = WorkerSignal()

        async def drain() -> None:
            try:
                await ending().drain(patience, notice=notice)
            finally:
                ended.set()

        def told(number: int) -> None:
            if not ending().draining:
                ending().draining = True
                loop.create_task(drain())
            elif number == signal.SIGINT:  # Ctrl+C for the second time: whoever sits there doesn't want to wait
                ended.set()

        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, told, number)
        return ended

    _signals.set_loop_signals = set_loop_signals
