"""A newer receipt takes the place of the one in the cart."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Refused
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.cart.putting import put_into_cart, remove_from_cart
from lk_reflex.domain.payments.tables import CartLine

_Old = aliased(Receipt, name="old")
_NEWEST = (
    select(col(Receipt.id), col(CartLine.with_advance))
    .select_from(CartLine)
    .join(_Old, col(_Old.id) == col(CartLine.receipt_id))
    .join(
        Receipt,
        (col(Receipt.account_id) == col(_Old.account_id))
        & (col(Receipt.kind) == col(_Old.kind))
        & (col(Receipt.month) > col(_Old.month)),
    )
    .where(
        col(CartLine.user_id) == bindparam("user_id"),
        col(CartLine.receipt_id) == bindparam("receipt_id"),
        owned(_Old.account_id, "pay"),
    )
    .order_by(col(Receipt.month).desc())
    .limit(1)
)


def replace_by_newer(db: Writer, actor: Actor, receipt_id: int, *, now: datetime) -> str:
    """Put the newest receipt of the kind in the place of this one; quiet where there is nothing newer.

    Returns why nothing was put in for it («По этой квитанции платить нечего»), or an empty text.
    """
    found = db.first(_NEWEST, receipt_id=receipt_id, **actor.owning)
    if found is None:
        return ""
    remove_from_cart(db, actor, receipt_id)
    try:
        put_into_cart(db, actor, found.id, with_advance=bool(found.with_advance), now=now)
    except Refused as refusal:
        return refusal.message
    return ""
