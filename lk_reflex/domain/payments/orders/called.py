"""Which order a bank's callback speaks of."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.tables import Order

_COLUMNS = (col(Order.id), col(Order.number), col(Order.bank_id), col(Organization.inn))
_CALLED = select(*_COLUMNS).join(Organization, col(Organization.id) == col(Order.organization_id))
_BY_NUMBER = _CALLED.where(col(Order.number) == bindparam("number"))
_BY_BANK_ID = _CALLED.where(col(Order.bank_id) == bindparam("bank_id")).limit(1)


@dataclass(frozen=True, slots=True)
class Called:
    """The order that a callback names, and whose gateway may speak of it."""

    order_id: int
    number: str
    bank_id: str
    inn: str


def order_called(db: Reader, number: str, bank_id: str) -> Called | None:
    """By our number, else by the bank's id; None where neither is ours, or they belong to two orders.

    An order whose registration was never answered has no bank's id yet.
    """
    if not number and not bank_id:
        return None
    row = db.first(_BY_NUMBER, number=number) if number else db.first(_BY_BANK_ID, bank_id=bank_id)
    if row is None or (bank_id and row.bank_id not in ("", bank_id)):
        return None
    return Called(row.id, row.number, row.bank_id, row.inn)
