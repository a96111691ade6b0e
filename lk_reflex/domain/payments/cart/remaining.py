"""What the receipts of a payment still ask for: whoever paid a part must not think that all is paid."""

from sqlalchemy import bindparam, func, not_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.cart.queries import SUPERSEDING
from lk_reflex.domain.payments.orders.paid_here import left_to_pay, paid_here
from lk_reflex.domain.payments.tables import OrderLine

_DUE = (
    select(func.coalesce(func.sum(col(BalanceLine.total) + col(BalanceLine.penalty_total)), 0))
    .where(col(BalanceLine.receipt_id) == col(OrderLine.receipt_id))
    .correlate(OrderLine)
    .scalar_subquery()
)
#: Those whose figures are still the ones that were paid for: of others their newer figures tell.
_RECEIPTS = (
    select(col(OrderLine.receipt_id), col(OrderLine.receipt_due))
    .join(Receipt, col(Receipt.id) == col(OrderLine.receipt_id))
    .where(
        col(OrderLine.order_id) == bindparam("order_id"),
        owned(OrderLine.account_id, "pay"),
        col(OrderLine.receipt_due) == _DUE,
        not_(SUPERSEDING),
    )
    .distinct()
)


def remaining(db: Reader, actor: Actor, order_id: int) -> int:
    """Kopecks, advances left aside, less what anybody has paid here; 0 where the person may pay them no more."""
    dues = {row.receipt_id: row.receipt_due for row in db.rows(_RECEIPTS, order_id=order_id, **actor.owning)}
    return left_to_pay(dues, paid_here(db, actor, dues))
