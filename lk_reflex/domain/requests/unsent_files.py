"""Files that were brought and never sent: let go after a day, those of a form that was kept after 30."""

from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, or_, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.pruning import PORTION
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.files.keeping import UNSENT_FOR, drop
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.slots import MESSAGE
from lk_reflex.domain.requests.tables import Request, RequestFile

KEPT_FOR = timedelta(days=30)
#: «Сохранить» was pressed, or corrections are made to what was sent: the form is somebody's work.
_KEPT = and_(col(RequestFile.slot) != MESSAGE, or_(col(Request.kept), col(Request.status) == Status.CORRECTING.value))
_OLD = (
    select(col(RequestFile.id), col(StoredFile.key))
    .join(StoredFile, col(StoredFile.id) == col(RequestFile.file_id))
    .join(Request, col(Request.id) == col(RequestFile.request_id))
    .where(
        col(StoredFile.attached_at).is_(None),
        col(StoredFile.created_at) < bindparam("unkept_before", type_=UtcTime()),
        or_(~_KEPT, col(StoredFile.created_at) < bindparam("kept_before", type_=UtcTime())),
    )
    .order_by(col(RequestFile.id))
    .limit(PORTION)
    .with_for_update(of=StoredFile)
)
_UNTIE = delete(RequestFile).where(col(RequestFile.id) == bindparam("of_id"))


def let_go(database: Database, *, now: datetime) -> int:
    """Take a portion of them out of their requests; returns how many. The sweep of files removes their bytes."""
    return database.write(_let_go, now=now)


def _let_go(db: Writer, *, now: datetime) -> int:
    # Found under a lock: what is being sent just now stays.
    old = _old(db, now)
    for row in old:
        db.change(_UNTIE, of_id=row.id)
        drop(db, row.key)
    return len(old)


def _old(db: Reader, now: datetime) -> list:
    return db.rows(_OLD, unkept_before=now - UNSENT_FOR, kept_before=now - KEPT_FOR)
