"""«Month switch»: CPU per event and bytes per answer against every floor, 20 residents switching without a pause."""

from contextlib import ExitStack
from statistics import median
from typing import Any

from benchmarks.driver import Load, Result, compared, in_turns
from benchmarks.servers import (
    Server,
    build_floor,
    build_product,
    django_floor,
    nicegui_floor,
    product,
    reflex_floor,
    running,
    starlette_floor,
)

USERS = 20


def month_switch(*, quick: bool) -> list[Result]:
    """All servers up at once, measured in turns."""
    build_product()
    build_floor()
    seconds, pairs = (1.5, 3) if quick else (3, 7)
    with ExitStack() as stack:
        starts = (product, reflex_floor, starlette_floor, nicegui_floor, django_floor)
        servers: list[Server] = [stack.enter_context(running(begin())) for begin in starts]
        taken = in_turns([lambda server=server: _stretch(server, seconds) for server in servers], pairs=pairs)
    ours, floor, starlette, nicegui, django = taken
    what = "month switch, CPU per event"
    for name, figures in zip(("ours", "reflex", "starlette", "nicegui", "django"), taken, strict=True):
        rate = median(one["events"] / one["seconds"] for one in figures)
        print(f"  {name}: {rate:,.0f} events/s, p95 {median(one['p95'] for one in figures):.1f} ms", flush=True)
    return [
        compared(f"{what}: Reflex floor", ours, floor, "cpu", bar=1.6, unit="ms"),
        compared(f"{what}: Starlette + Jinja2", ours, starlette, "cpu", bar=2.5, unit="ms"),
        compared(f"{what}: NiceGUI", ours, nicegui, "cpu", bar=1.0, unit="ms"),
        compared(f"{what}: Django", ours, django, "cpu", bar=1.0, unit="ms"),
        compared("month switch, bytes of an answer", ours, floor, "bytes", bar=1.3, unit="B"),
    ]


def _stretch(server: Server, seconds: float) -> dict[str, Any]:
    """Residents of its own each time: NiceGUI drops connections that have been busy for long."""
    with Load(server, USERS) as load:
        load.run("closed", 0.5)
        return load.run("closed", seconds)
