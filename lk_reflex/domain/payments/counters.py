"""The two counters that stand around every page, in one query."""

from dataclasses import dataclass

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.notifications.lines import UNREAD_COUNT
from lk_reflex.domain.payments.tables import CartLine

_IN_CART = (
    select(func.count())
    .select_from(CartLine)
    .join(Receipt, col(Receipt.id) == col(CartLine.receipt_id))
    .where(col(CartLine.user_id) == bindparam("user_id"), owned(Receipt.account_id, "pay"))
    .scalar_subquery()
)
_COUNTERS = select(_IN_CART.label("cart"), UNREAD_COUNT.label("unread"))


@dataclass(frozen=True, slots=True)
class Counters:
    """«Корзина N» and «Уведомления N»."""

    cart: int
    unread: int


def counters(db: Reader, actor: Actor) -> Counters:
    """What the header of a person's every page counts."""
    row = db.first(_COUNTERS, **actor.owning)
    return Counters(0, 0) if row is None else Counters(int(row.cart), int(row.unread))
