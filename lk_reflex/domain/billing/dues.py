"""What is due on all of a person's accounts at once: their newest receipts by one query."""

from collections import defaultdict

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.billing.summary import FIGURES, KindSummary, summary_of
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, lasting
from lk_reflex.domain.identity.tables import AccountLink

_NEWEST = (
    select(
        col(Receipt.account_id).label("account_id"),
        col(Receipt.kind).label("kind"),
        func.max(col(Receipt.month)).label("month"),
    )
    .join(AccountLink, col(AccountLink.account_id) == col(Receipt.account_id))
    .where(col(AccountLink.user_id) == bindparam("user_id"), lasting())
    .group_by(col(Receipt.account_id), col(Receipt.kind))
    .subquery("newest")
)
_OF_ALL = (
    select(*FIGURES, col(Receipt.account_id))
    .select_from(_NEWEST)
    .join(
        Receipt,
        (col(Receipt.account_id) == _NEWEST.c.account_id)
        & (col(Receipt.month) == _NEWEST.c.month)
        & (col(Receipt.kind) == _NEWEST.c.kind),
    )
    .outerjoin(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .group_by(col(Receipt.id))
)


def newest_of_all(db: Reader, actor: Actor) -> dict[int, list[KindSummary]]:
    """By account, the newest receipt of each kind; only accounts that the person has linked, none without receipts."""
    found: dict[int, list[KindSummary]] = defaultdict(list)
    for row in db.rows(_OF_ALL, **actor.owning):
        found[row.account_id].append(summary_of(row))
    return found
