"""What a process counts of its own work. Labels are names out of the code, never anything that a person has sent."""

from collections.abc import Callable
from functools import lru_cache

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
)

from lk_reflex.core.traces import Outcome

# A series more of each, that nobody looks at.
disable_created_metrics()
#: Of this process alone; `api.exposed` adds what the database knows.
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)
#: Around the bars: a month switch takes a few milliseconds, and from 500 on people are asked to wait.
_BUCKETS = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10)
_EVENTS = Counter("lk_events", "Socket events by the page whose handler ran and what came of them",
                  ["page", "outcome"], registry=REGISTRY)  # fmt: skip
_EVENT_SECONDS = Histogram("lk_event_seconds", "From the turn of an event until its answer is on its way, seconds",
                           ["page"], buckets=_BUCKETS, registry=REGISTRY)  # fmt: skip
_REQUESTS = Counter("lk_http_requests", "HTTP requests by route, method and status",
                    ["route", "method", "status"], registry=REGISTRY)  # fmt: skip
_REQUEST_SECONDS = Histogram("lk_http_request_seconds", "HTTP requests until their answer is sent, seconds",
                             ["route"], buckets=_BUCKETS, registry=REGISTRY)  # fmt: skip
SOCKETS = Gauge("lk_sockets", "Sockets connected", registry=REGISTRY)
LOOP_LAG = Histogram("lk_loop_lag_seconds", "How late the event loop comes to what is due, seconds",
                     buckets=_BUCKETS, registry=REGISTRY)  # fmt: skip
_TURNED_AWAY = Counter("lk_turned_away", "Turned away before any work, by the reason", ["reason"], registry=REGISTRY)

Children = dict[tuple[str, str], Callable[[], None]]
_counted: Children = {}
_timed: dict[str, Callable[[float], None]] = {}


def event_done(page: str, outcome: Outcome, seconds: float) -> None:
    """Count an event of a socket. Microseconds: it runs at each press of a button."""
    count = _counted.get((page, outcome))
    if count is None:
        count = _counted[page, outcome] = _EVENTS.labels(page, outcome.value).inc
        _timed[page] = _EVENT_SECONDS.labels(page).observe
    count()
    _timed[page](seconds)


def request_done(route: str, method: str, status: int, seconds: float) -> None:
    """Count an HTTP request."""
    _REQUESTS.labels(route, method, str(status)).inc()
    _REQUEST_SECONDS.labels(route).observe(seconds)


@lru_cache(maxsize=64)
def _away(reason: str) -> Counter:
    return _TURNED_AWAY.labels(reason)


def turned_away(reason: str) -> None:
    """Count a refusal by a limit or by the gate; `reason` is a word of ours, like «foreign-origin»."""
    _away(reason).inc()
