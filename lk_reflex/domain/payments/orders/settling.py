"""What the bank says becomes what we have: one transaction, however often and in whatever order it is told."""

import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.failpoints import failpoint
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.payments.orders import rules
from lk_reflex.domain.payments.orders.claiming import locked_order
from lk_reflex.domain.payments.orders.coverage import coverage
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status, may_move
from lk_reflex.domain.payments.orders.moving import move
from lk_reflex.domain.payments.orders.posting import post_payment, post_refund
from lk_reflex.domain.payments.orders.refund_end import end_refund, expected_back
from lk_reflex.domain.payments.orders.telling import empty_cart, stir_order, tell_back, tell_paid
from lk_reflex.domain.payments.tables import Order
from lk_reflex.integrations.bank.port import BankState, Stage

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Case:
    """An order as it was when its row was locked, and what the bank says of it."""

    db: Writer
    order: Any
    state: BankState
    cause: Cause
    now: datetime
    site: str
    actor_id: int | None

    @property
    def by(self) -> dict[str, Any]:
        """Who and what the journal names."""
        return {"cause": self.cause, "now": self.now, "actor_id": self.actor_id}


def settle(
    db: Writer, order_id: int, state: BankState | None, *, cause: Cause, now: datetime, site: str,
    actor_id: int | None = None, closed: str = "",
) -> Status:  # fmt: skip
    """Bring an order to what the bank says (None: it knows no such order); returns where it stands then.

    `closed`: the bank takes no money for it any more, and why («cancelled», «replaced», «expired»).
    """
    order = locked_order(db, order_id)
    status = Status(order.status)
    if state is not None:
        if state.number != order.number:
            _security(db, "bank-answered-of-another-order", order, now)
            return status
        status = _apply(_Case(db, order, state, cause, now, site, actor_id), status)
    if closed and may_move(status, Status.EXPIRED):
        move(db, order_id, status, Status.EXPIRED, cause=cause, now=now, actor_id=actor_id, reason=closed)
        status = Status.EXPIRED
    if status != order.status:
        stir_order(db, order, now=now)
    return status


def _apply(case: _Case, status: Status) -> Status:
    _remember(case)
    if rules.differs(case.order.total, case.state):
        return _doubt(case, status)
    means = rules.meaning(case.state)
    if means is Status.PAID and status not in rules.PAID:
        status = _pay(case, status)
    if status in rules.PAID:
        return _give_back(case, status)
    if may_move(status, means):
        reason = case.state.code if means in (Status.DECLINED, Status.EXPIRED) else ""
        move(case.db, case.order.id, status, means, **case.by, detail=_code(case.state), reason=reason)
        return means
    if status is means is Status.DECLINED:
        _decline_again(case, status)
    return status


def _decline_again(case: _Case, status: Status) -> None:
    """Another card was refused: what the person reads is the bank's last word."""
    order, code = case.order, case.state.code
    if code in ("", order.reason):
        return
    case.db.change(update(Order).where(col(Order.id) == order.id).values(reason=code))
    note_event(case.db, order.id, status, status, **case.by, detail=_code(case.state))
    stir_order(case.db, order, now=case.now)


def _remember(case: _Case) -> None:
    """The bank's own id and page, where the answer that brought them was lost."""
    found = {"bank_id": case.state.bank_id, "form_url": case.state.form_url}
    new = {name: value for name, value in found.items() if value and not getattr(case.order, name)}
    if new:
        case.db.change(update(Order).where(col(Order.id) == case.order.id).values(**new))


def _pay(case: _Case, status: Status) -> Status:
    db, order, state = case.db, case.order, case.state
    met = coverage(db, order.id)
    flags = [rules.SECOND] * met.again + [rules.LATE] * (status is Status.EXPIRED)
    flag = order.flag
    for one in flags:
        flag = rules.weightier(flag, one)
    # A bank's clock may be ahead of ours, or of another century.
    paid_at = max(order.created_at, min(state.paid_at or case.now, case.now))
    detail = {"captured": state.captured, **({"flags": flags} if flags else {})}
    moved = move(
        db, order.id, status, Status.PAID, **case.by, detail=detail,
        captured=state.captured, card=state.card, reason="", flag=flag, paid_at=paid_at,
    )  # fmt: skip
    if not moved:  # the row is locked, so this is for a database that doesn't lock
        raise RuntimeError("an order moved under its lock")
    failpoint("settle-moved")
    post_payment(db, order, now=case.now)
    failpoint("settle-posted")
    empty_cart(db, order, now=case.now)
    tell_paid(
        db, order, card=state.card, paid_at=paid_at, flags=flags, remaining=met.remaining, site=case.site, now=case.now
    )
    return Status.PAID


def _give_back(case: _Case, status: Status) -> Status:
    """A refund is what the bank's running total has more than ours."""
    db, order, state = case.db, case.order, case.state
    returned = rules.given_back(state, order.total)
    if returned is None:
        if state.stage is Stage.DECLINED:
            _flag(case, status, rules.CONTRADICTION)
        return status
    amount = returned - order.refunded
    if amount < 0 and case.cause is not Cause.REFUND:  # that one asks out of turn: its answer may be older than ours
        _flag(case, status, rules.AMOUNT)
    if amount <= 0:
        return status
    db.change(update(Order).where(col(Order.id) == order.id).values(refunded=returned))
    post_refund(db, order.id, amount, running=returned, now=case.now)
    ours = end_refund(db, order.id, refunded=returned, now=case.now)
    most = expected_back(db, order.id)
    if most is not None and returned > most:
        _flag(case, status, rules.BEYOND)
    tell_back(
        db, order, amount, card=state.card or order.card, running=returned, why=ours.explanation if ours else "",
        site=case.site, now=case.now,
    )  # fmt: skip
    detail: dict[str, object] = {"refunded": returned, "amount": amount, **({"refund": ours.refund_id} if ours else {})}
    if returned == order.total:
        move(db, order.id, status, Status.REFUNDED, **case.by, detail=detail)
        return Status.REFUNDED
    note_event(db, order.id, status, status, **case.by, detail=detail)
    stir_order(db, order, now=case.now)
    return status


def _doubt(case: _Case, status: Status) -> Status:
    """Amounts other than ours: nothing moves and nothing is posted until staff have looked, unless all went back."""
    _flag(case, status, rules.AMOUNT)
    if rules.nothing_left(case.state) and may_move(status, Status.REVERSED):
        move(case.db, case.order.id, status, Status.REVERSED, **case.by, detail=_amounts(case.state), reason="")
        return Status.REVERSED
    return status


def _flag(case: _Case, status: Status, flag: str) -> None:
    """Mark for staff, once."""
    db, order = case.db, case.order
    if rules.weightier(order.flag, flag) == order.flag:
        return
    db.change(update(Order).where(col(Order.id) == order.id).values(flag=flag))
    note_event(db, order.id, status, status, **case.by, detail={"flags": [flag], **_amounts(case.state)})
    stir_order(db, order, now=case.now)
    _security(db, f"bank-{flag}", order, case.now)


def _security(db: Writer, action: str, order: Any, now: datetime) -> None:
    log.warning("security: %s, order %s", action, order.number)
    note(db, action, now=now, order=order.id)


def _amounts(state: BankState) -> dict[str, object]:
    return {
        "stage": state.stage.value, "amount": state.amount, "currency": state.currency,
        "captured": state.captured, "refunded": state.refunded,
    }  # fmt: skip


def _code(state: BankState) -> dict[str, object]:
    return {"code": state.code} if state.code else {}
