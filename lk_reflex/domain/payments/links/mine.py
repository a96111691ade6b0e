"""The pay links that a person has made, and what has become of each. Nobody is told who opened them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.elsewhere.sums import Piece
from lk_reflex.domain.payments.links.behind import standing
from lk_reflex.domain.payments.links.queries import MINE, ORDERS_OF_MINE
from lk_reflex.domain.payments.links.state import OPEN_TO_PAY, LinkState, state_of
from lk_reflex.domain.payments.tables import PayLink, PayLinkLine

#: Links made so long ago are shown: the month that one lives, and another one.
SHOWN = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class MyLink:
    """One link of the person's. `amount` in kopecks without commission; `paid_at` where it was paid."""

    link_id: int
    key: str
    receipt_id: int
    title: str
    account: str
    pieces: frozenset[Piece]
    amount: int
    state: LinkState
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    time_zone: str

    @property
    def payable(self) -> bool:
        """Whether whoever has it can pay."""
        return self.state in OPEN_TO_PAY


_LINES_OF_MINE = (
    select(col(PayLinkLine.link_id), col(PayLinkLine.service), col(PayLinkLine.part), col(PayLinkLine.amount))
    .join(PayLink, col(PayLink.id) == col(PayLinkLine.link_id))
    .join(Receipt, col(Receipt.id) == col(PayLink.receipt_id))
    .where(
        col(PayLink.user_id) == bindparam("user_id"),
        col(PayLink.created_at) > bindparam("since", type_=UtcTime()),
        owned(Receipt.account_id, "pay"),
    )
)


def my_links(db: Reader, actor: Actor, *, now: datetime) -> tuple[MyLink, ...]:
    """Those of the last two months, the newest first; without those of accounts that the person may no longer pay."""
    since = now - SHOWN
    rows = db.rows(MINE, since=since, now=now, **actor.owning)
    if not rows:
        return ()
    orders: dict[int, list[Any]] = defaultdict(list)
    for order in db.rows(ORDERS_OF_MINE, user_id=actor.user_id, since=since):
        orders[order.link_id].append(order)
    pieces: dict[int, list[Piece]] = defaultdict(list)
    for line in db.rows(_LINES_OF_MINE, since=since, **actor.owning):
        pieces[line.link_id].append(Piece(*line[1:]))
    return tuple(_link(row, orders[row.link_id], pieces[row.link_id], now) for row in rows)


def _link(row: Any, orders: list[Any], pieces: list[Piece], now: datetime) -> MyLink:
    return MyLink(
        link_id=row.link_id,
        key=row.key,
        receipt_id=row.receipt_id,
        title=receipt_title(row.kind, row.month),
        account=row.number,
        pieces=frozenset(pieces),
        amount=int(row.amount),
        state=state_of(standing(row, orders), now=now),
        created_at=row.created_at,
        expires_at=row.expires_at,
        paid_at=max((one.paid_at for one in orders if one.paid_at), default=None),
        time_zone=row.time_zone,
    )
