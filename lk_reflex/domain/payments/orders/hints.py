"""A bank called back: it is noted and counted, and the order is due to be asked about. The claim itself is no news."""

import logging
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.failpoints import failpoint
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.payments.orders.called import order_called
from lk_reflex.domain.payments.tables import BankHint, Order
from lk_reflex.integrations.bank.port import Hint

log = logging.getLogger(__name__)
#: What gateways call what happened. Anything else is kept under one word: unsigned callbacks come from anybody.
OPERATIONS = frozenset({
    "approved", "deposited", "reversed", "refunded", "declinedByTimeout", "declinedCardPresent", "declined",
    "payment.succeeded", "payment.canceled", "payment.waiting_for_capture", "refund.succeeded",
})  # fmt: skip
OTHER = "other"
_DUE = update(Order).where(col(Order.id) == bindparam("of_id")).values(next_look_at=bindparam("now", type_=UtcTime()))


def take_hint(database: Database, hint: Hint, inn: str, *, now: datetime) -> str | None:
    """Note what the bank of the organization with that INN claims; the number of the order to look at.

    None, and a line in the security log, where that organization has no such order.
    """
    failpoint("hint-received")
    number = database.write(_take, hint, inn, now)
    failpoint("hint-recorded")
    return number


def _take(db: Writer, hint: Hint, inn: str, now: datetime) -> str | None:
    order = order_called(db, hint.number, hint.bank_id)
    if order is None or order.inn != inn:
        log.warning("security: a callback of %s about an order that isn't its own", inn)
        return None
    operation = hint.operation if hint.operation in OPERATIONS else OTHER
    db.change(_DUE, of_id=order.order_id, now=now)
    db.change(_COUNT[db.connection.dialect.name], of_order=order.order_id, of_operation=operation,
              has_succeeded=hint.succeeded, now=now)  # fmt: skip
    return order.number


def _count(maker: Any) -> Any:
    row = maker.insert(BankHint).values(
        order_id=bindparam("of_order"),
        operation=bindparam("of_operation"),
        succeeded=bindparam("has_succeeded"),
        times=1,
        first_at=bindparam("now", type_=UtcTime()),
        last_at=bindparam("now", type_=UtcTime()),
    )
    again = {"times": col(BankHint.times) + 1, "last_at": row.excluded.last_at}
    return row.on_conflict_do_update(index_elements=["order_id", "operation", "succeeded"], set_=again)


_COUNT = {"sqlite": _count(sqlite), "postgresql": _count(postgresql)}
