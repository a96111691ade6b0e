"""What lies in the cart, by organization, checked against the newest receipts each time it is opened."""

from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.tables import BalanceLine, Receipt
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.payments.cart.putting import SUPERSEDING
from lk_reflex.domain.payments.tables import CartLine


@dataclass(frozen=True, slots=True)
class CartService:
    """One service of a receipt in the cart, in kopecks; negative where the service is overpaid."""

    service: str
    main: int
    penalty: int


@dataclass(frozen=True, slots=True)
class CartReceipt:
    """One receipt in the cart; `amount` in kopecks with penalties, and with the advance if that was chosen.

    `superseded`: a newer receipt of the kind has come since, which holds this one's debt.
    """

    receipt_id: int
    title: str
    account: str
    address: str
    next_month: Month
    services: tuple[CartService, ...]
    advance: int
    advance_penalty: int
    amount: int
    takes_payments: bool
    superseded: bool

    @property
    def counts(self) -> bool:
        """Whether it belongs into what is to be paid now."""
        return self.takes_payments and not self.superseded and self.amount > 0


@dataclass(frozen=True, slots=True)
class Payee:
    """An organization's bank details, as a payment order asks for them."""

    name: str
    inn: str
    kpp: str
    bank_account: str
    bank: str
    bic: str
    correspondent_account: str
    phone: str


@dataclass(frozen=True, slots=True)
class CartPart:
    """What one organization gets: payments are made per organization. `amount` in kopecks."""

    payee: Payee
    receipts: tuple[CartReceipt, ...]
    amount: int


_CONTENTS = (
    select(
        col(Organization.id).label("organization_id"),
        col(Organization.name),
        col(Organization.inn),
        col(Organization.kpp),
        col(Organization.bank_account),
        col(Organization.bank),
        col(Organization.bic),
        col(Organization.correspondent_account),
        col(Organization.phone),
        col(Receipt.id).label("receipt_id"),
        col(Receipt.kind),
        col(Receipt.month),
        col(Account.number),
        col(Building.street),
        col(Building.house),
        col(Account.flat),
        col(CartLine.with_advance),
        col(Receipt.advance),
        col(Receipt.advance_penalty),
        col(Organization.takes_payments),
        SUPERSEDING.label("superseded"),
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


def cart_contents(db: Reader, actor: Actor) -> tuple[CartPart, ...]:
    """The person's cart in the order of adding; without receipts of accounts that the person may not pay."""
    rows = db.rows(_CONTENTS, **actor.owning)
    return tuple(_part(list(group)) for _, group in groupby(rows, attrgetter("organization_id")))


def _part(rows: list[Any]) -> CartPart:
    receipts = tuple(_receipt(list(group)) for _, group in groupby(rows, attrgetter("receipt_id")))
    amount = sum(receipt.amount for receipt in receipts if receipt.counts)
    return CartPart(Payee(*rows[0][1:9]), receipts, amount)


def _receipt(rows: list[Any]) -> CartReceipt:
    row = rows[0]
    services = tuple(CartService(r.service, r.total, r.penalty_total) for r in rows if r.service is not None)
    advance, advance_penalty = (row.advance, row.advance_penalty) if row.with_advance else (0, 0)
    return CartReceipt(
        receipt_id=row.receipt_id,
        title=receipt_title(row.kind, row.month),
        account=row.number,
        address=address_line(row.street, row.house, row.flat),
        next_month=row.month.shift(1),
        services=services,
        advance=advance,
        advance_penalty=advance_penalty,
        amount=sum(s.main + s.penalty for s in services) + advance + advance_penalty,
        takes_payments=bool(row.takes_payments),
        superseded=bool(row.superseded),
    )
