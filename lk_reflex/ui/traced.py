"""Each event of a socket gets its id, is counted and timed; the ordinary ones leave no line in the log.

How long it waits until it is begun tells how far the process is behind (`core/strain.py`).
"""

import asyncio
from functools import lru_cache
from time import perf_counter
from typing import Any

import reflex.app
from reflex_base.event.processor import BaseStateEventProcessor

from lk_reflex.core import metrics, traces
from lk_reflex.core.traces import Outcome
from lk_reflex.wiring import gauge

_PAGES = "lk_reflex.ui."


class TracedProcessor(BaseStateEventProcessor):
    """Reflex's own, watched. From the waiting for the tab's state on, until all of the answer is sent."""

    async def enqueue(self, token: str, event: Any, ev_ctx: Any = None) -> Any:
        """As Reflex's own. From here on somebody waits."""
        future, presses = await super().enqueue(token, event, ev_ctx), gauge().presses
        presses.came(future.txid, token)
        # However it ends: answered, failed, or dropped because its person has moved on.
        future.add_done_callback(lambda ended: presses.done(ended.txid, token))
        return future

    async def _execute_event(self, *, entry: Any, registered_handler: Any) -> None:
        trace = traces.Trace(event=entry.ctx.txid, handler=entry.event.name)
        # No need to end it: each event has a task of its own, and with it a context.
        traces.begin(trace)
        began = perf_counter()
        try:
            await super()._execute_event(entry=entry, registered_handler=registered_handler)
        except asyncio.CancelledError:
            trace.outcome = Outcome.LEFT
            raise
        except Exception:
            trace.outcome = Outcome.FAILED
            raise
        finally:
            metrics.event_done(page_of(registered_handler.states[0].__module__), trace.outcome, perf_counter() - began)


def its_turn() -> None:
    """The event at hand has its tab's state: whatever it takes from here on is its own work."""
    trace = traces.present()
    if trace is not None:
        gauge().presses.begun(trace.event)


@lru_cache(maxsize=512)
def page_of(module: str) -> str:
    """«resident/readings» of the state of that page; «month» of a shared one; «reflex» of Reflex's own."""
    if not module.startswith(_PAGES):
        return "reflex"
    parts = module.removeprefix(_PAGES).split(".")
    return "/".join(parts[:-1] or parts)


def trace_events() -> None:
    """Let Reflex's application make such processors."""
    assert issubclass(TracedProcessor, reflex.app.BaseStateEventProcessor)  # pyright: ignore[reportPrivateImportUsage]
    reflex.app.BaseStateEventProcessor = TracedProcessor  # pyright: ignore[reportPrivateImportUsage]
