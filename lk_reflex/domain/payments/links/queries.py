"""What a pay link is read by: the link with its receipt, its sums, its orders."""

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import lasting, owned
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.payments.cart.queries import SUPERSEDING
from lk_reflex.domain.payments.tables import Order, OrderLine, PayLink, PayLinkLine

#: What the receipt asks for now.
DUE = (
    select(func.coalesce(func.sum(col(BalanceLine.total) + col(BalanceLine.penalty_total)), 0))
    .where(col(BalanceLine.receipt_id) == col(Receipt.id))
    .scalar_subquery()
)
_AMOUNT = (
    select(func.coalesce(func.sum(col(PayLinkLine.amount)), 0))
    .where(col(PayLinkLine.link_id) == col(PayLink.id))
    .scalar_subquery()
)
#: The maker still has a login, isn't blocked, and may pay for the account.
_MAY = (
    select(col(AccountLink.id))
    .join(User, col(User.id) == col(AccountLink.user_id))
    .where(
        col(AccountLink.user_id) == col(PayLink.user_id),
        col(AccountLink.account_id) == col(Receipt.account_id),
        col(AccountLink.may_pay).is_(True),
        lasting("now"),
        col(User.blocked_at).is_(None),
        col(User.deleted_at).is_(None),
    )
    .exists()
)
_Other, _OtherLine = aliased(Order, name="other"), aliased(OrderLine, name="other_line")
#: One of its sums has been paid by another order since.
_COVERED = exists().where(
    col(PayLinkLine.link_id) == col(PayLink.id),
    col(_OtherLine.receipt_id) == col(PayLink.receipt_id),
    col(_OtherLine.service) == col(PayLinkLine.service),
    col(_OtherLine.part) == col(PayLinkLine.part),
    col(_Other.id) == col(_OtherLine.order_id),
    func.coalesce(col(_Other.link_id), 0) != col(PayLink.id),
    col(_Other.paid_at) > col(PayLink.created_at),
    col(_Other.captured) > col(_Other.refunded),
)
_COLUMNS = (
    col(PayLink.id).label("link_id"),
    col(PayLink.key),
    col(PayLink.user_id),
    col(PayLink.receipt_id),
    col(PayLink.receipt_due),
    col(PayLink.created_at),
    col(PayLink.expires_at),
    col(PayLink.revoked_at),
    col(Receipt.kind),
    col(Receipt.month),
    col(Receipt.account_id),
    col(Account.number),
    col(Organization.id).label("organization_id"),
    col(Organization.name),
    col(Organization.short_name),
    col(Organization.inn),
    col(Organization.phone),
    col(Organization.time_zone),
    col(Organization.takes_payments),
    col(Organization.commission_by),
    col(Organization.commission_rate),
    col(Organization.commission_minimum),
    col(Organization.payment_ceiling),
    _AMOUNT.label("amount"),
    DUE.label("due"),
    SUPERSEDING.label("superseded"),
    _MAY.label("may"),
    _COVERED.label("covered"),
)
_LINKS = (
    select(*_COLUMNS)
    .select_from(PayLink)
    .join(Receipt, col(Receipt.id) == col(PayLink.receipt_id))
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
)
BY_KEY = _LINKS.where(col(PayLink.key) == bindparam("key"))
#: The newest first; of accounts for which the person may still pay.
MINE = _LINKS.where(
    col(PayLink.user_id) == bindparam("user_id"),
    col(PayLink.created_at) > bindparam("since", type_=UtcTime()),
    owned(Receipt.account_id, "pay"),
).order_by(col(PayLink.id).desc())
LINES = (
    select(col(PayLinkLine.service), col(PayLinkLine.part), col(PayLinkLine.amount))
    .where(col(PayLinkLine.link_id) == bindparam("link_id"))
    .order_by(col(PayLinkLine.id))
)
_ORDERS = select(
    col(Order.link_id),
    col(Order.number),
    col(Order.status),
    col(Order.reason),
    col(Order.form_url),
    col(Order.total),
    col(Order.expires_at),
    col(Order.paid_at),
    col(Order.flag),
)
ORDERS = _ORDERS.where(col(Order.link_id) == bindparam("link_id")).order_by(col(Order.id))
ORDERS_OF_MINE = (
    _ORDERS.join(PayLink, col(PayLink.id) == col(Order.link_id))
    .where(col(PayLink.user_id) == bindparam("user_id"), col(PayLink.created_at) > bindparam("since", type_=UtcTime()))
    .order_by(col(Order.id))
)
