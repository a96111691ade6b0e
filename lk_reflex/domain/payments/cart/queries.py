"""What the cart is read by: three statements, each within what the person may pay."""

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import owned
from lk_reflex.domain.payments.payee import PAYEE_COLUMNS
from lk_reflex.domain.payments.tables import CartAmount, CartLine, Order, OrderLine, Posting, PostingLine

Newer = aliased(Receipt, name="newer")
#: Whether a later receipt of the same kind has come; its sum holds this one's debt.
SUPERSEDING = exists().where(
    col(Newer.account_id) == col(Receipt.account_id),
    col(Newer.kind) == col(Receipt.kind),
    col(Newer.month) > col(Receipt.month),
)
CONTENTS = (
    select(
        col(Organization.id).label("organization_id"),
        *PAYEE_COLUMNS,
        col(Organization.short_name),
        col(Organization.takes_payments),
        col(Organization.commission_by),
        col(Organization.commission_rate),
        col(Organization.commission_minimum),
        col(Organization.payment_ceiling),
        col(Organization.fiscal_mode),
        col(Organization.time_zone),
        col(Organization.due_day),
        col(Account.id).label("account_id"),
        col(Account.number),
        col(Building.street),
        col(Building.house),
        col(Account.flat),
        col(CartLine.id).label("line_id"),
        col(CartLine.with_advance),
        col(CartLine.due_seen),
        col(Receipt.id).label("receipt_id"),
        col(Receipt.kind),
        col(Receipt.month),
        col(Receipt.advance),
        col(Receipt.advance_penalty),
        SUPERSEDING.label("superseded"),
        col(BalanceLine.id).label("balance_id"),
        col(BalanceLine.service),
        col(BalanceLine.total),
        col(BalanceLine.penalty_total),
    )
    .select_from(CartLine)
    .join(Receipt, col(Receipt.id) == col(CartLine.receipt_id))
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .outerjoin(BalanceLine, col(BalanceLine.receipt_id) == col(Receipt.id))
    .where(col(CartLine.user_id) == bindparam("user_id"), owned(Receipt.account_id, "pay"))
    .order_by(col(Organization.id), col(CartLine.added_at), col(CartLine.id), col(BalanceLine.id))
)
_PAID = (
    select(
        col(OrderLine.receipt_id),
        col(OrderLine.service),
        col(OrderLine.part),
        col(OrderLine.receipt_due),
        func.sum(col(PostingLine.amount)).label("amount"),
        func.max(func.coalesce(col(Order.paid_at), col(Posting.created_at))).label("paid_at"),
    )
    .join(PostingLine, col(PostingLine.order_line_id) == col(OrderLine.id))
    .join(Posting, col(Posting.id) == col(PostingLine.posting_id))
    .join(Order, col(Order.id) == col(OrderLine.order_id))
    .group_by(
        col(OrderLine.receipt_id),
        col(OrderLine.service),
        col(OrderLine.part),
        col(OrderLine.receipt_due),
    )
)
#: What was paid here, by anybody, for the receipts in the cart, net of refunds. Where `receipt_due` is still what the
#: receipt asks for, billing hasn't counted the payment in it yet.
PAID = _PAID.join(CartLine, col(CartLine.receipt_id) == col(OrderLine.receipt_id)).where(
    col(CartLine.user_id) == bindparam("user_id"), owned(OrderLine.account_id, "pay")
)
#: The same for one receipt.
PAID_OF_RECEIPT = _PAID.where(col(OrderLine.receipt_id) == bindparam("receipt_id"), owned(OrderLine.account_id, "pay"))
TYPED = (
    select(col(CartLine.receipt_id), col(CartAmount.service), col(CartAmount.part), col(CartAmount.amount))
    .select_from(CartLine)
    .join(CartAmount, col(CartAmount.cart_line_id) == col(CartLine.id))
    .join(Receipt, col(Receipt.id) == col(CartLine.receipt_id))
    .where(col(CartLine.user_id) == bindparam("user_id"), owned(Receipt.account_id, "pay"))
)
