"""Exports: what hasn't been taken is claimed under a number, written, and only then marked as taken.

A crash before the claim changes nothing. After it the batch stays incomplete, and the next export writes that batch
again, under its own number, before a new one is begun: nothing is lost and nothing gets two numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select, update

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database, Writer
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.exchange.lock import exclusive
from lk_reflex.exchange.out_file import write_table
from lk_reflex.exchange.reading_rows import HEADER, NUMBERS, batch_rows
from lk_reflex.tables import METADATA

READINGS = "readings"
BUSY = "Другая выгрузка ещё идёт. Дождитесь её конца и повторите."
_NOT_YET = {
    "payments": "Выгружать платежи пока нечего: приём оплаты в кабинете ещё не работает.",
    "requests": "Выгружать заявки пока нечего: приём заявок в кабинете ещё не работает.",
}
_exports, _sent = METADATA.tables["exports"], METADATA.tables["sent_readings"]


@dataclass(frozen=True)
class Exported:
    """A batch that lies in `file`. `repeated`: it had been claimed before."""

    number: int
    rows: int
    file: Path
    repeated: bool

    @property
    def message(self) -> str:
        """What to tell the person."""
        again = " повторно" if self.repeated else ""
        return f"Выгрузка № {self.number}: строк {self.rows},{again} записано в {self.file}"


def export(
    db: Database, kind: str, out: Path, *, number: int | None = None, clock: Callable[[], datetime] = utc_now
) -> Exported | None:
    """Write the next batch of a kind, or the batch `number` once more, byte for byte; None if there is nothing new.

    An incomplete batch goes first, alone: the one after it is written by the next call. Raises Refused for a kind
    that has no data or a file that can't be written, NotFound for an unknown number, Conflict while another runs.
    """
    if kind != READINGS:
        raise Refused(_NOT_YET.get(kind, f"Такой выгрузки нет: {kind}. Есть readings, payments, requests."))
    if out.suffix.lower() not in {".csv", ".xlsx"}:
        raise Refused(f"Имя файла должно оканчиваться на .csv или .xlsx: {out}")
    if not out.parent.is_dir():
        raise Refused(f"Нет такой папки: {out.parent}")
    with exclusive(db, "export", BUSY):
        batch = db.write(_given, number) if number is not None else db.write(_next, clock())
        if batch is None:
            return None
        export_id, found, rows, repeated = batch
        write_table(out, HEADER, batch_rows(db, export_id), NUMBERS)
        db.write(_complete, export_id, clock())
        return Exported(found, rows, out, repeated)


_Batch = tuple[int, int, int, bool]


def _given(db: Writer, number: int) -> _Batch:
    row = db.connection.execute(
        select(_exports.c.id, _exports.c.rows).where(_exports.c.kind == READINGS, _exports.c.number == number)
    ).first()
    if row is None:
        raise NotFound(f"Выгрузки readings с номером {number} нет.")
    return row.id, number, row.rows, True


def _next(db: Writer, now: datetime) -> _Batch | None:
    """The incomplete batch, or a new one with all that hasn't been taken."""
    own = _exports.c.kind == READINGS
    unfinished = db.connection.execute(
        select(_exports.c.id, _exports.c.number, _exports.c.rows)
        .where(own, _exports.c.completed_at.is_(None))
        .order_by(_exports.c.number)
    ).first()
    if unfinished is not None:
        return unfinished.id, unfinished.number, unfinished.rows, True
    fresh = (_sent.c.export_id.is_(None), _sent.c.replaced_at.is_(None))
    if db.connection.execute(select(_sent.c.id).where(*fresh).limit(1)).first() is None:
        return None
    number = (db.connection.scalar(select(func.max(_exports.c.number)).where(own)) or 0) + 1
    batch = Export(kind=READINGS, number=number, created_at=now)
    db.add(batch)
    assert batch.id is not None
    batch.rows = db.change(update(_sent).where(*fresh).values(export_id=batch.id))
    return batch.id, number, batch.rows, False


def _complete(db: Writer, export_id: int, now: datetime) -> None:
    """Once only: a batch that is repeated keeps the moment when it was first whole."""
    waiting = (_exports.c.id == export_id, _exports.c.completed_at.is_(None))
    db.change(update(_exports).where(*waiting).values(completed_at=now))
