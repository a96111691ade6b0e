"""Leases: of several processes one does a job, and another takes over when the first one dies."""

# SQLModel's own declaration of __tablename__ is wider than what it accepts.
# pyright: reportAssignmentType=false

from datetime import datetime, timedelta

from sqlalchemy import Column, bindparam, or_, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, SQLModel, col

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.schema import UtcTime


class JobLease(SQLModel, table=True):
    """Who does a job at present, and until when unless renewed."""

    __tablename__ = "job_leases"

    job: str = Field(primary_key=True)
    holder: str = ""
    until: datetime = Field(sa_column=Column(UtcTime, nullable=False))


_TAKE = (
    update(JobLease)
    .where(
        col(JobLease.job) == bindparam("of_job"),
        or_(col(JobLease.holder) == bindparam("who"), col(JobLease.until) < bindparam("now", type_=UtcTime())),
    )
    .values(holder=bindparam("who"), until=bindparam("till"))
)
_END = (
    update(JobLease)
    .where(col(JobLease.holder) == bindparam("who"), col(JobLease.until) > bindparam("till", type_=UtcTime()))
    .values(until=bindparam("till"))
)


def take(database: Database, job: str, holder: str, *, now: datetime, length: timedelta) -> bool:
    """Take or renew the lease of a job; False while somebody else holds it."""
    try:
        return database.write(_take, job, holder, now, length)
    except IntegrityError:  # two processes met at the very first lease
        return False


def give_back(database: Database, holder: str, *, now: datetime) -> None:
    """Whoever held them works no longer: the next taker needn't wait until they run out."""
    database.write(_give_back, holder, now)


def _give_back(db: Writer, holder: str, now: datetime) -> None:
    db.change(_END, who=holder, till=now - timedelta(seconds=1))


def _take(db: Writer, job: str, holder: str, now: datetime, length: timedelta) -> bool:
    if db.change(_TAKE, of_job=job, who=holder, now=now, till=now + length) == 1:
        return True
    if db.session.get(JobLease, job) is not None:
        return False
    db.add(JobLease(job=job, holder=holder, until=now + length))
    return True
