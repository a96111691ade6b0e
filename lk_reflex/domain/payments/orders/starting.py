"""Making an order known to the bank: it stands in our books already, so whatever is lost on the way is found again."""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.failpoints import failpoint
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.mail.masks import masked_number
from lk_reflex.domain.payments.orders.claiming import Turn, drop_turn, end_turn, locked_order, order_row, take_turn
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.moving import move
from lk_reflex.domain.payments.orders.present import result_path
from lk_reflex.domain.payments.orders.settling import settle
from lk_reflex.domain.payments.tables import Order, OrderLine
from lk_reflex.integrations.bank.port import (
    Bank,
    Banks,
    BankState,
    NumberTaken,
    Registered,
    Rejected,
    Request,
    Silent,
)

log = logging.getLogger(__name__)
#: A second press waits so long for the first one's answer, in seconds.
PATIENCE, PAUSE = 10.0, 0.1
#: No gateway takes a shorter life, in seconds.
SHORTEST = 60
REFUSED = "rejected"
_LINES = (
    select(col(Account.number), col(Receipt.month))
    .select_from(OrderLine)
    .join(Account, col(Account.id) == col(OrderLine.account_id))
    .join(Receipt, col(Receipt.id) == col(OrderLine.receipt_id))
    .where(col(OrderLine.order_id) == bindparam("order_id"))
    .order_by(col(OrderLine.id))
)


@dataclass(frozen=True, slots=True)
class Started:
    """Where the payer goes on: to `form_url` while the order is WAITING, else to its result page."""

    number: str
    form_url: str
    status: Status


def start(
    database: Database, banks: Banks, number: str, *, site: str, clock: Callable[[], datetime], return_path: str = ""
) -> Started:
    """Register a recorded order; one that was registered before is given back as it is. Blocks on the network.

    `return_path`: where the bank leads the payer back to, if not to the result page. Raises NotFound.
    """
    failpoint("order-recorded")
    if database.read(order_row, number).status != Status.NEW:
        return _started(database, number)
    turn = database.write(_turn, number, clock())
    if turn is None:
        return _awaited(database, number)
    request = _request(turn.order, database.read(_lines, turn.order.id), site, return_path, clock())
    try:
        outcome = _register(banks.of(turn.order.inn), request)
        failpoint("order-registered-unsaved")
    except Silent as fault:
        log.warning("order %s: nobody knows whether the bank has it: %s", number, fault)
        database.write(end_turn, turn, now=clock())
    except (Rejected, Unavailable) as fault:
        code = fault.code if isinstance(fault, Rejected) else "unavailable"
        log.warning("order %s: the bank doesn't take it: %s", number, code)
        database.write(_failed, turn, code, clock())
    else:
        database.write(_known, turn, outcome, site, clock())
        failpoint("order-registered")
    return _started(database, number)


def _turn(db: Writer, number: str, now: datetime) -> Turn | None:
    """The turn to register; None where somebody else is just doing it, or has done it."""
    turn = take_turn(db, number, now=now)
    if turn is not None and turn.order.status != Status.NEW:
        drop_turn(db, turn)
        return None
    return turn


def _register(bank: Bank, request: Request) -> Registered | BankState:
    """The bank's answer, or what it says of an order that it has already. Raises Silent, Rejected.

    After silence it is asked by our number; and where it has nothing, told once more: the number makes it one order
    even if the first telling is still on its way.
    """
    for _ in range(2):
        try:
            return bank.register(request)
        except (Silent, NumberTaken):
            state = _found(bank, request.number)
            if state is not None:
                return state
    raise Silent("told twice")


def _found(bank: Bank, number: str) -> BankState | None:
    try:
        return bank.state(number)
    except Rejected as fault:  # a refused question says nothing about the order
        raise Silent(str(fault)) from fault


def _known(db: Writer, turn: Turn, outcome: Registered | BankState, site: str, now: datetime) -> None:
    row = locked_order(db, turn.order.id)
    if isinstance(outcome, BankState):
        settle(db, row.id, outcome, cause=Cause.REGISTERED, now=now, site=site)
    else:
        db.change(
            update(Order).where(col(Order.id) == row.id).values(bank_id=outcome.bank_id, form_url=outcome.form_url)
        )
        status = Status(row.status)
        # It may have been found by a look, or given up by its payer, while the answer was on its way.
        if status in (Status.NEW, Status.FAILED):
            move(db, row.id, status, Status.WAITING, cause=Cause.REGISTERED, now=now, reason="")
    end_turn(db, turn, now=now)


def _failed(db: Writer, turn: Turn, code: str, now: datetime) -> None:
    row = locked_order(db, turn.order.id)
    if row.status == Status.NEW:
        detail: dict[str, object] = {"code": code}
        move(db, row.id, Status.NEW, Status.FAILED, cause=Cause.REGISTERED, now=now, detail=detail, reason=REFUSED)
    end_turn(db, turn, now=now)


def _started(database: Database, number: str) -> Started:
    row = database.read(order_row, number)
    return Started(number, row.form_url, Status(row.status))


def _awaited(database: Database, number: str) -> Started:
    """What comes of the same order's registration elsewhere: of five presses one speaks with the bank."""
    patience = time.monotonic() + PATIENCE
    while (started := _started(database, number)).status is Status.NEW and time.monotonic() < patience:
        threading.Event().wait(PAUSE)
    return started


def _lines(db: Reader, order_id: int) -> list[Any]:
    return db.rows(_LINES, order_id=order_id)


def _request(order: Any, lines: list[Any], site: str, return_path: str, now: datetime) -> Request:
    accounts = list(dict.fromkeys(line.number for line in lines))
    # The bank's page shows the description, to a payer by link, too.
    shown = accounts if order.user_id is not None else [masked_number(number) for number in accounts]
    what = "лицевой счет" if len(accounts) == 1 else "лицевые счета"
    back = f"{site}{return_path or result_path(order.number)}"
    month = max(line.month for line in lines)
    return Request(
        number=order.number,
        amount=order.total,
        return_url=back,
        fail_url=back,
        description=f"{order.short_name or order.organization}, {what} {', '.join(shown)}",
        lives=max(SHORTEST, int((order.expires_at - now).total_seconds())),
        email=order.email,
        extra={"account": accounts[0], "period": f"{month.number:02d}.{month.year}"},
    )
