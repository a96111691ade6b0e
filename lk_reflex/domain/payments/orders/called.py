"""Which order a bank's callback speaks of."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.payments.orders.claiming import LEASE
from lk_reflex.domain.payments.orders.looking import GAP
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.tables import Order

_COLUMNS = (
    col(Order.id), col(Order.number), col(Order.bank_id), col(Organization.inn), col(Order.status),
    col(Order.looked_at), col(Order.next_look_at), col(Order.looking_until),
)  # fmt: skip
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
    status: Status
    looked_at: datetime | None
    next_look_at: datetime | None
    looking_until: datetime | None

    def is_noted(self, now: datetime) -> bool:
        """Whether the bank is to be asked anyhow, by a question that hasn't begun: one more hint is no news."""
        if self.next_look_at is None or self.next_look_at > now:
            return False
        asking = self.looking_until is not None and now < self.looking_until <= now + LEASE
        return not asking or self.next_look_at > self.looking_until - LEASE  # type: ignore[operator]

    def is_open_and_unasked(self, now: datetime) -> bool:
        """Whether it is worth a thread: its payer may be waiting, and the bank wasn't asked a moment ago."""
        just_asked = self.looked_at is not None and now - GAP < self.looked_at <= now
        return self.status in OPEN and not just_asked


def order_called(db: Reader, number: str, bank_id: str) -> Called | None:
    """By our number, else by the bank's id; None where neither is ours, or they belong to two orders.

    An order whose registration was never answered has no bank's id yet.
    """
    if not number and not bank_id:
        return None
    row = db.first(_BY_NUMBER, number=number) if number else db.first(_BY_BANK_ID, bank_id=bank_id)
    if row is None or (bank_id and row.bank_id not in ("", bank_id)):
        return None
    return Called(
        row.id, row.number, row.bank_id, row.inn, Status(row.status), row.looked_at, row.next_look_at,
        row.looking_until,
    )  # fmt: skip
