"""Recording an order, before any bank hears of it: amounts, commission and ceiling are settled here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.commission import NO_PAYMENTS, Terms, at_once
from lk_reflex.domain.payments.orders.journal import Cause, note_event
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.numbers import new_number
from lk_reflex.domain.payments.orders.schedule import next_look
from lk_reflex.domain.payments.tables import Order, OrderLine

NOTHING = "Платить нечего: укажите хотя бы одну сумму больше нуля."
#: Eight random digits a day collide so rarely that a second try is luxury, and a fifth means a broken generator.
TRIES = 5


@dataclass(frozen=True, slots=True)
class Wanted:
    """One line to be paid, in kopecks; `receipt_due` is what the whole receipt asked for at that moment."""

    account_id: int
    receipt_id: int
    service: str
    part: str
    amount: int
    receipt_due: int


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that stands in our books."""

    order_id: int
    number: str


_TERMS = select(
    col(Organization.takes_payments),
    col(Organization.commission_by),
    col(Organization.commission_rate),
    col(Organization.commission_minimum),
    col(Organization.payment_ceiling),
    col(Organization.time_zone),
).where(col(Organization.id) == bindparam("organization_id"))
_BY_KEY = select(col(Order.id), col(Order.number)).where(col(Order.once_key) == bindparam("key"))
_EMPTY = {"bank_id": "", "form_url": "", "captured": 0, "refunded": 0, "card": "", "reason": "", "flag": ""}
_INSERT: dict[str, Any] = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}


def place(
    db: Writer, *, organization_id: int, lines: Sequence[Wanted], user_id: int | None, link_id: int | None, email: str,
    once_key: str, gateway: str, lives: timedelta, now: datetime,
) -> Placed:  # fmt: skip
    """Record what is to be paid; the same form sent again by the same person is the same order.

    `once_key` names the form (a link's by the link's own key), `gateway` the bank's wire, `lives` how long the payer
    has. Raises Refused where there is nothing to pay, more than the organization takes at once, or it takes none.
    """
    terms = db.first(_TERMS, organization_id=organization_id)
    if terms is None or not terms.takes_payments:
        raise Refused(NO_PAYMENTS)
    amount, commission = _sums(terms, lines)
    expires_at = now + lives
    row = {
        "once_key": key_of(once_key, organization_id=organization_id, user_id=user_id),
        "status": Status.NEW.value, "gateway": gateway,
        "user_id": user_id, "link_id": link_id, "organization_id": organization_id, "email": email,
        "amount": amount, "commission": commission, "total": amount + commission, "created_at": now,
        "expires_at": expires_at,
        "next_look_at": next_look(Status.NEW, created_at=now, expires_at=expires_at, paid_at=None, now=now),
    }  # fmt: skip
    return _insert(db, row, lines, terms.time_zone, now)


def key_of(form: str, *, organization_id: int, user_id: int | None) -> str:
    """By what a form that is sent twice is known: nobody can name another's.

    No id of a link stands in it: SQLite gives the id of a deleted one to the next.
    """
    payer = "link" if user_id is None else f"user {user_id}"
    return f"{payer}, {organization_id}, {form}"


def number_of_key(db: Reader, key: str) -> str | None:
    """The order that this form has made already."""
    row = db.first(_BY_KEY, key=key)
    return None if row is None else row.number


def _sums(terms: Any, lines: Sequence[Wanted]) -> tuple[int, int]:
    """The lines' sum and the commission on top of it."""
    if not lines or any(line.amount <= 0 for line in lines):
        raise Refused(NOTHING)
    agreed = Terms(terms.commission_by, terms.commission_rate, terms.commission_minimum, terms.payment_ceiling)
    amount = sum(line.amount for line in lines)
    if agreed.too_little_for(amount):
        raise Refused(
            f"{at_once(agreed.ceiling)} вместе с комиссией. Уменьшите суммы и оплатите остальное следующим платежом."
        )
    return amount, agreed.commission_on(amount)


def _insert(db: Writer, row: dict[str, Any], lines: Sequence[Wanted], zone: str, now: datetime) -> Placed:
    for _ in range(TRIES):
        made = _INSERT[db.connection.dialect.name](Order).values({**_EMPTY, **row, "number": new_number(now, zone)})
        order = db.connection.execute(made.on_conflict_do_nothing().returning(col(Order.id), col(Order.number))).first()
        if order is not None:
            _insert_lines(db, order.id, lines)
            note_event(db, order.id, "", Status.NEW, cause=Cause.PRESSED, now=now, actor_id=row["user_id"])
            return Placed(order.id, order.number)
        # Either the form was sent before, or the number is taken.
        same = db.first(_BY_KEY, key=row["once_key"])
        if same is not None:
            return Placed(same.id, same.number)
    raise RuntimeError("no free order number")


def _insert_lines(db: Writer, order_id: int, lines: Sequence[Wanted]) -> None:
    db.connection.execute(
        insert(OrderLine),
        [
            {
                "order_id": order_id, "account_id": line.account_id, "receipt_id": line.receipt_id,
                "service": line.service, "part": line.part, "amount": line.amount, "receipt_due": line.receipt_due,
            }
            for line in lines
        ],
    )  # fmt: skip
