"""Undoing a hold: the payer's sum is blocked at the bank, not taken, and an administrator lets it go."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import NotFound, Refused, Unavailable
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.may import admin_only
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.settling import settle
from lk_reflex.domain.payments.refunding.asking import NO_ORDER
from lk_reflex.domain.payments.tables import Order
from lk_reflex.integrations.bank.port import Bank, Banks, BankState, Rejected, Silent, Stage

DEED = "hold-undone"
NOT_HELD = "Банк не удерживает денег по этому заказу: отменять нечего"
SILENT = "Банк не отвечает. Повторите через минуту: если удержание уже отменено, это будет видно здесь"
_REFUSED = "Банк не отменил удержание: {}"

_ORDER = (
    select(
        col(Order.id), col(Order.number), col(Order.bank_id), col(Order.status), col(Order.user_id),
        col(Organization.inn),
    )
    .select_from(Order)
    .join(Organization, col(Organization.id) == col(Order.organization_id))
    .where(col(Order.number) == bindparam("number"))
)  # fmt: skip


def undo_hold(
    database: Database, banks: Banks, actor: Actor, number: str, *, clock: Callable[[], datetime], site: str
) -> None:
    """Let a held sum go. Repeats do no harm: the bank is asked first, and its own word settles the order.

    Raises Refused for everybody but an administrator and where nothing is held, Unavailable where the bank is silent.
    """
    admin_only(actor)
    order = database.read(_read, number)
    bank = banks.of(order.inn)
    if _looked(database, bank, order, clock, site).stage is not Stage.HELD:
        raise Refused(NOT_HELD)
    database.write(_noted, actor, order, now=clock())
    refusal = ""
    try:
        bank.reverse(order.number, order.bank_id)
    except Silent:
        pass
    except Rejected as fault:
        refusal = _REFUSED.format(fault.words or fault.code)
    if _looked(database, bank, order, clock, site).stage is Stage.HELD:
        raise Refused(refusal) if refusal else Unavailable(SILENT)


def _read(db: Reader, number: str) -> Any:
    order = db.first(_ORDER, number=number)
    if order is None:
        raise NotFound(NO_ORDER)
    if order.status != Status.CHECKING:
        raise Refused(NOT_HELD)
    return order


def _looked(database: Database, bank: Bank, order: Any, clock: Callable[[], datetime], site: str) -> BankState:
    try:
        state = bank.state(order.number, order.bank_id)
    except (Silent, Rejected):
        raise Unavailable(SILENT) from None
    if state is None:
        raise Refused(NOT_HELD)
    database.write(settle, order.id, state, cause=Cause.STAFF, now=clock(), site=site)
    return state


def _noted(db: Writer, actor: Actor, order: Any, *, now: datetime) -> None:
    status = Status(order.status)
    note_event(db, order.id, status, status, cause=Cause.STAFF, now=now, actor_id=actor.user_id, detail={"deed": DEED})
    note(db, DEED, now=now, actor_id=actor.user_id, user_id=order.user_id, order=order.id)
