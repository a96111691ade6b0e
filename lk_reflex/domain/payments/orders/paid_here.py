"""What was paid here for receipts and isn't in their figures yet, so that nobody is asked for it again."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.tables import MAIN, PENALTY, Order, OrderLine, PostingLine


@dataclass(frozen=True, slots=True)
class PaidHere:
    """Main sums and penalties of one receipt, net of refunds, in kopecks; `numbers` are the orders that paid them."""

    amount: int = 0
    numbers: frozenset[str] = frozenset()


#: Where `receipt_due` is no longer what the receipt asks for, billing has counted the payment in it, or will itself.
_PAID = (
    select(
        col(OrderLine.receipt_id),
        col(OrderLine.receipt_due),
        col(Order.number),
        func.sum(col(PostingLine.amount)).label("amount"),
    )
    .select_from(OrderLine)
    .join(PostingLine, col(PostingLine.order_line_id) == col(OrderLine.id))
    .join(Order, col(Order.id) == col(OrderLine.order_id))
    .where(
        col(OrderLine.receipt_id).in_(bindparam("receipts", expanding=True)),
        col(OrderLine.part).in_((MAIN, PENALTY)),
        owned(OrderLine.account_id),
    )
    .group_by(col(OrderLine.receipt_id), col(OrderLine.receipt_due), col(Order.number))
)


def paid_here(db: Reader, actor: Actor, dues: Mapping[int, int]) -> dict[int, PaidHere]:
    """By receipt, out of what each asks for now (`dues`, kopecks by receipt); none where nothing was paid here."""
    if not dues:
        return {}
    sums: dict[int, int] = defaultdict(int)
    numbers: dict[int, set[str]] = defaultdict(set)
    for row in db.connection.execute(_PAID, {"receipts": list(dues), **actor.owning}):
        if row.receipt_due == dues[row.receipt_id]:
            sums[row.receipt_id] += int(row.amount)
            numbers[row.receipt_id].add(row.number)
    return {receipt: PaidHere(amount, frozenset(numbers[receipt])) for receipt, amount in sums.items()}


def left_to_pay(dues: Mapping[int, int], paid: Mapping[int, PaidHere]) -> int:
    """What is still to be paid of receipts, kopecks: one paid too much or overpaid doesn't pay another's debt."""
    return sum(max(0, due - paid.get(receipt, PaidHere()).amount) for receipt, due in dues.items())
