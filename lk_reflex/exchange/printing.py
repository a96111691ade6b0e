"""Prints many receipts at once: all cores draw, one puts the parts together; nothing half done bears its name."""

import os
import shutil
import signal
import tempfile
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from multiprocessing import connection, get_all_start_methods, get_context, parent_process
from pathlib import Path

from lk_reflex.core.db import Database
from lk_reflex.core.disk_faults import said
from lk_reflex.core.errors import Refused, Unavailable
from lk_reflex.domain.documents.facts import Paper
from lk_reflex.domain.documents.paper import papers_to_print
from lk_reflex.domain.documents.pdf.pdf_type import load_fonts
from lk_reflex.domain.documents.pdf.receipt_pdf import PRODUCT, render, render_part
from lk_reflex.exchange.out_file import own_file
from lk_reflex.exchange.pdf_joining import Entry, PdfJoiner
from lk_reflex.exchange.progress import Progress

#: Receipts of one part: fonts are embedded in each, so few large parts make a smaller file.
PART = 50
_KILLED = "Печать прервана: один из её процессов остановлен. Проверьте, хватает ли памяти, и повторите."


@dataclass(frozen=True)
class Drawn:
    """A part that lies in `file` (for one PDF), or whose receipts lie beside each other (for a folder)."""

    file: Path
    entries: tuple[Entry, ...]
    author: str


@dataclass(frozen=True)
class _Task:
    """What every process of a print knows."""

    url: str
    site: str
    staging: Path
    together: bool


def print_receipts(
    url: str, receipts: Sequence[int], out: Path, *, site: str, title: str, progress: Progress, processes: int = 0
) -> int:
    """Print these receipts in this order into the file `out` (*.pdf) or, each by itself, into the folder `out`.

    `url` is the database's: every process opens its own. Without `processes` all cores draw. Returns the number
    printed. Raises Refused where `out` can't be written.
    """
    together = out.suffix.lower() == ".pdf"
    if together and out.is_dir():
        raise Refused(f"{out} — папка, а нужен файл.")
    if not out.resolve().parent.is_dir():
        raise Refused(f"Нет такой папки: {out.resolve().parent}")
    try:
        with _staging(out) as staging:
            task = _Task(url, site, staging, together)
            parts = _drawn(task, receipts, progress, processes or _cores())
            return _join(parts, out, staging, title) if together else _lay_out(parts, out, staging)
    except OSError as fault:
        raise Refused(f"Не удалось записать {out}: {said(fault)}.") from fault
    except BrokenProcessPool as fault:
        raise Unavailable(_KILLED) from fault
    finally:
        progress.end()


@contextmanager
def _staging(out: Path) -> Iterator[Path]:
    """A hidden folder beside the result; it goes away whatever happens."""
    made = Path(tempfile.mkdtemp(prefix=f".{out.name}.", suffix=".part", dir=out.resolve().parent))
    try:
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)


def _drawn(task: _Task, receipts: Sequence[int], progress: Progress, processes: int) -> Iterator[Drawn]:
    """The parts in order. A few are under way at a time, so that memory doesn't grow with their number."""
    load_fonts()  # before the others come to be: they inherit what has been parsed
    way = "fork" if "fork" in get_all_start_methods() else "spawn"
    portions = ((start, receipts[start : start + PART]) for start in range(0, len(receipts), PART))
    pool = ProcessPoolExecutor(processes, get_context(way), initializer=_begin, initargs=(task,))
    try:
        with _undisturbed():
            first = [pool.submit(_draw, *given) for given in islice(portions, 2 * processes)]
        waiting: deque[Future[Drawn]] = deque(first)
        done = 0
        while waiting:
            part = waiting.popleft().result()
            waiting.extend(pool.submit(_draw, *given) for given in islice(portions, 1))
            done += len(part.entries)
            progress.step("Печать", done, done, len(receipts))
            yield part
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Ctrl-C waits until the processes are there: one that is being born would answer it with a traceback."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _join(parts: Iterator[Drawn], out: Path, staging: Path, title: str) -> int:
    whole, count, author = staging / "whole.pdf", 0, ""
    with own_file(whole) as file:
        joiner = PdfJoiner(file)
        for part in parts:
            joiner.add(part.file.read_bytes(), part.entries)
            part.file.unlink()
            count, author = count + len(part.entries), author or part.author
        joiner.finish(title, author, PRODUCT)
        file.flush()
        os.fsync(file.fileno())
    whole.replace(out)
    return count


def _lay_out(parts: Iterator[Drawn], out: Path, staging: Path) -> int:
    count = sum(len(part.entries) for part in parts)
    out.mkdir(mode=0o700, exist_ok=True)
    for file in sorted(staging.iterdir()):
        file.replace(out / file.name)
    return count


#: Of a drawing process: its task and its database.
_here: dict[str, tuple[_Task, Database]] = {}


def _begin(task: _Task) -> None:
    # Ctrl-C reaches every process of the terminal: the first one decides, the others finish what they are at.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _here["task"] = task, Database(task.url)


def _leave_with_parent() -> None:
    """A process whose parent was killed must not wait for work for ever."""
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


def _draw(start: int, receipts: Sequence[int]) -> Drawn:
    task, db = _here["task"]
    papers = db.read(papers_to_print, receipts)
    labels = [f"{paper.dwelling.address}, л/с {paper.dwelling.number}: {paper.title}" for paper in papers]
    author = papers[0].payee.called if papers else ""
    file = task.staging / f"{start:09d}"
    if not task.together:
        for paper in papers:
            _write(task.staging, paper, render([paper], task.site))
        return Drawn(file, tuple((label, 0) for label in labels), author)
    made, counts = render_part(papers, task.site)
    with own_file(file) as part:
        part.write(made)
    return Drawn(file, tuple(zip(labels, counts, strict=True)), author)


def _write(folder: Path, paper: Paper, made: bytes) -> None:
    """Numbers of accounts are unique within an organization; where names still meet, the receipt's own tells them."""
    name = Path(f"{paper.payee.inn} {paper.file_name}")
    try:
        file = own_file(folder / name)
    except FileExistsError:
        file = own_file(folder / f"{name.stem} {paper.receipt_id}.pdf")
    with file:
        file.write(made)
