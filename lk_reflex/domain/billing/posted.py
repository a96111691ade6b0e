"""История оплат: the payments that billing has posted to an account."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.overseen import OverseenAccount
from lk_reflex.domain.billing.tables import PostedPayment
from lk_reflex.domain.identity.access import Actor, owned


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment; `amount` in kopecks with billing's own sign (a payment is negative, a return positive).

    `order_number`: the order that it came from, where billing names one.
    """

    kind: str
    accepted_on: date
    processed_on: date | None
    amount: int
    order_number: str = ""


@dataclass(frozen=True, slots=True)
class PaymentYear:
    """The payments accepted in one year, newest first, and their sum in kopecks."""

    year: int
    payments: tuple[Payment, ...]
    amount: int


_ANYBODYS = (
    select(
        col(PostedPayment.kind),
        col(PostedPayment.accepted_on),
        col(PostedPayment.processed_on),
        col(PostedPayment.amount),
        col(PostedPayment.order_number),
    )
    .where(col(PostedPayment.account_id) == bindparam("account_id"))
    .order_by(col(PostedPayment.accepted_on).desc(), col(PostedPayment.id).desc())
)
_PAYMENTS = _ANYBODYS.where(owned(PostedPayment.account_id))
_SINCE = (
    select(
        col(PostedPayment.order_number),
        func.sum(col(PostedPayment.amount)).label("amount"),
        func.max(col(PostedPayment.accepted_on)).label("latest"),
    )
    .where(
        col(PostedPayment.account_id) == bindparam("account_id"),
        col(PostedPayment.accepted_on) > bindparam("day"),
        owned(PostedPayment.account_id),
    )
    .group_by(col(PostedPayment.order_number))
)


@dataclass(frozen=True, slots=True)
class PaidSince:
    """What came in after a day: kopecks, positive for money paid, and the day of the latest payment."""

    amount: int
    latest: date


def payments_of(db: Reader, actor: Actor, account_id: int) -> tuple[PaymentYear, ...]:
    """All posted payments, newest year first; empty where there are none or the account isn't the person's."""
    rows = db.rows(_PAYMENTS, account_id=account_id, **actor.owning)
    payments = [Payment(*row) for row in rows]
    years = [(year, tuple(group)) for year, group in groupby(payments, lambda payment: payment.accepted_on.year)]
    return tuple(PaymentYear(year, group, sum(payment.amount for payment in group)) for year, group in years)


def posted_for_staff(db: Reader, account: OverseenAccount) -> list[Payment]:
    """All posted payments for staff, newest first."""
    return [Payment(*row) for row in db.rows(_ANYBODYS, account_id=account.account_id)]


def paid_since(
    db: Reader, actor: Actor, account_id: int, day: date, *, without: Collection[str] = ()
) -> PaidSince | None:
    """Payments accepted after `day` (a receipt's issue can't know of them), or None.

    `without`: numbers of orders whose money is counted elsewhere.
    """
    rows = db.rows(_SINCE, account_id=account_id, **actor.owning, day=day)
    found = [row for row in rows if row.order_number not in without]
    return PaidSince(-sum(int(row.amount) for row in found), max(row.latest for row in found)) if found else None
