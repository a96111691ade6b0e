"""What whoever runs the cabinet watches of its data: few figures, each from an index, none of anybody's."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select, text
from sqlmodel import col

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Reader
from lk_reflex.core.leases import JobLease
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.exchange_log.tables import ExchangeTask, ImportRun
from lk_reflex.domain.exchange_log.tasks import Status as TaskStatus
from lk_reflex.domain.identity.tables import UserSession
from lk_reflex.domain.mail.delivery import waiting_for
from lk_reflex.domain.mail.tables import OutgoingMail
from lk_reflex.domain.metering.tables import SentReading, Submission
from lk_reflex.domain.payments.orders.due import overdue_for
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.tables import Order, Refund
from lk_reflex.domain.push.tables import PushMessage
from lk_reflex.domain.requests.machine import OPEN as OPEN_REQUESTS
from lk_reflex.domain.requests.tables import Request, RequestCount

#: Counting goes no further: an announcement to everybody puts hundreds of thousands of letters into the line.
MANY = 10_000
_DAY = timedelta(days=1)


class Figure(NamedTuple):
    """One value; `label` is the value of its name's label, empty where it has none."""

    name: str
    value: float
    label: str = ""


#: What each is, and what its label says. Times are seconds; «last» numbers are those of the newest row.
MEANING: dict[str, tuple[str, str]] = {
    "lk_sign_ins": ("Number of the last session begun: its growth is how many have signed in", ""),
    "lk_submissions": ("Number of the last form of readings taken: its growth is how many have come", ""),
    "lk_readings_sent": ("Number of the last reading taken: its growth is how many have come", ""),
    "lk_requests_made": ("Number of the last request begun, drafts included", ""),
    "lk_orders_open": ("Orders whose fate is open", "status"),
    "lk_orders_open_oldest_seconds": ("Age of the oldest order whose fate is open", "status"),
    "lk_orders_ended_last_day": ("Orders made within 24 hours that have come to an end", "status"),
    "lk_orders_look_overdue_seconds": ("How long a question to the bank is overdue", ""),
    "lk_orders_flagged": ("Orders that staff should look at", ""),
    "lk_refunds_open": ("Refunds that aren't settled", "status"),
    "lk_mail_waiting": (f"Letters that wait, at most {MANY}", ""),
    "lk_mail_oldest_seconds": ("How long the oldest letter has waited for us or for our server", ""),
    "lk_push_waiting": (f"Push messages that wait, at most {MANY}", ""),
    "lk_push_overdue_seconds": ("How long the push message longest due has waited", ""),
    "lk_requests": ("Requests by status", "status"),
    "lk_requests_overdue": ("Requests beyond their term", ""),
    "lk_import_last_timestamp_seconds": ("When the last import was finished", ""),
    "lk_import_last_seconds": ("How long it took", ""),
    "lk_import_last_rows": ("How many rows it has taken in", ""),
    "lk_exchange_tasks_open": ("Tasks of the exchange that wait or run", "status"),
    "lk_exchange_tasks_bad_last_day": ("Imports and exports refused or failed within 24 hours", "status"),
    "lk_job_lease_until_timestamp_seconds": ("Until when a worker holds a job; past where none does it", "lease"),
    "lk_database_bytes": ("Size of the database", ""),
}

_LATEST = {
    "lk_sign_ins": select(func.max(col(UserSession.id))),
    "lk_submissions": select(func.max(col(Submission.id))),
    "lk_readings_sent": select(func.max(col(SentReading.id))),
    "lk_requests_made": select(func.max(col(Request.id))),
}
_OPEN_ORDERS = (
    select(col(Order.status), func.count().label("many"), func.min(col(Order.created_at)).label("oldest"))
    .where(col(Order.status).in_([status.value for status in sorted(OPEN)]))
    .group_by(col(Order.status))
)
_ENDED = sorted(set(Status) - OPEN)
_ENDED_ORDERS = (
    select(col(Order.status), func.count().label("many"))
    .where(
        col(Order.status).in_([status.value for status in _ENDED]),
        col(Order.created_at) > bindparam("since", type_=UtcTime()),
    )
    .group_by(col(Order.status))
)
_FLAGGED = select(func.count()).select_from(Order).where(text("orders.flag <> ''"))
_REFUNDS = (
    select(col(Refund.status), func.count().label("many"))
    .where(col(Refund.settled_at).is_(None))
    .group_by(col(Refund.status))
)
_MAIL = select(func.count()).select_from(
    select(col(OutgoingMail.id)).where(col(OutgoingMail.settled_at).is_(None)).limit(MANY).subquery()
)
_PUSH = select(func.count()).select_from(
    select(col(PushMessage.id)).where(col(PushMessage.next_try_at).is_not(None)).limit(MANY).subquery()
)
_PUSH_DUE = (
    select(col(PushMessage.next_try_at))
    .where(col(PushMessage.next_try_at).is_not(None))
    .order_by(col(PushMessage.next_try_at))
    .limit(1)
)
_REQUESTS = select(col(RequestCount.status), func.sum(col(RequestCount.count)).label("many")).group_by(
    col(RequestCount.status)
)
_OVERDUE = (
    select(func.count())
    .select_from(Request)
    .where(
        col(Request.status).in_([status.value for status in sorted(OPEN_REQUESTS)]),
        col(Request.due_on) < bindparam("today"),
    )
)
_IMPORT = (
    select(col(ImportRun.started_at), col(ImportRun.finished_at), col(ImportRun.totals))
    .order_by(col(ImportRun.id).desc())
    .limit(1)
)
_TASKS = (
    select(col(ExchangeTask.status), func.count().label("many"))
    .where(col(ExchangeTask.ended_at).is_(None))
    .group_by(col(ExchangeTask.status))
)
#: Of the newest ones: nobody orders more in a day.
_LAST_TASKS = (
    select(col(ExchangeTask.status), col(ExchangeTask.ended_at)).order_by(col(ExchangeTask.id).desc()).limit(100)
)
_LEASES = select(col(JobLease.job), col(JobLease.until))


def figures(db: Reader, *, now: datetime) -> list[Figure]:
    """All of them, in a few milliseconds. Of a status that nothing is in, zero."""
    return [
        *(Figure(name, float(db.value(query) or 0)) for name, query in _LATEST.items()),
        *_orders(db, now),
        *_lines(db, now),
        *_requests(db, now),
        *_exchange(db, now),
        *(Figure("lk_job_lease_until_timestamp_seconds", row.until.timestamp(), row.job) for row in db.rows(_LEASES)),
        Figure("lk_database_bytes", _size(db)),
    ]


def _orders(db: Reader, now: datetime) -> Iterator[Figure]:
    found = {row.status: row for row in db.rows(_OPEN_ORDERS)}
    for status in sorted(OPEN):
        row = found.get(status.value)
        yield Figure("lk_orders_open", row.many if row else 0, status.value)
        yield Figure("lk_orders_open_oldest_seconds", _since(row.oldest if row else None, now), status.value)
    ended = {row.status: row.many for row in db.rows(_ENDED_ORDERS, since=now - _DAY)}
    yield from (Figure("lk_orders_ended_last_day", ended.get(status.value, 0), status.value) for status in _ENDED)
    yield Figure("lk_orders_look_overdue_seconds", overdue_for(db, now=now).total_seconds())
    yield Figure("lk_orders_flagged", float(db.value(_FLAGGED) or 0))
    refunds = {row.status: row.many for row in db.rows(_REFUNDS)}
    for status in ("asked", "accepted", "unanswered", "repeat"):
        yield Figure("lk_refunds_open", refunds.get(status, 0), status)


def _lines(db: Reader, now: datetime) -> Iterator[Figure]:
    yield Figure("lk_mail_waiting", float(db.value(_MAIL) or 0))
    yield Figure("lk_mail_oldest_seconds", waiting_for(db, now=now).total_seconds())
    yield Figure("lk_push_waiting", float(db.value(_PUSH) or 0))
    yield Figure("lk_push_overdue_seconds", _since(db.value(_PUSH_DUE), now))


def _requests(db: Reader, now: datetime) -> Iterator[Figure]:
    yield from (Figure("lk_requests", float(row.many), row.status) for row in db.rows(_REQUESTS))
    yield Figure("lk_requests_overdue", float(db.value(_OVERDUE, today=local_date(now)) or 0))


def _exchange(db: Reader, now: datetime) -> Iterator[Figure]:
    last = db.first(_IMPORT)
    if last is not None:
        yield Figure("lk_import_last_timestamp_seconds", last.finished_at.timestamp())
        yield Figure("lk_import_last_seconds", (last.finished_at - last.started_at).total_seconds())
        yield Figure("lk_import_last_rows", _taken(last.totals))
    running = {row.status: row.many for row in db.rows(_TASKS)}
    for status in (TaskStatus.WAITING, TaskStatus.RUNNING):
        yield Figure("lk_exchange_tasks_open", running.get(status.value, 0), status.value)
    ended = [row.status for row in db.rows(_LAST_TASKS) if row.ended_at and row.ended_at > now - _DAY]
    for status in (TaskStatus.REFUSED, TaskStatus.FAILED):
        yield Figure("lk_exchange_tasks_bad_last_day", ended.count(status.value), status.value)


def _since(moment: datetime | None, now: datetime) -> float:
    return max((now - moment).total_seconds(), 0.0) if moment else 0.0


def _taken(totals: dict[str, Any]) -> float:
    """Of all files of the package together."""
    return float(sum(one.get("taken", 0) for one in totals.get("files", [])))


def _size(db: Reader) -> float:
    if db.connection.dialect.name == "postgresql":
        return float(db.connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())
    pages = db.connection.execute(text("PRAGMA page_count")).scalar_one()
    return float(pages) * float(db.connection.execute(text("PRAGMA page_size")).scalar_one())
