"""Where the benchmarks keep what they make: all of it under data/bench, nothing in the repository."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BENCH = Path(os.environ.get("LK_BENCH_DIR", ROOT / "data" / "bench")).resolve()
FLOORS = ROOT / "benchmarks" / "floors"
#: Runs the product and the Reflex floor; the other floors have an environment of their own.
PYTHON = sys.executable
VENV = BENCH / "venv"
FLOOR_PYTHON = str(VENV / "bin" / "python")

ACCOUNTS = 20_000
MANY_ACCOUNTS = 200_000
MONTHS = 24
SERVICES = (
    "Содержание жилья", "Отопление", "Горячая вода", "Холодная вода",
    "Водоотведение", "Электроэнергия", "Обращение с ТКО", "Взнос на кап. ремонт",
)  # fmt: skip
PASSWORD = "benchmark-2026"


def data_dir(accounts: int) -> Path:
    """The product's data folder for an installation of that size."""
    return BENCH / f"data-{accounts}"


def database_file(accounts: int) -> Path:
    """Its SQLite file."""
    return data_dir(accounts) / "lk.db"


def built_pages(folder: Path) -> Path:
    """The pages of a cabinet that was served last of those built under this folder."""
    marks = sorted(folder.glob("builds/*/in-service"), key=lambda mark: mark.stat().st_mtime)
    assert marks, f"{folder}: no pages have been served"
    return marks[-1].parent / "build" / "client"


def cookie(user: int) -> str:
    """The session cookie's value of a benchmark's resident; user N owns account N."""
    return f"bench-{user}"
