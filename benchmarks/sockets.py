"""Many connected residents who think for 1-3 s: p95 of the month switch; memory each costs; growth of the data."""

from collections.abc import Callable
from statistics import median

from benchmarks.data import prepare
from benchmarks.driver import Load, Result, compared, in_turns
from benchmarks.places import ACCOUNTS, MANY_ACCOUNTS
from benchmarks.servers import SECOND, Server, build_floor, build_product, product, reflex_floor, running

CROWDS = (500, 1000)


def sockets(*, quick: bool) -> list[Result]:
    """Both servers hold their crowd at once; they are loaded in turns."""
    build_product()
    build_floor()
    seconds, pairs = (8, 2) if quick else (20, 4)
    return [_crowd(users, seconds, pairs) for users in CROWDS]


def _crowd(users: int, seconds: float, pairs: int) -> Result:
    with (
        running(product()) as ours,
        running(reflex_floor()) as floor,
        Load(ours, users) as our_load,
        Load(floor, users) as floor_load,
    ):
        loads = (our_load, floor_load)
        our_figures, floor_figures = in_turns(
            [lambda load=load: load.run("think", seconds) for load in loads], pairs=pairs
        )
    for name, figures in (("ours", our_figures), ("floor", floor_figures)):
        cpu, p50 = (median(one[key] for one in figures) for key in ("cpu", "p50"))
        print(f"  {users:,} residents, {name}: p50 {p50:.1f} ms, {cpu:.2f} ms of CPU per event", flush=True)
    return compared(f"month switch p95, {users:,} residents", our_figures, floor_figures, "p95", bar=2.0, unit="ms")


def memory(*, quick: bool) -> list[Result]:
    """What a connected resident who has switched a few months costs, in private memory of the server."""
    build_product()
    build_floor()
    rounds = 1 if quick else 3
    ours = [{"kb": _kilobytes_each(product)} for _ in range(rounds)]
    floor = [{"kb": _kilobytes_each(reflex_floor)} for _ in range(rounds)]
    return [compared("memory per connected resident", ours, floor, "kb", bar=1.25, unit="KB")]


def _kilobytes_each(begin: Callable[[], Server], users: int = 500) -> float:
    with running(begin()) as server, Load(server, 20) as first:
        first.run("closed", 2)
        before = server.memory()
        with Load(server, users, first=30) as crowd:
            crowd.run("think", 4)
            return (server.memory() - before) / users / 1024


def growth(*, quick: bool) -> list[Result]:
    """The same crowd over ten times the data: a database of some gigabytes, made once."""
    seconds, pairs = (10, 2) if quick else (20, 5)
    build_product()
    prepare(MANY_ACCOUNTS)
    with (
        running(product(MANY_ACCOUNTS, SECOND)) as many,
        running(product()) as few,
        Load(many, 300, accounts=MANY_ACCOUNTS) as many_load,
        Load(few, 300, accounts=ACCOUNTS) as few_load,
    ):
        loads = (many_load, few_load)
        for load in loads:
            load.run("think", 20)
        large, small = in_turns([lambda load=load: load.run("think", seconds) for load in loads], pairs=pairs)
    what = f"growth: p95 with {MANY_ACCOUNTS:,} accounts against {ACCOUNTS:,}"
    return [compared(what, large, small, "p95", bar=1.15, unit="ms")]
