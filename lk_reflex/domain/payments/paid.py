"""What was paid here for an account, and how far each payment has come: bank, register to billing, billing's record.

Billing's record closes our line: the two are never shown side by side. Both are read once and matched here, so that an
import between two queries can't show a payment twice.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.overseen import OverseenAccount
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.billing.tables import PostedPayment
from lk_reflex.domain.exchange_log.tables import Export
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.tables import Order, OrderLine, Posting, PostingLine


@dataclass(frozen=True, slots=True)
class Share:
    """What of a posting is an account's, in kopecks without commission: positive if paid, negative if given back.

    Days are those of the organization; `handed_on` is when the register with it was whole. `mine`: the actor paid it.
    """

    number: str
    amount: int
    accepted_on: date
    handed_on: date | None
    mine: bool


#: A share that billing has no record of yet.
Pending = Share


@dataclass(frozen=True, slots=True)
class Record:
    """Billing's own row that names an order; `amount` in kopecks with billing's sign: a payment is negative."""

    number: str
    amount: int


_ANYBODYS = (
    select(
        col(Posting.id),
        col(Posting.created_at),
        col(Order.number),
        col(Order.user_id).label("payer"),
        col(Order.paid_at),
        col(Organization.time_zone),
        col(Export.completed_at),
        func.sum(col(PostingLine.amount)).label("amount"),
    )
    .select_from(OrderLine)
    .join(PostingLine, col(PostingLine.order_line_id) == col(OrderLine.id))
    .join(Posting, col(Posting.id) == col(PostingLine.posting_id))
    .join(Order, col(Order.id) == col(Posting.order_id))
    .join(Organization, col(Organization.id) == col(Order.organization_id))
    .outerjoin(Export, col(Export.id) == col(Posting.export_id))
    .where(col(OrderLine.account_id) == bindparam("account_id"))
    .group_by(col(Posting.id), col(Order.id), col(Organization.id), col(Export.id))
    .having(func.sum(col(PostingLine.amount)) != 0)
    .order_by(col(Posting.id))
)
_SHARES = _ANYBODYS.where(owned(OrderLine.account_id))
_RECORDS = (
    select(col(PostedPayment.order_number), col(PostedPayment.amount))
    .where(
        col(PostedPayment.account_id) == bindparam("account_id"),
        col(PostedPayment.order_number) != "",
        owned(PostedPayment.account_id),
    )
    .order_by(col(PostedPayment.id))
)


def pending_of(db: Reader, actor: Actor, account_id: int) -> tuple[Pending, ...]:
    """What was paid here and billing doesn't know yet, oldest first; empty for an account that isn't the person's."""
    shares = shares_of(db, actor, account_id)
    if not shares:
        return ()
    records = [Record(*row) for row in db.rows(_RECORDS, account_id=account_id, **actor.owning)]
    return tuple(share for share, closed in zip(shares, closed_by(shares, records), strict=True) if not closed)


def shares_of(db: Reader, actor: Actor, account_id: int) -> list[Share]:
    """All postings' shares of an account, known to billing or not, in the order of posting."""
    return [_share(row, actor.user_id) for row in db.rows(_SHARES, account_id=account_id, **actor.owning)]


def shares_for_staff(db: Reader, account: OverseenAccount) -> list[Share]:
    """The same for staff, to whom none of them is their own."""
    return [_share(row, None) for row in db.rows(_ANYBODYS, account_id=account.account_id)]


def closed_by(shares: Sequence[Share], records: Iterable[Record]) -> list[bool]:
    """Whether billing has a record of each share: of as many, oldest first, as its rows of the order add up to.

    Billing may book one row a service, one for several refunds, or payment and refunds netted. A row whose sum isn't
    ours closes a share nevertheless, since billing's own is what counts then.
    """
    rows: dict[str, list[int]] = defaultdict(list)
    for record in records:
        rows[record.number].append(record.amount)
    places: dict[str, list[int]] = defaultdict(list)
    for place, share in enumerate(shares):
        places[share.number].append(place)
    closed: set[int] = set()
    for number, ours in places.items():
        closed.update(_closed([(place, shares[place].amount) for place in ours], rows[number]))
    return [place in closed for place in range(len(shares))]


def _closed(ours: list[tuple[int, int]], rows: list[int]) -> list[int]:
    """The places of an order's shares that its rows close."""
    nets = list(accumulate(amount for _, amount in ours))
    if rows and -sum(rows) in nets:
        return [place for place, _ in ours[: nets.index(-sum(rows)) + 1]]
    paid = [(place, amount) for place, amount in ours if amount > 0]
    back = [(place, -amount) for place, amount in ours if amount < 0]
    known = _covered(paid, [-row for row in rows if row <= 0]), _covered(back, [row for row in rows if row > 0])
    return [place for places in known for place in places]


def _covered(ours: list[tuple[int, int]], rows: list[int]) -> list[int]:
    """The shares of one sign that the rows cover, and the one that they go into if there are rows enough for it."""
    sums = list(accumulate(amount for _, amount in ours))
    whole = bisect_right(sums, sum(rows))
    exact = whole > 0 and sums[whole - 1] == sum(rows)
    count = whole if exact else max(whole, min(whole + 1, len(rows)))
    return [place for place, _ in ours[:count]]


def _share(row: Any, user_id: int | None) -> Share:
    """A payment's day is that on which the bank took it; a refund has only the one on which we learned of it."""
    amount = int(row.amount)
    moment = row.created_at if amount < 0 or row.paid_at is None else row.paid_at
    zone = row.time_zone
    return Share(
        number=row.number,
        amount=amount,
        accepted_on=local_date(moment, zone),
        handed_on=None if row.completed_at is None else local_date(row.completed_at, zone),
        mine=user_id is not None and row.payer == user_id,
    )
