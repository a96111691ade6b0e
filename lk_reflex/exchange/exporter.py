"""Exports: what hasn't been taken is claimed under a number, written, and only then marked as taken.

A crash before the claim changes nothing. After it the batch stays incomplete, and the next export of the kind writes
that batch again, under its own number, before a new one is begun: nothing is lost and nothing gets two numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database, Writer
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.failpoints import failpoint
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.exchange.export_kinds import ExportKind, kind_of
from lk_reflex.exchange.lock import exclusive
from lk_reflex.exchange.out_file import write_table
from lk_reflex.tables import METADATA

BUSY = "Другая выгрузка ещё идёт. Дождитесь её конца и повторите."
_exports = METADATA.tables["exports"]


@dataclass(frozen=True)
class Exported:
    """A batch that lies in `file`. `repeated`: it had been claimed before. `sums`: its control totals in words."""

    number: int
    rows: int
    file: Path
    repeated: bool
    sums: str = ""

    @property
    def message(self) -> str:
        """What to tell the person."""
        again = " повторно" if self.repeated else ""
        return f"Выгрузка № {self.number}: строк {self.rows},{again} записано в {self.file}{self.sums}"


def export(
    db: Database, kind: str, out: Path, *, number: int | None = None, clock: Callable[[], datetime] = utc_now
) -> Exported | None:
    """Write the next batch of a kind, or the batch `number` once more, byte for byte; None if there is nothing new.

    An incomplete batch goes first, alone: the one after it is written by the next call. Raises Refused for a kind
    that has no data or a file that can't be written, NotFound for an unknown number, Conflict while another runs.
    """
    wanted = kind_of(kind)
    if out.suffix.lower() not in {".csv", ".xlsx"}:
        raise Refused(f"Имя файла должно оканчиваться на .csv или .xlsx: {out}")
    if not out.parent.is_dir():
        raise Refused(f"Нет такой папки: {out.parent}")
    with exclusive(db, "export", BUSY):
        batch = db.write(_given, wanted, number) if number is not None else _claimed(db, wanted, clock())
        if batch is None:
            return None
        export_id, found, rows, repeated = batch
        failpoint("export-claimed")
        write_table(out, wanted.name, wanted.header, wanted.rows(db, export_id), wanted.columns)
        failpoint("export-written")
        db.write(_complete, export_id, clock())
        return Exported(found, rows, out, repeated, db.read(wanted.sums, export_id))


_Batch = tuple[int, int, int, bool]


class _Nothing(Exception):
    """Leaves the transaction without a trace: there is nothing to be claimed."""


def _given(db: Writer, kind: ExportKind, number: int) -> _Batch:
    row = db.connection.execute(
        select(_exports.c.id, _exports.c.rows).where(_exports.c.kind == kind.name, _exports.c.number == number)
    ).first()
    if row is None:
        raise NotFound(f"Выгрузки {kind.name} с номером {number} нет.")
    return row.id, number, row.rows, True


def _claimed(db: Database, kind: ExportKind, now: datetime) -> _Batch | None:
    try:
        return db.write(_next, kind, now)
    except _Nothing:
        return None


def _next(db: Writer, kind: ExportKind, now: datetime) -> _Batch:
    """The incomplete batch, or a new one with all that hasn't been taken."""
    own = _exports.c.kind == kind.name
    unfinished = db.connection.execute(
        select(_exports.c.id, _exports.c.number, _exports.c.rows)
        .where(own, _exports.c.completed_at.is_(None))
        .order_by(_exports.c.number)
    ).first()
    if unfinished is not None:
        return unfinished.id, unfinished.number, unfinished.rows, True
    number = (db.connection.scalar(select(func.max(_exports.c.number)).where(own)) or 0) + 1
    batch = Export(kind=kind.name, number=number, created_at=now)
    db.add(batch)
    assert batch.id is not None
    batch.rows = kind.claim(db, batch.id)
    if not batch.rows:
        raise _Nothing
    return batch.id, number, batch.rows, False


def _complete(db: Writer, export_id: int, now: datetime) -> None:
    """Once only: a batch that is repeated keeps the moment when it was first whole."""
    waiting = (_exports.c.id == export_id, _exports.c.completed_at.is_(None))
    db.change(update(_exports).where(*waiting).values(completed_at=now))
