"""The last day of the reading window: `python -m benchmarks.city [--accounts 20000] [--minutes 6] [--only city]`.

People come on a schedule that waits for nobody (a coordinated client would hide every stall): the shape of that day
first, from the usual 2,000 readings an hour to the peak of 40,000; then step after step until p95 passes 500 ms; then
half as many again, to see what is put off. At the end what people were told is held against the database.
"""

import argparse
import json
import os
import subprocess
import sys
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from benchmarks.city.neighbours import neighbours
from benchmarks.city.outcomes import Count, counted
from benchmarks.city.stages import Size, Stage, one_process, two_processes
from benchmarks.city.visits import READINGS_SHARE
from benchmarks.places import BENCH, PYTHON, ROOT, built_pages

HOUR = 3600.0
#: Of a comparable service: an hour of a usual day, and of the last one.
USUAL, PEAK = 2_000 / HOUR, 40_000 / HOUR
LIMIT_MS = 500.0
LONGEST = 30


class Generator:
    """The crowd, in a process of its own."""

    def __init__(self, stage: Stage, people: list[Any]) -> None:
        self.process = subprocess.Popen(
            [PYTHON, "-m", "benchmarks.city.crowd"],
            cwd=ROOT,
            env={**os.environ, "BENCH_PAGES": str(built_pages(BENCH))},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        plan = {"bases": stage.bases, "trust": stage.trust, "neighbours": [vars(one) for one in people]}
        assert self._ask(plan)["ready"] == len(people)
        self.told: dict[str, int] = {}
        self.sending: set[str] = set()

    def come(self, **command: Any) -> dict[str, Any]:
        """One stretch of arrivals; blocks until the last person has gone."""
        answer = self._ask(command)
        self.told.update(answer.pop("told"))
        self.sending.update(answer.pop("sending"))
        return answer

    def close(self) -> None:
        """Send everybody home."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def _ask(self, command: dict[str, Any]) -> dict[str, Any]:
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(command) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the generator ended early")
        return json.loads(line)


def day(minutes: float, peak: float) -> list[list[float]]:
    """The day's shape in so many minutes: usual, up in a quarter, half of it at the peak, and down. In arrivals/s."""
    low, high, end = USUAL / READINGS_SHARE, peak / READINGS_SHARE, minutes * 60
    return [[0, low], [end / 4, high], [end * 3 / 4, high], [end, low]]


def measure(stage: Stage, people: list[Any], given: argparse.Namespace) -> dict[str, Any]:
    """The day, the steps, what is beyond them, the count."""
    print(f"\n## {stage.name}: {len(people):,} people to choose from\n", flush=True)
    crowd = Generator(stage, people)
    try:
        crowd.come(rate=1.0, seconds=10)
        idle = stage.memory()
        the_day = crowd.come(shape=day(given.minutes, given.peak / HOUR))
        after = stage.memory()
        _print_kinds("The day", the_day)
        steps, limit = _steps(crowd, given)
        beyond = None if given.no_beyond else crowd.come(rate=limit * 1.5, seconds=given.step_seconds)
        if beyond:
            _print_kinds(f"Half as many again ({limit * 1.5:.1f} arrivals/s)", beyond)
        count = counted(stage.database, crowd.told, crowd.sending)
    finally:
        crowd.close()
    _print_rest(idle, after, limit, count)
    return {"stage": stage.name, "day": the_day, "steps": steps, "limit": limit, "beyond": beyond,
            "memory": {"idle": idle, "after": after}, "count": vars(count)}  # fmt: skip


def _steps(crowd: Generator, given: argparse.Namespace) -> tuple[list[dict[str, Any]], float]:
    """Up until p95 passes the limit or a hundredth goes wrong; the rate between the last good and the first bad."""
    steps: list[dict[str, Any]] = []
    rate, good = given.start, (0.0, 0.0)
    print("\n| arrivals/s | readings/h | p50 ms | p95 ms | p99 ms | reading p95 | put off | errors | client cores |")
    print("|---:|---:|---:|---:|---:|---:|---:|---:|---:|")
    for _ in range(LONGEST):
        one = {"rate": rate, **crowd.come(rate=rate, seconds=given.step_seconds)}
        steps.append(one)
        errors, events = sum(one["errors"].values()), max(1, one["all"]["count"])
        print(
            f"| {rate:.1f} | {rate * READINGS_SHARE * HOUR:,.0f} | {one['all']['p50']:.0f} | {one['all']['p95']:.0f} | "
            f"{one['all']['p99']:.0f} | {one['readings']['p95']:.0f} | {one['sheds']} | {errors} | "
            f"{one['client_cores']:.2f} |",
            flush=True,
        )
        p95 = one["all"]["p95"]
        if p95 > LIMIT_MS or errors > events / 100 or one["sheds"] > events / 100:
            share = (LIMIT_MS - good[1]) / (p95 - good[1]) if p95 > LIMIT_MS > good[1] else 0.0
            return steps, good[0] + (rate - good[0]) * share
        good = (rate, p95)
        rate *= given.factor
    return steps, rate


def _print_kinds(title: str, one: dict[str, Any]) -> None:
    print(f"\n{title}: {one['came']:,} came in {one['seconds']:.0f} s")
    print(f"(the generator was at most {one['late'] * 1000:.0f} ms late and took {one['client_cores']:.2f} cores)\n")
    print("| step | times | p50 ms | p95 ms | p99 ms | put off |\n|---|---:|---:|---:|---:|---:|")
    for kind, of in one["kinds"].items():
        print(f"| {kind} | {of['count']:,} | {of['p50']:.0f} | {of['p95']:.0f} | {of['p99']:.0f} | {of['shed']} |")
    for what in ("errors", "refusals"):
        if one[what]:
            print(f"{what}: {one[what]}", flush=True)


def _print_rest(idle: dict[str, float], after: dict[str, float], limit: float, count: Count) -> None:
    memory = ", ".join(f"{name} {idle[name]:.0f} → {after[name]:.0f}" for name in after)
    print(f"\nMemory, MB before and after the day: {memory}")
    hourly = limit * READINGS_SHARE * HOUR
    print(f"p95 passes {LIMIT_MS:.0f} ms at {limit:.1f} arrivals/s ({hourly:,.0f} readings an hour)")
    print(
        f"Told «переданы» {count.told:,} times, stored {count.stored:,}: lost {count.lost}, short {count.short}, "
        f"stored though the answer was lost {count.unheard}",
        flush=True,
    )


def main() -> None:
    """Both stages in turn, or one."""
    for name in [name for name in os.environ if name.startswith("LK_") and not name.startswith("LK_BENCH_")]:
        del os.environ[name]
    options = argparse.ArgumentParser(prog="python -m benchmarks.city")
    options.add_argument("--accounts", type=int, default=20_000)
    options.add_argument("--months", type=int, default=6)
    options.add_argument("--minutes", type=float, default=6.0, help="the day's length")
    options.add_argument("--peak", type=float, default=PEAK * HOUR, help="readings an hour")
    options.add_argument("--start", type=float, default=8.0, help="the first step, in arrivals a second")
    options.add_argument("--factor", type=float, default=1.25)
    options.add_argument("--step-seconds", type=float, default=40.0)
    options.add_argument("--strain-ms", type=int, default=500, help="LK_STRAIN_MS of the cabinet; 0 puts nothing off")
    options.add_argument("--only", choices=("sqlite", "city"))
    options.add_argument("--no-beyond", action="store_true")
    given = options.parse_args()
    size = Size(given.accounts, given.months, given.accounts // 2)
    stages: dict[str, AbstractContextManager[Stage]] = {
        "sqlite": one_process(size, strain_ms=given.strain_ms),
        "city": two_processes(size, strain_ms=given.strain_ms),
    }
    results = []
    for name, begun in stages.items():
        if given.only in (None, name):
            with begun as stage:
                good = date.today() + timedelta(days=60)  # noqa: DTZ011  any day will do
                results.append(measure(stage, neighbours(stage.database, good, logins=size.logins), given))
    _keep(results, vars(given))


def _keep(results: list[dict[str, Any]], given: dict[str, Any]) -> None:
    BENCH.mkdir(parents=True, exist_ok=True)
    path = BENCH / f"city-{datetime.now(UTC):%Y%m%d-%H%M%S}.json"
    about = {"given": given, "cores": os.cpu_count(), "load": os.getloadavg(), "python": sys.version}
    path.write_text(json.dumps({**about, "results": results}, ensure_ascii=False, indent=1))
    print(f"\nkept in {path}")


if __name__ == "__main__":
    main()
