"""Numbers that billing names as ours and that are no order of the organization: our own line stays beside such rows."""

from sqlalchemy import bindparam, exists, func, select, text
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.billing.tables import PostedPayment
from lk_reflex.domain.payments.orders.numbers import DIGITS
from lk_reflex.domain.payments.tables import Order

_brought = aliased(PostedPayment, name="brought")
_UNKNOWN = (
    select(col(_brought.order_number))
    .where(
        # Spelled out: the partial index serves only a condition that its database can read in the statement itself.
        text("brought.order_number <> ''"),
        col(_brought.import_id) == bindparam("import_id"),
        func.length(col(_brought.order_number)) == DIGITS,
        ~exists().where(
            col(Order.number) == col(_brought.order_number),
            col(Order.organization_id) == col(_brought.organization_id),
        ),
    )
    .distinct()
    .order_by(col(_brought.order_number))
)


def unknown_numbers(db: Reader, import_id: int) -> list[str]:
    """The numbers spelled like ours in an import's payments that its organizations have no order of."""
    found = (row.order_number for row in db.rows(_UNKNOWN, import_id=import_id))
    return [number for number in found if number.isascii() and number.isdigit()]
