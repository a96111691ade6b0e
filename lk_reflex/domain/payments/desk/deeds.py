"""What staff do with orders beside refunds: a flag is settled with a note, a day is looked up at the bank again."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, bindparam, or_, select, update
from sqlmodel import col

from lk_reflex.core.days import span
from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict, NotFound
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.payments.explained import explained
from lk_reflex.domain.payments.may import staff_only
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.tables import Order

NOTE = "note"
SAY_WHAT = "Напишите, что выяснили: это останется в журнале заказа"
NO_ORDER = "Такого заказа нет. Проверьте номер"
NO_PAYEE = "Такой организации нет. Выберите её из списка"
SETTLED = "Пометку уже снял кто-то другой. Обновите страницу"
#: What the journal and the audit log call them.
CLEARED, SEEN, DAY, TAKEN = "flag-cleared", "order-seen", "day-looked-up", "day-taken"

_ORDER = select(col(Order.id), col(Order.status), col(Order.flag), col(Order.user_id)).where(
    col(Order.number) == bindparam("number"), overseen(col(Order.organization_id))
)
_CLEAR = (
    update(Order)
    .where(col(Order.id) == bindparam("order_id"), col(Order.flag) == bindparam("seen"), col(Order.flag) != "")
    .values(flag="")
)
_ZONE = select(col(Organization.time_zone)).where(
    col(Organization.id) == bindparam("organization_id"), overseen(col(Organization.id))
)
_BEGINS, _ENDS = bindparam("begins", type_=UtcTime()), bindparam("ends", type_=UtcTime())
_QUEUE = (
    update(Order)
    .where(
        col(Order.organization_id) == bindparam("payee"),
        or_(
            and_(col(Order.paid_at) >= _BEGINS, col(Order.paid_at) < _ENDS),
            and_(col(Order.created_at) >= _BEGINS, col(Order.created_at) < _ENDS),
        ),
    )
    .values(next_look_at=bindparam("now", type_=UtcTime()))
)


def clear_flag(db: Writer, actor: Actor, number: str, flag: str, said: str, *, now: datetime) -> None:
    """«Разобрано»: the order needs no attention any more; what it was about and the note stay in the journal.

    Raises Invalid without a note, Conflict where the flag is another one by now.
    """
    staff_only(actor)
    plain = explained(said, NOTE, SAY_WHAT)
    order = _found(db, actor, number)
    if db.change(_CLEAR, order_id=order.id, seen=flag) != 1:
        raise Conflict(SETTLED)
    status = Status(order.status)
    detail = {"deed": CLEARED, "flag": flag, "said": plain}
    note_event(db, order.id, status, status, cause=Cause.STAFF, now=now, actor_id=actor.user_id, detail=detail)


def note_seen(db: Writer, actor: Actor, number: str, *, now: datetime) -> None:
    """Somebody of the staff has looked at whose payment it is and what for."""
    staff_only(actor)
    order = _found(db, actor, number)
    note(db, SEEN, now=now, actor_id=actor.user_id, user_id=order.user_id, order=order.id)


def note_taken(db: Writer, actor: Actor, organization_id: int, day: date, *, now: datetime) -> None:
    """Somebody of the staff has taken a day's orders along as a file."""
    staff_only(actor)
    if db.value(_ZONE, organization_id=organization_id, **actor.overseeing) is None:
        raise NotFound(NO_PAYEE)
    note(db, TAKEN, now=now, actor_id=actor.user_id, organization=organization_id, day=day.isoformat())


def look_up_day(db: Writer, actor: Actor, organization_id: int, day: date, *, now: datetime) -> int:
    """Have the worker ask the bank about every order of that day, made or paid then; returns how many."""
    staff_only(actor)
    time_zone = db.value(_ZONE, organization_id=organization_id, **actor.overseeing)
    if time_zone is None:
        raise NotFound(NO_PAYEE)
    begins, ends = span(day, day, time_zone)
    queued = db.change(_QUEUE, payee=organization_id, begins=begins, ends=ends, now=now)
    note(db, DAY, now=now, actor_id=actor.user_id, organization=organization_id, orders=queued)
    return queued


def _found(db: Writer, actor: Actor, number: str) -> Any:
    order = db.first(_ORDER, number=number, **actor.overseeing)
    if order is None:
        raise NotFound(NO_ORDER)
    return order
