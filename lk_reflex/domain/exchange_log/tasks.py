"""Imports and exports ordered in the browser: an administrator orders them, the worker does them.

Where the files lie and what an import is the exchange knows; here stands who ordered what, and what came of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, NotFound, Refused
from lk_reflex.core.schema import UtcTime
from lk_reflex.core.signals import EVERY_DESK, EXCHANGE, stir
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.exchange_log.tables import ExchangeTask, Export
from lk_reflex.domain.identity.access import ADMIN, Actor
from lk_reflex.domain.identity.tables import User

IMPORT, EXPORT = "import", "export"
#: What may wait at a time: whoever presses in anger fills no queue.
MOST_WAITING: Final = 5
#: The lines of the list; and how long files that came of a task are kept.
SHOWN, KEPT = 20, timedelta(days=7)
NO_TASK = "Такой загрузки или выгрузки нет. Обновите страницу"
NOT_YOURS = "Обменом с биллингом занимается администратор"
TOO_MANY = "В очереди уже пять заданий. Дождитесь их или отмените лишние"
BEGUN = "Это задание уже выполняется: отменить его нельзя"


class Status(StrEnum):
    """Where a task stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    REFUSED = "refused"  # the file has faults; nothing was changed
    FAILED = "failed"  # ours, or the machine's
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Order:
    """What is ordered. `path` is where an import's file lies, `name` what the person called it."""

    direction: str
    kind: str
    name: str = ""
    path: str = ""
    size: int = 0
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Task:
    """One task as its list shows it and as the worker does it."""

    task_id: int
    direction: str
    kind: str
    name: str
    path: str
    size: int
    options: Mapping[str, Any]
    status: Status
    report: Sequence[str]
    result_path: str
    result_name: str
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    tries: int
    #: Who ordered it: the name for colleagues, else the e-mail; empty where the login is gone.
    by: str


@dataclass(frozen=True, slots=True)
class Batch:
    """An export that was made before and can be written once more."""

    kind: str
    number: int
    rows: int
    created_at: datetime


_COLUMNS = (
    col(ExchangeTask.id), col(ExchangeTask.direction), col(ExchangeTask.kind), col(ExchangeTask.name),
    col(ExchangeTask.path), col(ExchangeTask.size), col(ExchangeTask.options), col(ExchangeTask.status),
    col(ExchangeTask.report), col(ExchangeTask.result_path), col(ExchangeTask.result_name),
    col(ExchangeTask.created_at), col(ExchangeTask.started_at), col(ExchangeTask.ended_at), col(ExchangeTask.tries),
    col(User.staff_name), col(User.email),
)  # fmt: skip
_TASKS = select(*_COLUMNS).outerjoin(User, col(User.id) == col(ExchangeTask.user_id))
_NEWEST = _TASKS.order_by(col(ExchangeTask.id).desc()).limit(SHOWN)
_ONE = _TASKS.where(col(ExchangeTask.id) == bindparam("task_id"))
#: What was begun and broken off comes before what waits: it has been promised for longer.
_OPEN = _TASKS.where(col(ExchangeTask.ended_at).is_(None)).order_by(col(ExchangeTask.id)).limit(MOST_WAITING + 1)
_STALE = (
    _TASKS.where(col(ExchangeTask.ended_at) < bindparam("before", type_=UtcTime()), col(ExchangeTask.result_path) != "")
    .order_by(col(ExchangeTask.id))
    .limit(SHOWN)
)
_BATCHES = (
    select(col(Export.kind), col(Export.number), col(Export.rows), col(Export.created_at))
    .where(col(Export.completed_at).is_not(None))
    .order_by(col(Export.id).desc())
    .limit(SHOWN)
)
_BEGIN = (
    update(ExchangeTask)
    .where(col(ExchangeTask.id) == bindparam("of_id"), col(ExchangeTask.ended_at).is_(None))
    .values(status=Status.RUNNING.value, started_at=bindparam("now"), tries=col(ExchangeTask.tries) + 1)
)
_PUT_BACK = (
    update(ExchangeTask)
    .where(col(ExchangeTask.id) == bindparam("of_id"), col(ExchangeTask.ended_at).is_(None))
    .values(status=Status.WAITING.value, tries=col(ExchangeTask.tries) - 1)
)
_END = (
    update(ExchangeTask)
    .where(col(ExchangeTask.id) == bindparam("of_id"), col(ExchangeTask.ended_at).is_(None))
    .values(
        status=bindparam("becomes"), report=bindparam("lines", type_=ExchangeTask.__table__.c.report.type),  # type: ignore[attr-defined]
        result_path=bindparam("to_path"), result_name=bindparam("to_name"), ended_at=bindparam("now"),
    )
)  # fmt: skip
_CANCEL = _END.where(col(ExchangeTask.status) == Status.WAITING.value)
_FORGET = update(ExchangeTask).where(col(ExchangeTask.id) == bindparam("of_id")).values(result_path="", result_name="")


def order_task(db: Writer, actor: Actor, order: Order, *, now: datetime) -> int:
    """Put a task into the queue; returns its id. Raises Refused for whoever isn't an administrator, Conflict."""
    _require_admin(actor)
    if len(db.rows(_OPEN)) >= MOST_WAITING:
        raise Conflict(TOO_MANY)
    task = ExchangeTask(
        direction=order.direction, kind=order.kind, user_id=actor.user_id, name=order.name, path=order.path,
        size=order.size, options=dict(order.options), status=Status.WAITING.value, created_at=now,
    )  # fmt: skip
    db.add(task)
    assert task.id
    note(db, f"{order.direction}-ordered", now=now, actor_id=actor.user_id, task=task.id, kind=order.kind)
    stir(db, EVERY_DESK, EXCHANGE, now=now)
    return task.id


def cancel_task(db: Writer, actor: Actor, task_id: int, *, now: datetime) -> str:
    """«Отменить» of what still waits; returns the path of its file, to be removed. Raises NotFound, Conflict."""
    task = one_task(db, actor, task_id)
    cancelled = db.change(
        _CANCEL, of_id=task_id, becomes=Status.CANCELLED.value, lines=[], to_path="", to_name="", now=now
    )
    if not cancelled:
        raise Conflict(BEGUN)
    note(db, "task-cancelled", now=now, actor_id=actor.user_id, task=task_id)
    stir(db, EVERY_DESK, EXCHANGE, now=now)
    return task.path


def newest_tasks(db: Reader, actor: Actor) -> tuple[Task, ...]:
    """The list, the newest first."""
    _require_admin(actor)
    return tuple(map(_task, db.rows(_NEWEST)))


def one_task(db: Reader, actor: Actor, task_id: int) -> Task:
    """Raises NotFound."""
    row = db.first(_ONE, task_id=task_id) if actor.role == ADMIN else None
    if row is None:
        raise NotFound(NO_TASK)
    return _task(row)


def made_exports(db: Reader, actor: Actor) -> tuple[Batch, ...]:
    """The newest exports that were made, whoever ordered them, the command line included."""
    _require_admin(actor)
    return tuple(Batch(*row) for row in db.rows(_BATCHES))


def note_taken(db: Writer, actor: Actor, task_id: int, *, now: datetime) -> None:
    """Persons' data leave the house: who has taken the file."""
    note(db, "exchange-file-taken", now=now, actor_id=actor.user_id, task=task_id)


def open_tasks(db: Reader) -> tuple[Task, ...]:
    """For the worker: what is to be done, the oldest first."""
    return tuple(map(_task, db.rows(_OPEN)))


def begin_task(db: Writer, task_id: int, *, now: datetime) -> bool:
    """For the worker: begin it, or begin it anew after a crash; False where it has ended meanwhile."""
    begun = db.change(_BEGIN, of_id=task_id, now=now) == 1
    stir(db, EVERY_DESK, EXCHANGE, now=now)
    return begun


def put_back_task(db: Writer, task_id: int, *, now: datetime) -> None:
    """For the worker: it can't be done just now, through no fault of its own."""
    db.change(_PUT_BACK, of_id=task_id)
    stir(db, EVERY_DESK, EXCHANGE, now=now)


def end_task(
    db: Writer, task_id: int, status: Status, report: Sequence[str], *, now: datetime, path: str = "", name: str = ""
) -> None:
    """For the worker: what came of it; `path` of the file to be taken away, `name` as it is offered."""
    db.change(_END, of_id=task_id, becomes=status.value, lines=list(report), to_path=path, to_name=name, now=now)
    stir(db, EVERY_DESK, EXCHANGE, now=now)


def stale_tasks(db: Reader, *, now: datetime) -> tuple[Task, ...]:
    """Those whose file has had its time."""
    return tuple(map(_task, db.rows(_STALE, before=now - KEPT)))


def forget_file(db: Writer, task_id: int) -> None:
    """Its file is offered no more."""
    db.change(_FORGET, of_id=task_id)


def _require_admin(actor: Actor) -> None:
    if actor.role != ADMIN:
        raise Refused(NOT_YOURS)


def _task(row: Any) -> Task:
    return Task(
        row.id, row.direction, row.kind, row.name, row.path, row.size, row.options, Status(row.status), row.report,
        row.result_path, row.result_name, row.created_at, row.started_at, row.ended_at, row.tries,
        row.staff_name or row.email or "",
    )  # fmt: skip
