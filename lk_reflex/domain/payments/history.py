"""История оплат: billing's own records and, in their place until they come, what was paid here."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.overseen import OverseenAccount
from lk_reflex.domain.billing.posted import Payment, payments_of, posted_for_staff
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.paid import Record, Share, closed_by, shares_for_staff, shares_of

PAID_HERE = 'оплата "Личный кабинет"'
RETURNED_HERE = 'возврат "Личный кабинет"'


@dataclass(frozen=True, slots=True)
class Trace:
    """How far a payment made here has come: the bank took it, billing was told, billing has it.

    `amount` in kopecks is what the bank moved, with billing's sign; `billed` what billing has of it in all its rows.
    """

    number: str
    amount: int
    billed: int
    accepted_on: date
    handed_on: date | None
    accounted_on: date | None
    mine: bool


@dataclass(frozen=True, slots=True)
class Paid:
    """One line; `amount` in kopecks with billing's sign. `pending`: billing has no record of it yet."""

    kind: str
    accepted_on: date
    processed_on: date | None
    amount: int
    pending: bool = False
    trace: Trace | None = None


@dataclass(frozen=True, slots=True)
class PaidYear:
    """What was accepted in one year, newest first; `pending` is the part of `amount` that billing hasn't recorded."""

    year: int
    payments: tuple[Paid, ...]
    amount: int
    pending: int


def paid_years(db: Reader, actor: Actor, account_id: int) -> tuple[PaidYear, ...]:
    """All payments of an account, newest year first; empty where there are none or the account isn't the person's."""
    # Billing's first: what an import brings after this is still our own line, never neither.
    posted = [payment for year in payments_of(db, actor, account_id) for payment in year.payments]
    return by_year(joined(posted, shares_of(db, actor, account_id)))


def paid_years_for_staff(db: Reader, account: OverseenAccount) -> tuple[PaidYear, ...]:
    """The same for staff."""
    posted = posted_for_staff(db, account)
    return by_year(joined(posted, shares_for_staff(db, account)))


def joined(posted: Sequence[Payment], shares: Sequence[Share]) -> list[Paid]:
    """Billing's records with the trace of those that came from here, and the shares that none of them closes."""
    records = [Record(payment.order_number, payment.amount) for payment in posted if payment.order_number]
    closed = closed_by(shares, records)
    waiting = [_pending(share) for share, known in zip(shares, closed, strict=True) if not known]
    return [*reversed(waiting), *_traced(posted, shares)]


def by_year(payments: Iterable[Paid]) -> tuple[PaidYear, ...]:
    """Newest first; of one day's payments the pending ones stand above, for they came last."""
    ordered = sorted(payments, key=lambda one: one.accepted_on, reverse=True)
    years = [(year, tuple(group)) for year, group in groupby(ordered, key=lambda one: one.accepted_on.year)]
    return tuple(
        PaidYear(year, group, sum(one.amount for one in group), sum(one.amount for one in group if one.pending))
        for year, group in years
    )


def _traced(posted: Sequence[Payment], shares: Sequence[Share]) -> list[Paid]:
    """Billing may have a row a service, or one for two refunds: rows meet shares by their running sums."""
    known: dict[tuple[str, bool], list[Share]] = defaultdict(list)
    for share in shares:
        known[share.number, share.amount < 0].append(share)
    billed: dict[tuple[str, bool], int] = defaultdict(int)
    for payment in posted:
        billed[payment.order_number, payment.amount > 0] += payment.amount
    running: dict[tuple[str, bool], int] = defaultdict(int)
    made = []
    for payment in reversed(posted):
        key = payment.order_number, payment.amount > 0
        if not payment.order_number or key not in known:
            made.append(_plain(payment))
            continue
        running[key] += abs(payment.amount)
        share, amount = _met(known[key], running[key], abs(billed[key]))
        day = payment.processed_on or payment.accepted_on
        made.append(_plain(payment, _trace(share, day, amount=amount, billed=billed[key])))
    return made[::-1]


def _met(shares: Sequence[Share], running: int, billed: int) -> tuple[Share, int]:
    """The share that a row of this running sum belongs to, and the sum of all that billing should have by now."""
    sums = list(accumulate(abs(share.amount) for share in shares))
    share = next((one for one, upto in zip(shares, sums, strict=True) if running <= upto), shares[-1])
    whole = next((upto for upto in sums if billed <= upto), sums[-1])
    return share, whole if share.amount < 0 else -whole


def _plain(payment: Payment, trace: Trace | None = None) -> Paid:
    return Paid(payment.kind, payment.accepted_on, payment.processed_on, payment.amount, trace=trace)


def _pending(share: Share) -> Paid:
    kind = PAID_HERE if share.amount > 0 else RETURNED_HERE
    return Paid(
        kind, share.accepted_on, None, -share.amount, pending=True, trace=_trace(share, None, amount=-share.amount)
    )


def _trace(share: Share, accounted_on: date | None, *, amount: int, billed: int = 0) -> Trace:
    return Trace(share.number, amount, billed, share.accepted_on, share.handed_on, accounted_on, share.mine)
