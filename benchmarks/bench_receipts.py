"""A receipt's two QR codes against the same page without them, and bulk print by one process against two.

python -m benchmarks.bench_receipts [--pairs 15] [--accounts 1200]
"""

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from unittest.mock import patch

from benchmarks.bench_import import TODAY, fresh
from lk_reflex.core.db import Database
from lk_reflex.core.months import Month
from lk_reflex.domain.documents.facts import Paper
from lk_reflex.domain.documents.paper import papers_to_print
from lk_reflex.domain.documents.pdf import pdf_head, pdf_tables
from lk_reflex.domain.documents.pdf.receipt_pdf import render
from lk_reflex.domain.documents.print_run import receipts_to_print
from lk_reflex.domain.documents.qr.qr_symbol import Symbol, symbol
from lk_reflex.exchange.demo.cast import UTILITY
from lk_reflex.exchange.demo.generate import make_demo
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.printing import print_receipts
from lk_reflex.exchange.progress import Silent

SITE = "https://lk.example.org"
MONTH = Month(2026, 10)
#: Receipts of one measured stretch, each a PDF of its own.
STRETCH = 20


def fill(folder: Path, accounts: int) -> tuple[str, list[int], tuple[Paper, ...]]:
    """A town in a database: its address, one organization's receipts, and the facts of twenty that are to be paid."""
    url = f"sqlite:///{folder}/bench.db"
    db: Database = fresh(url)
    make_demo(folder / "package", accounts=accounts, months=2, today=TODAY, until=MONTH)
    import_package(db, folder / "package")
    receipts = db.read(receipts_to_print, MONTH, inn=UTILITY)
    papers = tuple(paper for paper in db.read(papers_to_print, receipts[:200]) if paper.amount > 0)[:STRETCH]
    db.close()
    return url, receipts, papers


def drawn(papers: Sequence[Paper]) -> float:
    """CPU milliseconds a receipt."""
    began = time.process_time()
    for paper in papers:
        render([paper], SITE)
    return (time.process_time() - began) / len(papers) * 1000


def without_codes(papers: Sequence[Paper]) -> float:
    """The same pages with white squares in the codes' places."""
    blank: Symbol = symbol(b"x" * 412)
    with (
        patch.object(pdf_head, "symbol", lambda _data: blank),
        patch.object(pdf_tables, "symbol", lambda _data: blank),
        patch.object(pdf_head, "draw_symbol", lambda *_place: None),
        patch.object(pdf_tables, "draw_symbol", lambda *_place: None),
    ):
        return drawn(papers)


def printed(url: str, receipts: Sequence[int], out: Path, processes: int) -> tuple[float, float, float]:
    """For all receipts in one file: seconds by the clock, of all processes' CPU, and of the first one's alone."""
    began, before = time.perf_counter(), os.times()
    print_receipts(url, receipts, out, site=SITE, title="", progress=Silent(), processes=processes)
    after = os.times()
    own = after.user + after.system - before.user - before.system
    drawing = after.children_user + after.children_system - before.children_user - before.children_system
    return time.perf_counter() - began, own + drawing, own


def main() -> None:
    """Everything."""
    options = argparse.ArgumentParser()
    options.add_argument("--pairs", type=int, default=15)
    options.add_argument("--accounts", type=int, default=1_200)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        url, receipts, papers = fill(folder, given.accounts)
        render(papers, SITE)  # fonts and words are known from here on, as in a process that prints
        pairs = [(drawn(papers), without_codes(papers)) for _ in range(given.pairs)]
        ratio = median(ours / bare for ours, bare in pairs)
        print(
            f"a receipt: {median(ours for ours, _ in pairs):.1f} ms of CPU, without codes "
            f"{median(bare for _, bare in pairs):.1f}, ratio {ratio:.2f} (bar 2)"
        )
        gains = []
        for _ in range(max(1, given.pairs // 3)):
            (one, cpu_one, _), (two, cpu_two, own) = (
                printed(url, receipts, folder / "all.pdf", processes) for processes in (1, 2)
            )
            gains.append(one / two)
            print(
                f"  {len(receipts)} receipts: {len(receipts) / one:.0f}/s by one, {len(receipts) / two:.0f}/s by two; "
                f"CPU {cpu_one:.2f} s and {cpu_two:.2f} s, of which putting together {own:.2f} s"
            )
        scaling = median(gains)
        load = ", ".join(f"{part:.1f}" for part in os.getloadavg())
        print(f"bulk print by two processes: × {scaling:.2f} (bar 1.8), {os.cpu_count()} cores, load {load}")


if __name__ == "__main__":
    main()
