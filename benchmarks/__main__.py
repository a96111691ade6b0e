"""One table of everything that the bars ask for: `python -m benchmarks [--quick] [name …]`."""

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime

from benchmarks.data import prepare
from benchmarks.driver import Result
from benchmarks.places import ACCOUNTS, BENCH, FLOOR_PYTHON, PYTHON, ROOT

Measure = Callable[..., list[Result]]


def _measures() -> dict[str, Measure]:
    from benchmarks.first_visit import first_visit
    from benchmarks.lighthouse import lighthouse
    from benchmarks.month_switch import month_switch
    from benchmarks.neighbour import neighbour
    from benchmarks.sockets import growth, memory, sockets
    from benchmarks.start import start

    return {
        "month_switch": month_switch,
        "sockets": sockets,
        "memory": memory,
        "neighbour": neighbour,
        "growth": growth,
        "first_visit": first_visit,
        "start": start,
        "lighthouse": lighthouse,
        "front_door": lambda *, quick: _beside("bench_front_door", quick),
        "import": lambda *, quick: _beside("bench_import", quick),
        "export": lambda *, quick: _beside("bench_export", quick),
        "receipts": lambda *, quick: _beside("bench_receipts", quick),
    }


def main() -> None:
    """Measure what was asked for, print the table, keep it as JSON."""
    measures = _measures()
    options = argparse.ArgumentParser(prog="python -m benchmarks")
    options.add_argument("names", nargs="*", help=f"any of: {', '.join(measures)}; all without")
    options.add_argument("--quick", action="store_true", help="fewer and shorter stretches, without `growth`")
    given = options.parse_args()
    if unknown := set(given.names) - set(measures):
        options.error(f"unknown: {', '.join(sorted(unknown))}")
    os.environ.pop("LK_DATABASE_URL", None)
    _floors_venv()
    prepare(ACCOUNTS)
    results: list[Result] = []
    for name in given.names or measures:
        print(f"{name}…", flush=True)
        try:
            results += measures[name](quick=given.quick)
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as fault:
            print(f"  {name} failed: {fault}", flush=True)
    _print(results)
    _keep(results, quick=given.quick)


def _floors_venv() -> None:
    """The floors' own environment, made again whenever their requirements change."""
    wanted = (ROOT / "requirements-bench.txt").read_text()
    mark = BENCH / "venv-requirements.txt"
    if mark.exists() and mark.read_text() == wanted:
        return
    print("  installing the floors' environment…", flush=True)
    BENCH.mkdir(parents=True, exist_ok=True)
    subprocess.run([PYTHON, "-m", "venv", str(BENCH / "venv")], check=True)
    install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", "requirements-bench.txt"]
    subprocess.run([FLOOR_PYTHON, *install], cwd=ROOT, check=True)
    mark.write_text(wanted)


def _beside(module: str, quick: bool) -> list[Result]:
    """A benchmark that prints figures of its own."""
    shorter = {
        "bench_import": ["--accounts", "150", "--pairs", "1", "--no-memory"],
        "bench_front_door": ["--samples", "50"],
        "bench_receipts": ["--pairs", "3", "--accounts", "400"],
    }
    extra = shorter.get(module, []) if quick else []
    subprocess.run([PYTHON, "-m", f"benchmarks.{module}", *extra], cwd=ROOT, check=True)
    return []


def _print(results: list[Result]) -> None:
    if not results:
        return
    width = max(len(result.what) for result in results)
    print(f"\n{'what':{width}}  {'ours':>9}  {'floor':>9}  {'ratio':>6}  {'bar':>7}")
    for result in results:
        floor = f"{result.floor:9.2f}" if result.floor else " " * 9
        bar = f"{'≤' if result.at_most else '≥'} {result.bar:g}"
        verdict = "met" if result.met else "NOT MET"
        print(
            f"{result.what:{width}}  {result.ours:9.2f}  {floor}  {result.value:6.2f}  {bar:>7}  "
            f"{verdict:8}{result.unit:3}{result.note}"
        )


def _keep(results: list[Result], *, quick: bool) -> None:
    now = datetime.now(UTC)
    path = BENCH / f"results-{now:%Y%m%d-%H%M%S}.json"
    lines = [{**asdict(result), "value": result.value, "met": result.met} for result in results]
    load = os.getloadavg()
    about = {"at": now.isoformat(), "quick": quick, "cores": os.cpu_count(), "python": sys.version, "load": load}
    path.write_text(
        json.dumps({**about, "machine": platform.machine(), "results": lines}, ensure_ascii=False, indent=1)
    )
    print(f"\nkept in {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")


if __name__ == "__main__":
    main()
