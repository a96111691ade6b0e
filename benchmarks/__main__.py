"""One table of everything that the bars ask for: `python -m benchmarks [--quick] [name …]`."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.beside import beside
from benchmarks.data import prepare
from benchmarks.driver import Result
from benchmarks.places import ACCOUNTS, BENCH, FLOOR_PYTHON, PYTHON, ROOT

#: Where the table stands in `docs/performance.md`.
BEGINS, ENDS = "<!-- make bench -->", "<!-- /make bench -->"
Measure = Callable[..., list[Result]]


def _measures() -> dict[str, Measure]:
    from benchmarks.first_visit import first_visit
    from benchmarks.lighthouse import lighthouse
    from benchmarks.month_switch import month_switch
    from benchmarks.neighbour import neighbour
    from benchmarks.processes import processes
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
        "processes": processes,
        "front_door": lambda *, quick: beside("bench_front_door", "front door", quick=quick),
        "import": lambda *, quick: _on_both("bench_import", "import", quick=quick),
        "export": lambda *, quick: _on_both("bench_export", "export of readings", quick=quick),
        "receipts": lambda *, quick: beside("bench_receipts", "receipts as PDF", quick=quick),
    }


def main() -> None:
    """Measure what was asked for, print the table, keep it as JSON."""
    measures = _measures()
    options = argparse.ArgumentParser(prog="python -m benchmarks")
    options.add_argument("names", nargs="*", help=f"any of: {', '.join(measures)}; all without")
    options.add_argument("--quick", action="store_true", help="fewer and shorter stretches")
    options.add_argument("--write", action="store_true", help="put the table into docs/performance.md")
    given = options.parse_args()
    if unknown := set(given.names) - set(measures):
        options.error(f"unknown: {', '.join(sorted(unknown))}")
    os.environ.pop("LK_DATABASE_URL", None)
    _floors_venv()
    prepare(ACCOUNTS)
    results: list[Result] = []
    failed: dict[str, str] = {}
    for name in given.names or measures:
        print(f"{name}…", flush=True)
        try:
            results += measures[name](quick=given.quick)
        except (OSError, RuntimeError, AssertionError, subprocess.SubprocessError) as fault:
            failed[name] = f"{fault}"
            print(f"  {name} failed: {fault}", flush=True)
    _keep(results, failed, quick=given.quick)
    for name, fault in failed.items():
        print(f"not measured: {name}: {fault}")
    if given.write:
        _write(results)
    print(f"\n{table(results)}")


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


def _on_both(module: str, name: str, *, quick: bool) -> list[Result]:
    """On SQLite and on a PostgreSQL of its own, which is gone afterwards."""
    from tests.city.postgres import Postgres

    with tempfile.TemporaryDirectory(prefix="lk-bench-") as folder:
        server = Postgres(Path(folder) / "postgres")
        server.start()
        try:
            return beside(module, name, quick=quick, more=["--url", server.url("bench")])
        finally:
            server.stop()


def table(results: list[Result]) -> str:
    """All bars as a table in Markdown, the last thing printed."""
    lines = ["| What | Measured | Floor | Ratio | Bar | Met | Spread |", "|---|---:|---:|---:|---:|---|---|"]
    for one in results:
        floor = f"{one.floor:,.2f} {one.unit}" if one.floor else ""
        bar = f"{'≤' if one.at_most else '≥'} {one.bar:g}"
        lines.append(
            f"| {one.what} | {one.ours:,.2f} {one.unit} | {floor} | {one.value:.2f} | {bar} | "
            f"{'yes' if one.met else '**no**'} | {one.note} |"
        )
    return "\n".join(lines)


def _write(results: list[Result]) -> None:
    """The table between the marks of the book, with where and when it was measured."""
    book = ROOT / "docs" / "performance.md"
    before, _, rest = book.read_text().partition(BEGINS)
    after = rest.partition(ENDS)[2]
    about = f"Measured on {datetime.now(UTC):%d.%m.%Y %H:%M} UTC, {os.cpu_count()} cores, {platform.machine()}, "
    about += f"Python {platform.python_version()}, load at the end {os.getloadavg()[1]:.1f}."
    book.write_text(f"{before}{BEGINS}\n{about}\n\n{table(results)}\n{ENDS}{after}")


def _keep(results: list[Result], failed: dict[str, str], *, quick: bool) -> None:
    now = datetime.now(UTC)
    path = BENCH / f"results-{now:%Y%m%d-%H%M%S}.json"
    lines = [{**asdict(result), "value": result.value, "met": result.met} for result in results]
    load = os.getloadavg()
    about = {"at": now.isoformat(), "quick": quick, "cores": os.cpu_count(), "python": sys.version, "load": load}
    path.write_text(
        json.dumps(
            {**about, "machine": platform.machine(), "results": lines, "not_measured": failed},
            ensure_ascii=False,
            indent=1,
        )
    )
    print(f"\nkept in {path.relative_to(ROOT) if path.is_relative_to(ROOT) else path}")


if __name__ == "__main__":
    main()
