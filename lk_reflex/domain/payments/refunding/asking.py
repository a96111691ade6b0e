"""Asking for a refund: everything is written down before the bank hears of it."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.core.money import format_roubles, parse_money, without_roubles
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.explained import explained
from lk_reflex.domain.payments.may import admin_only
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.tables import Order, Refund

AMOUNT, EXPLANATION = "amount", "explanation"
ASKED, ACCEPTED, REFUSED = "asked", "accepted", "refused"
#: A person has decided that the bank is to be told once more.
REPEAT = "repeat"
NO_ORDER = "Такого заказа нет. Проверьте номер"
NO_AMOUNT = "Введите сумму возврата, например 1 234,50"
TOO_SMALL = "Введите сумму больше нуля"
SAY_WHY = "Напишите причину возврата: её увидит плательщик"
NOT_PAID = "Вернуть деньги можно только по оплаченному заказу"
#: What the journal and the audit log call it.
DEED = "refund-asked"

# Whoever else asks or settles waits: the amounts are compared with what is left at this moment.
_LOCKED = (
    select(col(Order.id), col(Order.number), col(Order.status), col(Order.captured), col(Order.refunded),
           col(Order.user_id))
    .where(col(Order.number) == bindparam("number"))
    .with_for_update()
)  # fmt: skip
_UNFINISHED = select(col(Refund.amount)).where(
    col(Refund.order_id) == bindparam("order_id"), col(Refund.settled_at).is_(None)
)


@dataclass(frozen=True, slots=True)
class AskedRefund:
    """A refund that stands recorded; kopecks. `carry_out` takes it to the bank."""

    refund_id: int
    number: str
    amount: int


def read_amount(text: str) -> int:
    """Kopecks out of what was typed. Raises Invalid."""
    try:
        amount = parse_money(without_roubles(text))
    except ValueError:
        raise Invalid({AMOUNT: NO_AMOUNT}) from None
    if amount <= 0:
        raise Invalid({AMOUNT: TOO_SMALL})
    return amount


def ask_refund(db: Writer, actor: Actor, number: str, amount: int, explanation: str, *, now: datetime) -> AskedRefund:
    """Record that so many kopecks of an order are to go back, and why.

    Raises Refused for everybody but an administrator and for an order that isn't paid, Invalid for an amount beyond
    what is left of it and for a missing reason, Conflict while another refund of the order isn't finished.
    """
    admin_only(actor)
    said = explained(explanation, EXPLANATION, SAY_WHY)
    order = db.first(_LOCKED, number=number)
    if order is None:
        raise NotFound(NO_ORDER)
    if order.status != Status.PAID:
        raise Refused(NOT_PAID)
    if (other := db.value(_UNFINISHED, order_id=order.id)) is not None:
        raise Conflict(f"По этому заказу уже идёт возврат {format_roubles(other)} Дождитесь ответа банка")
    left = order.captured - order.refunded
    if amount > left:
        raise Invalid({AMOUNT: f"Вернуть можно не больше {format_roubles(left)}"})
    if amount <= 0:
        raise Invalid({AMOUNT: TOO_SMALL})
    refund = Refund(
        order_id=order.id, key=secrets.token_hex(16), amount=amount, refunded_before=order.refunded, explanation=said,
        status=ASKED, asked_by=actor.user_id, asked_at=now,
    )  # fmt: skip
    db.add(refund)
    assert refund.id
    status, detail = Status(order.status), {"deed": DEED, "refund": refund.id, "amount": amount}
    note_event(db, order.id, status, status, cause=Cause.REFUND, now=now, actor_id=actor.user_id, detail=detail)
    note(db, DEED, now=now, actor_id=actor.user_id, user_id=order.user_id, order=order.id, kopecks=amount)
    return AskedRefund(refund.id, order.number, amount)
