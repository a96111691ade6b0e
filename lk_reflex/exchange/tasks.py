"""Doing what was ordered in the browser: the same imports and exports as the command line's."""

import logging
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.errors import Conflict, DomainError, Invalid, Unavailable
from lk_reflex.core.failpoints import failpoint
from lk_reflex.core.months import Month
from lk_reflex.core.task_files import Progress, TaskFiles
from lk_reflex.domain.exchange_log.tasks import IMPORT, Status, Task, begin_task, end_task, put_back_task
from lk_reflex.exchange.bad_rows import bad_folder
from lk_reflex.exchange.export_kinds import kind_of
from lk_reflex.exchange.exporter import export
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.lock import exclusive
from lk_reflex.exchange.registers.desk import take_register, write_register
from lk_reflex.exchange.report import Report

log = logging.getLogger(__name__)
#: An import from the browser: a package of ours, or a register by a profile.
PACKAGE, REGISTER = "package", "register"
#: How often it is written down how far a task is, in seconds.
EVERY = 0.5
BUSY = "Другое задание ещё выполняется"
NO_FILE = "Файл задания не найден: загрузите его ещё раз."
OURS = "Не получилось: ошибка на нашей стороне, она записана. База не изменена. Повторите задание."
LEFT_OUT = "непринятые строки.zip"
#: How often a task is begun that never comes to its end.
TRIES = 3
BROKEN = "Задание трижды обрывалось, не дойдя до конца, и снято с очереди. База не изменена; сообщите разработчикам."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task; `path` of the file to be taken away."""

    status: Status
    report: list[str]
    path: str = ""
    name: str = ""


class _Said:
    """Tells whoever looks how far the task is."""

    def __init__(self, files: TaskFiles, task_id: int) -> None:
        self._files, self._task_id = files, task_id
        self._began, self._said = time.monotonic(), 0.0

    def step(self, file: str, rows: int, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._said < EVERY:
            return
        self._said = now
        spaced = f"{rows:,}".replace(",", "\u00a0")
        rate = f"{round(rows / max(now - self._began, 0.001)):,}".replace(",", "\u00a0")
        self._files.say(self._task_id, Progress(f"{file}: {spaced} строк, {rate} строк/с", done, total))

    def end(self) -> None:
        self._files.quiet(self._task_id)


def carry_out(
    db: Database, files: TaskFiles, task: Task, *, clock: Callable[[], datetime] = utc_now
) -> bool:  # fmt: skip
    """Do a task to its end; False where another process is at one just now, and this one waits on.

    After a crash it is done anew: an import is one transaction, and an export goes on under its own number.
    """
    try:
        with exclusive(db, "exchange-task", BUSY):
            if db.write(begin_task, task.task_id, now=clock()):
                _done(db, files, task, clock)
    except Conflict:
        return False
    finally:
        files.quiet(task.task_id)
    files.remove(task.path)
    return True


def _done(db: Database, files: TaskFiles, task: Task, clock: Callable[[], datetime]) -> None:
    files.say(task.task_id, Progress("", 0, 0))
    try:
        hopeless = task.tries >= TRIES
        outcome = Outcome(Status.FAILED, [BROKEN]) if hopeless else _outcome(db, files, task, clock)
    except (Conflict, Unavailable):
        db.write(put_back_task, task.task_id, now=clock())
        raise
    failpoint("task-done")
    db.write(end_task, task.task_id, outcome.status, outcome.report, now=clock(), path=outcome.path, name=outcome.name)


def _outcome(db: Database, files: TaskFiles, task: Task, clock: Callable[[], datetime]) -> Outcome:
    """Raises Conflict where the command line is at the same, Unavailable where the database is away: tried again."""
    try:
        return (_import if task.direction == IMPORT else _export)(db, files, task, clock)
    except (Conflict, Unavailable):
        raise
    except Invalid as fault:
        return Outcome(Status.REFUSED, list(fault.fields.values()))
    except DomainError as fault:
        return Outcome(Status.REFUSED, [fault.message])
    except Exception:
        log.exception("task %s failed", task.task_id)
        return Outcome(Status.FAILED, [OURS])


def _import(db: Database, files: TaskFiles, task: Task, clock: Callable[[], datetime]) -> Outcome:
    path = Path(task.path)
    if not files.owns(task.path) or not path.is_file():
        return Outcome(Status.REFUSED, [NO_FILE])
    how: dict[str, Any] = {
        "dry_run": bool(task.options.get("dry_run")),
        "skip_bad_rows": bool(task.options.get("skip_bad_rows")),
        "progress": _Said(files, task.task_id),
        "clock": clock,
    }
    if task.kind == REGISTER:
        report = take_register(db, path, str(task.options.get("profile", "")), _month(task), **how)
    else:
        report = import_package(db, path, **how)
    report.package = task.name or report.package
    kept = _left_out(report, files.outgoing(task.task_id))
    lines = [line.replace(f"{bad_folder(path)}/", "").replace(f"{path.parent}/", "") for line in report.lines()]
    good = report.imported or (report.dry_run and not report.faults.count)
    return Outcome(Status.DONE if good else Status.REFUSED, lines, kept, LEFT_OUT if kept else "")


def _left_out(report: Report, folder: Path) -> str:
    """The rows that were left out as one file; empty where there are none."""
    if not report.bad_files:
        return ""
    path = folder / "left-out.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for one in report.bad_files:
            packed.write(one, Path(one).name)
    path.chmod(0o600)
    return str(path)


def _export(db: Database, files: TaskFiles, task: Task, clock: Callable[[], datetime]) -> Outcome:
    folder = files.outgoing(task.task_id)
    profile = str(task.options.get("profile", ""))
    if profile:
        out = folder / f"{task.kind}.txt"
        said = write_register(db, task.kind, out, profile, _month(task), clock=clock)
        return Outcome(Status.DONE, [said.replace(str(out), out.name)], str(out), out.name)
    suffix = "xlsx" if task.options.get("suffix") == "xlsx" else "csv"
    out, number = folder / f"{task.kind}.{suffix}", task.options.get("number")
    done = export(db, task.kind, out, number=number if isinstance(number, int) else None, clock=clock)
    if done is None:
        # Of a try that was broken off after its file was whole there is the file; else there is nothing new.
        return Outcome(Status.DONE, [kind_of(task.kind).nothing], str(out) if out.is_file() else "", out.name)
    named = f"{task.kind}-{done.number}.{suffix}"
    return Outcome(Status.DONE, [done.message.replace(str(out), named)], str(out), named)


def _month(task: Task) -> Month | None:
    text = str(task.options.get("month", ""))
    return Month.parse(text) if text else None
