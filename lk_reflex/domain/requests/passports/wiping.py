"""Passports are forgotten 90 days after a request has ended, or after its person has left it lying unsent."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.requests.machine import EDITABLE
from lk_reflex.domain.requests.tables import Request

KEPT = timedelta(days=90)
PORTION = 500

_before = bindparam("before", type_=UtcTime())
_OLD = (
    select(col(Request.id))
    .where(
        col(Request.passport) != "",
        or_(
            col(Request.ended_at) < _before,
            col(Request.status).in_([status.value for status in EDITABLE]) & (col(Request.updated_at) < _before),
        ),
    )
    .limit(PORTION)
)
_WIPE = (
    update(Request)
    .where(col(Request.id).in_(_OLD.scalar_subquery()))
    .values(passport="", passport_wiped_at=bindparam("now", type_=UtcTime()))
)
_OF_PERSON = (
    update(Request)
    .where(col(Request.user_id) == bindparam("person"), col(Request.passport) != "")
    .values(passport="", passport_wiped_at=bindparam("now", type_=UtcTime()))
)


def wipe_old_passports(db: Writer, *, now: datetime) -> int:
    """Forget a portion of those that have had their time; returns how many went."""
    return db.change(_WIPE, before=now - KEPT, now=now)


def wipe_passports_of(db: Writer, user_id: int, *, now: datetime) -> int:
    """Forget those of a person whose login goes; returns how many there were."""
    return db.change(_OF_PERSON, person=user_id, now=now)
