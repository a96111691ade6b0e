"""An order as its payer sees it: what was paid to whom and for what, and what became of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.orders.machine import Status
from lk_reflex.domain.payments.orders.present import line_called
from lk_reflex.domain.payments.orders.rules import may_lead
from lk_reflex.domain.payments.payee import PAYEE_COLUMNS, Payee
from lk_reflex.domain.payments.tables import Order, OrderLine, Posting

NO_ORDER = "Такого платежа среди ваших нет"


@dataclass(frozen=True, slots=True)
class PaidLine:
    """One sum of an order, in kopecks: for which account, receipt and service."""

    account: str
    address: str
    receipt: str
    service: str
    part: str
    amount: int

    @property
    def called(self) -> str:
        """What was paid for."""
        return line_called(self.service, self.part)


@dataclass(frozen=True, slots=True)
class GivenBack:
    """A refund that the bank has made; kopecks, positive."""

    amount: int
    at: datetime


@dataclass(frozen=True, slots=True)
class OwnOrder:
    """One order of the person's. Sums in kopecks; `total` = `amount` + `commission` is what the bank was asked for.

    `captured` and `refunded` are the bank's own amounts, `reason` is its code of why nothing was paid; `email` is where
    its letters go, empty for nowhere.
    """

    order_id: int
    number: str
    status: Status
    bank_id: str
    form_url: str
    amount: int
    commission: int
    total: int
    captured: int
    refunded: int
    card: str
    reason: str
    flag: str
    email: str
    created_at: datetime
    expires_at: datetime
    paid_at: datetime | None
    looked_at: datetime | None
    time_zone: str
    fiscal_mode: str
    payee: Payee
    lines: tuple[PaidLine, ...] = ()
    refunds: tuple[GivenBack, ...] = ()

    @property
    def paid(self) -> bool:
        """Whether money came, whatever was given back since."""
        return self.status in (Status.PAID, Status.REFUNDED)

    @property
    def kept(self) -> int:
        """What came and hasn't gone back, in kopecks."""
        return self.captured - self.refunded

    def payable_at(self, now: datetime) -> bool:
        """Whether the payer may be sent to the bank's page of it."""
        return may_lead(self.status, self.flag, self.form_url, self.expires_at, now)


_ORDER_COLUMNS = (
    col(Order.id),
    col(Order.number),
    col(Order.status),
    col(Order.bank_id),
    col(Order.form_url),
    col(Order.amount),
    col(Order.commission),
    col(Order.total),
    col(Order.captured),
    col(Order.refunded),
    col(Order.card),
    col(Order.reason),
    col(Order.flag),
    col(Order.email),
    col(Order.created_at),
    col(Order.expires_at),
    col(Order.paid_at),
    col(Order.looked_at),
    col(Organization.time_zone),
    col(Organization.fiscal_mode),
)
_ORDER = (
    select(*_ORDER_COLUMNS, *PAYEE_COLUMNS)
    .join(Organization, col(Organization.id) == col(Order.organization_id))
    .where(col(Order.number) == bindparam("number"), col(Order.user_id) == bindparam("payer"))
)
_LINES = (
    select(
        col(Account.number),
        col(Building.street),
        col(Building.house),
        col(Account.flat),
        col(Receipt.kind),
        col(Receipt.month),
        col(OrderLine.service),
        col(OrderLine.part),
        col(OrderLine.amount),
    )
    .select_from(OrderLine)
    .join(Account, col(Account.id) == col(OrderLine.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Receipt, col(Receipt.id) == col(OrderLine.receipt_id))
    .where(col(OrderLine.order_id) == bindparam("order_id"))
    .order_by(col(OrderLine.id))
)
_REFUNDS = (
    select(col(Posting.amount), col(Posting.created_at))
    .where(col(Posting.order_id) == bindparam("order_id"), col(Posting.amount) < 0)
    .order_by(col(Posting.id))
)


def own_order(db: Reader, actor: Actor, number: str) -> OwnOrder:
    """The order of that number, if this person has paid it: not by the account, whose owners change.

    Raises NotFound.
    """
    row = db.first(_ORDER, number=number, payer=actor.user_id)
    if row is None:
        raise NotFound(NO_ORDER)
    about, payee = row[: len(_ORDER_COLUMNS)], Payee(*row[len(_ORDER_COLUMNS) :])
    lines = _lines(db.rows(_LINES, order_id=row.id))
    refunds = tuple(GivenBack(-one.amount, one.created_at) for one in db.rows(_REFUNDS, order_id=row.id))
    values: list[Any] = [*about[:2], Status(row.status), *about[3:], payee, lines, refunds]
    return OwnOrder(*values)


def _lines(rows: Sequence[Any]) -> tuple[PaidLine, ...]:
    return tuple(
        PaidLine(
            row.number,
            address_line(row.street, row.house, row.flat),
            receipt_title(row.kind, row.month),
            row.service,
            row.part,
            row.amount,
        )
        for row in rows
    )
