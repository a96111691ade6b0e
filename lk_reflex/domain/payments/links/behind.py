"""What a pay link tells whoever opens it: whom to pay and how much. No names, no address, no services."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lk_reflex.core.db import Reader
from lk_reflex.domain.billing.present import receipt_title
from lk_reflex.domain.mail.masks import masked_number
from lk_reflex.domain.payments.commission import Terms
from lk_reflex.domain.payments.links.queries import BY_KEY, ORDERS
from lk_reflex.domain.payments.links.state import OPEN_TO_PAY, LinkState, Standing, state_of
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.rules import AMOUNT, may_lead


@dataclass(frozen=True, slots=True)
class Tried:
    """An order that was made by the link. `total` in kopecks."""

    number: str
    status: str
    reason: str
    form_url: str
    total: int
    expires_at: datetime
    paid_at: datetime | None
    flag: str

    def payable_at(self, now: datetime) -> bool:
        """Whether whoever has the link may be sent to the bank's page of it."""
        return may_lead(self.status, self.flag, self.form_url, self.expires_at, now)


@dataclass(frozen=True, slots=True)
class Behind:
    """A link as a stranger may see it. `number` is masked; kopecks; `last` is its newest order.

    `key` is half of the address; it is also the subject of the signals that turn the page.
    """

    link_id: int
    key: str
    state: LinkState
    organization: str
    phone: str
    number: str
    title: str
    amount: int
    commission: int
    expires_at: datetime
    time_zone: str
    last: Tried | None

    @property
    def total(self) -> int:
        """What the bank will be asked to take."""
        return self.amount + self.commission

    @property
    def payable(self) -> bool:
        """Whether «Оплатить» leads anywhere."""
        return self.state in OPEN_TO_PAY


def behind(db: Reader, key: str, *, now: datetime) -> Behind | None:
    """What stands behind a link's key; None for one that doesn't exist, or whose maker has deleted the login."""
    row = db.first(BY_KEY, key=key, now=now) if key else None
    if row is None:
        return None
    tried = tries(db, row.link_id)
    return Behind(
        link_id=row.link_id,
        key=row.key,
        state=state_of(standing(row, tried), now=now),
        organization=row.short_name or row.name,
        phone=row.phone,
        number=masked_number(row.number),
        title=receipt_title(row.kind, row.month),
        amount=int(row.amount),
        commission=terms(row).commission_on(int(row.amount)),
        expires_at=row.expires_at,
        time_zone=row.time_zone,
        last=tried[-1] if tried else None,
    )


def tries(db: Reader, link_id: int) -> list[Tried]:
    """The orders of a link, the oldest first."""
    return [Tried(*row[1:]) for row in db.rows(ORDERS, link_id=link_id)]


def terms(row: Any) -> Terms:
    """On what terms the link's organization takes payments."""
    return Terms(row.commission_by, row.commission_rate, row.commission_minimum, row.payment_ceiling)


def standing(row: Any, tried: Sequence[Any]) -> Standing:
    """The facts of a link's row and of its orders, rows of `ORDERS` or `Tried`."""
    return Standing(
        expires_at=row.expires_at,
        revoked=row.revoked_at is not None,
        allowed=bool(row.may and row.takes_payments),
        changed=bool(row.superseded) or int(row.due) != row.receipt_due,
        covered=bool(row.covered),
        statuses=[_status(one) for one in tried],
    )


def _status(one: Any) -> str:
    """Where the bank's sum isn't ours, people look into it: nobody goes on with that order."""
    return Status.CHECKING if one.flag == AMOUNT and one.status in OPEN else one.status
