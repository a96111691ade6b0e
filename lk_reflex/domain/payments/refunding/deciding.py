"""What an administrator decides about a refund to which the bank has said nothing, having asked there."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.may import admin_only
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.refund_end import DROPPED, UNANSWERED, clear_silence
from lk_reflex.domain.payments.refunding.asking import REPEAT
from lk_reflex.domain.payments.tables import Order, Refund

#: What the journal and the audit log call them.
REPEATED, LEFT = "refund-repeated", "refund-dropped"
DECIDED = "По этому возврату решать больше нечего: его состояние изменилось"
SAID = "В банке сказали, что деньги не возвращены"

_WAITING = (
    select(col(Refund.id), col(Refund.amount), col(Refund.order_id), col(Order.status), col(Order.user_id))
    .join(Order, col(Order.id) == col(Refund.order_id))
    .where(
        col(Order.number) == bindparam("number"),
        col(Refund.settled_at).is_(None),
        col(Refund.status) == UNANSWERED,
    )
)
_MINE = (
    col(Refund.id) == bindparam("refund_id"), col(Refund.settled_at).is_(None), col(Refund.status) == UNANSWERED,
)  # fmt: skip
_REPEAT = update(Refund).where(*_MINE).values(status=REPEAT)
_DROP = (
    update(Refund)
    .where(*_MINE)
    .values(status=DROPPED, settled_at=bindparam("now", type_=UtcTime()), refusal=bindparam("said"))
)


def repeat_refund(db: Writer, actor: Actor, number: str, *, now: datetime) -> int:
    """«Повторить»: the bank is to be told once more; returns the refund, which `carry_out` takes there.

    Raises Refused for everybody but an administrator, Conflict where there is nothing to decide any more.
    """
    refund = _waiting(db, actor, number)
    _changed(db.change(_REPEAT, refund_id=refund.id))
    _noted(db, actor, refund, REPEATED, now)
    return int(refund.id)


def drop_refund(db: Writer, actor: Actor, number: str, *, now: datetime) -> None:
    """«Не возвращено»: it is over, and nothing went back. If something does after all, the order is flagged.

    Raises as `repeat_refund`.
    """
    refund = _waiting(db, actor, number)
    _changed(db.change(_DROP, refund_id=refund.id, now=now, said=SAID))
    _noted(db, actor, refund, LEFT, now)


def _waiting(db: Writer, actor: Actor, number: str) -> Any:
    admin_only(actor)
    refund = db.first(_WAITING, number=number)
    _changed(0 if refund is None else 1)
    return refund


def _changed(rows: int) -> None:
    if rows != 1:
        raise Conflict(DECIDED)


def _noted(db: Writer, actor: Actor, refund: Any, deed: str, now: datetime) -> None:
    clear_silence(db, refund.order_id)
    status, detail = Status(refund.status), {"deed": deed, "refund": refund.id, "amount": refund.amount}
    note_event(db, refund.order_id, status, status, cause=Cause.REFUND, now=now, actor_id=actor.user_id, detail=detail)
    note(
        db, deed, now=now, actor_id=actor.user_id, user_id=refund.user_id, order=refund.order_id,
        kopecks=refund.amount,
    )  # fmt: skip
