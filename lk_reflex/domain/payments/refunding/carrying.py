"""Taking a recorded refund to the bank. A bank that knows no repeats is told once; after its silence a person decides.

Between two transactions stands the network: what was to be done is written before, what came of it after. Whether it
was done is read off the bank's own amounts, by `settle`, which also ends the refund (`closing.end_refund`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.failpoints import failpoint
from lk_reflex.core.money import format_roubles
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.refund_end import UNANSWERED, flag_silence
from lk_reflex.domain.payments.orders.rules import differs, given_back
from lk_reflex.domain.payments.orders.settling import settle
from lk_reflex.domain.payments.refunding.asking import ACCEPTED, ASKED, REFUSED, REPEAT
from lk_reflex.domain.payments.tables import Order, Refund
from lk_reflex.integrations.bank.port import Bank, Banks, BankState, Rejected, Silent

#: After silence so long the bank's amounts are awaited; then it is told again, or a person is asked.
PATIENCE = timedelta(minutes=5)
#: Banks that know repeats by their key forget it after a day.
KEY_LIVES = timedelta(hours=23)
#: Whoever was held up for longer since it took the refund in hand leaves it to the next one.
FRESH = timedelta(seconds=30)
#: What the bank has accepted must show in its amounts by then, or a person has to ask it.
LONGEST = timedelta(days=3)
NEVER_DONE = "Банк принял возврат, но за три дня не провёл его. Спросите в банке и, если нужно, верните ещё раз"
#: What the journal calls a refund that the bank refused.
DEED = "refund-refused"
#: And one that nobody knows the end of.
SILENCE = "refund-unanswered"

_REFUND = (
    select(
        col(Refund.id), col(Refund.key), col(Refund.amount), col(Refund.refunded_before), col(Refund.status),
        col(Refund.asked_at), col(Refund.called_at), col(Refund.settled_at), col(Refund.order_id),
        col(Order.number), col(Order.bank_id),
        col(Order.total), col(Order.captured), col(Order.status).label("order_status"), col(Organization.inn),
    )
    .select_from(Refund)
    .join(Order, col(Order.id) == col(Refund.order_id))
    .join(Organization, col(Organization.id) == col(Order.organization_id))
    .where(col(Refund.id) == bindparam("refund_id"))
)  # fmt: skip
_MINE = (col(Refund.id) == bindparam("refund_id"), col(Refund.settled_at).is_(None))
_AS_SEEN = col(Refund.called_at).is_not_distinct_from(bindparam("seen", type_=UtcTime()))
_CALL = (
    update(Refund)
    .where(*_MINE, col(Refund.status).in_((ASKED, REPEAT)), _AS_SEEN)
    .values(called_at=bindparam("now", type_=UtcTime()), refunded_before=bindparam("before"), status=ASKED)
)
_LEAVE = update(Refund).where(*_MINE, col(Refund.status) == ASKED, _AS_SEEN).values(status=UNANSWERED)
_ACCEPT = update(Refund).where(*_MINE).values(status=ACCEPTED)
_REFUSE = (
    update(Refund)
    .where(*_MINE)
    .values(status=REFUSED, settled_at=bindparam("now", type_=UtcTime()), refusal=bindparam("said"))
)


@dataclass(frozen=True, slots=True)
class _Errand:
    """One try: the refund as it was read, its bank, and what a transaction about it needs."""

    database: Database
    bank: Bank
    refund: Any
    clock: Callable[[], datetime]
    site: str


def carry_out(database: Database, banks: Banks, refund_id: int, *, clock: Callable[[], datetime], site: str) -> str:
    """Do what is left to do of a refund; returns its status: see `Refund`.

    May be called any number of times, by any number of processes. Raises Unavailable where the organization has no
    gateway. Blocks on the network.
    """
    refund = database.read(_read, refund_id)
    if refund is None or refund.settled_at is not None:
        return refund.status if refund else REFUSED
    errand = _Errand(database, banks.of(refund.inn), refund, clock, site)
    state = _looked(errand)
    if _is_lost(errand):
        database.write(_leave, refund, clock())
    elif state is not None and database.write(_taken_in_hand, refund, state, now=clock()):
        _tell(errand)
    failpoint("refund-told")
    return _status(database, refund_id)


def _read(db: Any, refund_id: int) -> Any:
    return db.first(_REFUND, refund_id=refund_id)


def _status(database: Database, refund_id: int) -> str:
    return str(database.read(_read, refund_id).status)


def _looked(errand: _Errand) -> BankState | None:
    """What the bank has of the order, settled in our books; None where it doesn't say."""
    refund = errand.refund
    try:
        state = errand.bank.state(refund.number, refund.bank_id)
    except (Silent, Rejected):
        return None
    errand.database.write(settle, refund.order_id, state, cause=Cause.REFUND, now=errand.clock(), site=errand.site)
    return state


def _is_lost(errand: _Errand) -> bool:
    """Whether the bank was told and said nothing, and to tell it again might give the money back twice."""
    refund, now = errand.refund, errand.clock()
    if refund.status != ASKED or refund.called_at is None or now - refund.called_at < PATIENCE:
        return False
    return not errand.bank.knows_repeats or now - refund.asked_at > KEY_LIVES


def _leave(db: Writer, refund: Any, now: datetime) -> None:
    """To a person, unless its end was seen by the way."""
    if db.change(_LEAVE, refund_id=refund.id, seen=refund.called_at) == 1:
        flag_silence(db, refund.order_id)
        _noted(db, refund, SILENCE, now)


def _taken_in_hand(db: Writer, refund: Any, state: BankState, *, now: datetime) -> bool:
    """Whether the bank is to be told, by us: written down before it is."""
    told_at: datetime | None = refund.called_at
    if refund.status == UNANSWERED:
        return False
    if told_at is not None and refund.status != REPEAT and now - told_at < PATIENCE:
        return False
    if refund.status == ACCEPTED:
        if told_at is not None and now - told_at > LONGEST:
            _refuse(db, refund, NEVER_DONE, now)
        return False
    before = given_back(state, refund.captured)
    if before is None or differs(refund.total, state):
        return False  # amounts that aren't ours are for a person to look at first
    if refund.called_at is not None and before >= refund.refunded_before + refund.amount:
        return False  # it was done, and `settle` has ended it
    left = refund.captured - before
    if refund.amount > left:
        said = f"Банк уже вернул {format_roubles(before)} по этому заказу: осталось {format_roubles(left)}"
        _refuse(db, refund, said, now)
        return False
    return db.change(_CALL, refund_id=refund.id, seen=refund.called_at, before=before, now=now) == 1


def _tell(errand: _Errand) -> None:
    database, refund = errand.database, errand.refund
    told = database.read(_read, refund.id)
    if told is None or told.called_at is None or errand.clock() - told.called_at > FRESH:
        return
    try:
        errand.bank.refund(refund.number, refund.bank_id, refund.amount, key=refund.key)
    except Silent:
        _looked(errand)
        return
    except Rejected as fault:
        # Perhaps because an earlier try was done after all: its amounts say.
        if _looked(errand) is not None:
            database.write(_refuse, refund, f"Банк отказал: {fault.words or fault.code}", errand.clock())
        return
    failpoint("refund-called")
    database.write(_accept, refund.id)
    _looked(errand)


def _accept(db: Writer, refund_id: int) -> None:
    db.change(_ACCEPT, refund_id=refund_id)


def _refuse(db: Writer, refund: Any, said: str, now: datetime) -> None:
    if db.change(_REFUSE, refund_id=refund.id, now=now, said=said) != 1:
        return
    _noted(db, refund, DEED, now)


def _noted(db: Writer, refund: Any, deed: str, now: datetime) -> None:
    status = Status(refund.order_status)
    detail = {"deed": deed, "refund": refund.id, "amount": refund.amount}
    note_event(db, refund.order_id, status, status, cause=Cause.REFUND, now=now, detail=detail)
