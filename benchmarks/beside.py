"""Benchmarks that print figures of their own: run, shown as they come, and their ratios taken into the one table."""

import re
import subprocess
from collections.abc import Iterator

from benchmarks.driver import Result
from benchmarks.places import PYTHON, ROOT

#: «sqlite: ratio 0.53 (bar 0.4)», «bulk print by two processes: × 1.91 (bar 1.8), 2 cores»
_LINE = re.compile(r"^(?P<what>[^:]+):.*?(?:ratio|×) (?P<ratio>[0-9.]+) \(bar (?P<bar>[0-9.]+)\)")
#: What must not be more; all other ratios must not be less.
AT_MOST = frozenset({"memory", "a receipt"})
SHORTER = {
    "bench_import": ["--accounts", "150", "--pairs", "1", "--no-memory"],
    "bench_front_door": ["--samples", "50"],
    "bench_receipts": ["--pairs", "3", "--accounts", "400"],
}


def beside(module: str, name: str, *, quick: bool, more: list[str] | None = None) -> list[Result]:
    """Run `benchmarks.<module>`; its lines with a bar, each called by `name` and its own words."""
    words = [PYTHON, "-m", f"benchmarks.{module}", *(SHORTER.get(module, []) if quick else []), *(more or [])]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    results = []
    for line in process.stdout:
        print(f"  {line}", end="", flush=True)
        results += ratios(line, name)
    if process.wait():
        raise RuntimeError(f"{module} ended with {process.returncode}")
    return results


def ratios(line: str, name: str) -> Iterator[Result]:
    """The ratio that a printed line holds against its bar, if it does."""
    found = _LINE.match(line.strip())
    if found:
        what, ratio = found["what"], float(found["ratio"])
        yield Result(f"{name}: {what}", ratio, 0, float(found["bar"]), "×", what in AT_MOST, ratio=ratio)
