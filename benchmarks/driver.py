"""Talks to load generators, and takes ours and a floor's figures in turns."""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median
from types import TracebackType
from typing import Any

from benchmarks.places import ACCOUNTS, BENCH, PYTHON, ROOT, built_pages
from benchmarks.servers import Server

#: How each server is spoken to.
KINDS = {"product": "product", "reflex-floor": "reflex", "starlette": "http", "django": "http", "nicegui": "nicegui"}


def _pages(kind: str) -> str:
    """The built pages of those whose browsers know the states' first values."""
    if kind == "product":
        return str(built_pages(BENCH / "product"))
    return str(BENCH / "floor" / "web" / "build" / "client") if kind == "reflex" else ""


class Load:
    """A load generator in a process of its own, its residents connected."""

    def __init__(self, server: Server, users: int, *, accounts: int = ACCOUNTS, first: int = 1) -> None:
        kind = KINDS[server.name.rstrip("0123456789").rstrip("-")]
        plan = {"kind": kind, "url": server.url, "users": users, "first": first}
        plan["stride"] = max(1, (accounts - first) // users)
        self.server, self.users = server, users
        self.process = subprocess.Popen(
            [PYTHON, "-m", "benchmarks.load", json.dumps(plan)],
            cwd=ROOT,
            env={**os.environ, "BENCH_PAGES": os.environ.get("BENCH_PAGES") or _pages(kind)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._answer()["ready"] == users

    def __enter__(self) -> "Load":
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.process.stdin.close()  # pyright: ignore[reportOptionalMemberAccess]
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()

    def begin(self, do: str, seconds: float) -> None:
        """Start a stretch of load; `finish` waits for its figures."""
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": do, "seconds": seconds}) + "\n")
        self.process.stdin.flush()

    def finish(self) -> dict[str, Any]:
        """The figures of the stretch that was begun: events, bytes, p50, p95, p99 in milliseconds."""
        return self._answer()

    def run(self, do: str, seconds: float) -> dict[str, Any]:
        """One stretch, with the server's CPU milliseconds per event added as `cpu`."""
        before = self.server.cpu()
        self.begin(do, seconds)
        figures = self.finish()
        figures["cpu"] = (self.server.cpu() - before) * 1000 / figures["events"]
        return figures

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"the load against {self.server.name} ended early")
        return json.loads(line)


@dataclass(frozen=True)
class Result:
    """One line of the table. `at_most` tells which side of the bar is good."""

    what: str
    ours: float
    floor: float
    bar: float
    unit: str = ""
    at_most: bool = True
    note: str = ""
    ratio: float | None = None

    @property
    def value(self) -> float:
        """What is held against the bar: the median of the pairs' ratios, or ours over the floor's."""
        if self.ratio is not None:
            return self.ratio
        return self.ours / self.floor if self.floor else self.ours

    @property
    def met(self) -> bool:
        """Whether the bar is met."""
        return self.value <= self.bar if self.at_most else self.value >= self.bar


def in_turns(measures: Sequence[Callable[[], dict[str, Any]]], *, pairs: int) -> list[list[dict[str, Any]]]:
    """Run each measure in turn, so many rounds; a list of figures per measure."""
    figures: list[list[dict[str, Any]]] = [[] for _ in measures]
    for _ in range(pairs):
        for place, measure in enumerate(measures):
            figures[place].append(measure())
    return figures


def compared(
    what: str, ours: Sequence[dict[str, Any]], floor: Sequence[dict[str, Any]], key: str, *, bar: float, unit: str = ""
) -> Result:
    """The median of each, and the median of the pairs' ratios."""
    ratios = [one[key] / other[key] for one, other in zip(ours, floor, strict=True)]
    spread = f"{min(ratios):.2f}…{max(ratios):.2f}" if len(ratios) > 1 else ""
    return Result(
        what, median(one[key] for one in ours), median(one[key] for one in floor), bar, unit,
        note=spread, ratio=median(ratios),
    )  # fmt: skip
