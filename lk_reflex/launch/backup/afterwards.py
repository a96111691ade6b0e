"""What is set right in a database that has come back, before anybody works with it: nothing is to be done twice.

Between the copy and this moment the world went on: letters were sent, banks paid and gave back, people changed their
passwords. The database knows nothing of that, so each deed that it would repeat is stopped or asked about first.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.leases import JobLease
from lk_reflex.domain.accounts.access_tables import GuestVisit
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.exchange_log.tables import ExchangeTask, Export
from lk_reflex.domain.files.keeping import drop
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.entry_tables import OneTimeToken
from lk_reflex.domain.identity.tables import UserSession
from lk_reflex.domain.mail.holding import hold_all
from lk_reflex.domain.payments.orders.due import look_again
from lk_reflex.domain.payments.refunding.doubting import doubt_unfinished
from lk_reflex.domain.push.tables import PushMessage

_END_SESSIONS = update(UserSession).where(col(UserSession.ended_at).is_(None)).values(ended_at=bindparam("now"))
_END_VISITS = update(GuestVisit).where(col(GuestVisit.ended_at).is_(None)).values(ended_at=bindparam("now"))
_USE_UP = update(OneTimeToken).where(col(OneTimeToken.used_at).is_(None)).values(used_at=bindparam("now"))
_FORGET_PUSHES = update(PushMessage).where(col(PushMessage.next_try_at).is_not(None)).values(next_try_at=None)
_FREE_JOBS = delete(JobLease)
_OPEN_IMPORTS = select(col(ExchangeTask.id)).where(col(ExchangeTask.ended_at).is_(None), col(ExchangeTask.path) != "")
_MOVE_IMPORT = update(ExchangeTask).where(col(ExchangeTask.id) == bindparam("of_id")).values(path=bindparam("to_path"))
_FORGET_RESULTS = update(ExchangeTask).where(col(ExchangeTask.result_path) != "").values(result_path="", result_name="")
_LAST_EXPORTS = (
    select(col(Export.kind), func.max(col(Export.number)).label("number"))
    .group_by(col(Export.kind))
    .order_by(Export.kind)
)
_ID = select(col(StoredFile.id)).where(col(StoredFile.key) == bindparam("key"))


@dataclass(slots=True)
class Afterwards:
    """What was done, in counts; `exports` has the last number by kind, as the database knows it now."""

    sessions: int = 0
    letters: int = 0
    pushes: int = 0
    refunds: list[str] = field(default_factory=list)
    orders: int = 0
    imports: int = 0
    exports: dict[str, int] = field(default_factory=dict)


def set_right(
    db: Writer, *, made_at: datetime, tasks: Mapping[int, str], lost: Sequence[str], send_mail: bool,
    exported: Mapping[str, int], now: datetime,
) -> Afterwards:  # fmt: skip
    """In one transaction. `tasks`: where the files of ordered imports lie now; `lost`: files without their bytes."""
    done = Afterwards()
    # A session that was closed, a password that was changed, a link that was used since: all of that is open again.
    done.sessions = db.change(_END_SESSIONS, now=now)
    db.change(_END_VISITS, now=now)
    db.change(_USE_UP, now=now)
    done.letters = 0 if send_mail else hold_all(db)
    done.pushes = db.change(_FORGET_PUSHES)
    done.refunds = doubt_unfinished(db, now=now)
    done.orders = look_again(db, now=now)
    db.change(_FREE_JOBS)
    _move_imports(db, tasks)
    done.imports = len(tasks)
    for key in lost:
        if db.value(_ID, key=key) is not None:
            drop(db, key)
    _skip_exports(db, exported, now)
    done.exports = {row.kind: row.number for row in db.rows(_LAST_EXPORTS)}
    note(db, "database-restored", now=now, made_at=made_at.isoformat())
    return done


def _move_imports(db: Writer, tasks: Mapping[int, str]) -> None:
    """Those whose file didn't come along are refused by the worker, with a sentence for whoever ordered them."""
    db.change(_FORGET_RESULTS)
    for row in db.rows(_OPEN_IMPORTS):
        db.change(_MOVE_IMPORT, of_id=row.id, to_path=tasks.get(row.id, "файл не вернулся"))


def _skip_exports(db: Writer, exported: Mapping[str, int], now: datetime) -> None:
    """Numbers that billing has had since stay taken: it might take a second batch of the same number for a repeat."""
    last = {row.kind: row.number for row in db.rows(_LAST_EXPORTS)}
    for kind, number in exported.items():
        for missing in range(last.get(kind, 0) + 1, number + 1):
            db.add(Export(kind=kind, number=missing, created_at=now, completed_at=now))
