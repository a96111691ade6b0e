"""Asking the bank about an order, and nothing else tells us what became of it."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.failpoints import failpoint
from lk_reflex.domain.payments.orders.claiming import Turn, drop_turn, end_turn, locked_order, order_row, take_turn
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.rules import PAID, closable
from lk_reflex.domain.payments.orders.schedule import is_over
from lk_reflex.domain.payments.orders.settling import settle
from lk_reflex.domain.payments.tables import Order
from lk_reflex.integrations.bank.port import Bank, BankFault, Banks, BankState, Rejected, Stage

log = logging.getLogger(__name__)
#: A result page that is loaded again and again asks the bank no oftener than this.
GAP = timedelta(seconds=3)
#: Why an order was closed that nobody paid.
EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class Looked:
    """Where an order stands now; not `answered` where the bank was `silent`, or wasn't asked: it is being asked."""

    number: str
    status: Status
    answered: bool
    silent: bool = False


def look(
    database: Database, banks: Banks, number: str, *, cause: Cause, clock: Callable[[], datetime], site: str,
    actor_id: int | None = None, close: str = "",
) -> Looked:  # fmt: skip
    """Ask the bank and settle what it says. Blocks on the network; no transaction is open meanwhile.

    `close`: have the bank take no money for it any more, with the reason; what was paid before that counts as paid.
    `site` begins the addresses in letters. Raises NotFound.
    """
    turn = database.write(_turn, number, cause, clock())
    if not isinstance(turn, Turn):
        return Looked(number, turn, answered=False)
    order = turn.order
    if not close and Status(order.status) not in PAID and is_over(order.expires_at, clock()):
        close = EXPIRED
    try:
        state, closed = _ask(banks.of(order.inn), order, close)
    except (BankFault, Unavailable) as fault:
        log.info("order %s: the bank said nothing: %s", number, type(fault).__name__)
        database.write(end_turn, turn, now=clock())
        return Looked(number, Status(order.status), answered=False, silent=True)
    status = database.write(_settle, turn, state, cause, clock(), site, actor_id, closed)
    failpoint("settled")
    return Looked(number, status, answered=True)


def _turn(db: Writer, number: str, cause: Cause, now: datetime) -> Turn | Status:
    """The turn to ask, or where the order stands if there is no need or no turn."""
    if cause is Cause.RETURN:
        order = order_row(db, number)
        status = Status(order.status)
        if status in PAID or (status not in OPEN and order.next_look_at is None):
            return status
        if order.looked_at is not None and now - GAP < order.looked_at <= now:
            db.change(update(Order).where(col(Order.id) == order.id).values(next_look_at=now))
            return status
    turn = take_turn(db, number, now=now)
    if turn is None:
        return Status(order_row(db, number).status)
    if cause is Cause.SCHEDULE and (turn.order.next_look_at is None or turn.order.next_look_at > now):
        drop_turn(db, turn)  # another process has asked since it was due
        return Status(turn.order.status)
    return turn


def _ask(bank: Bank, order: Any, close: str) -> tuple[BankState | None, str]:
    """What the bank says, and why it is closed if it was closed. Raises BankFault."""
    state = bank.state(order.number, order.bank_id)
    failpoint("bank-asked")
    if not close:
        return state, ""
    if state is None:  # there is nothing to close
        return None, close
    bank_id = state.bank_id or order.bank_id
    try:
        if closable(state):
            bank.decline(order.number, bank_id)
            return state, close
        if state.stage is Stage.DECLINED and not state.code:  # closed before, and its answer was lost
            return state, close
        if state.stage is Stage.HELD and close == EXPIRED:
            bank.reverse(order.number, bank_id)
        else:
            return state, ""
    except Rejected as fault:
        log.info("order %s isn't to be closed: %s", order.number, fault.code)
    return bank.state(order.number, bank_id), ""


def _settle(
    db: Writer, turn: Turn, state: BankState | None, cause: Cause, now: datetime, site: str, actor_id: int | None,
    closed: str,
) -> Status:  # fmt: skip
    row = locked_order(db, turn.order.id)
    if row.looking_until != turn.until:
        # It took so long that somebody else has asked since; what they were told is newer.
        return Status(row.status)
    if state is not None and state.refunded < row.refunded != turn.order.refunded:
        # The bank was asked before a refund that somebody has settled since.
        end_turn(db, turn, now=now)
        return Status(row.status)
    status = settle(db, row.id, state, cause=cause, now=now, site=site, actor_id=actor_id, closed=closed)
    end_turn(db, turn, now=now)
    return status
