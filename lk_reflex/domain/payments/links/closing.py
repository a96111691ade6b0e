"""What a revoked link leaves behind: somebody may be at the bank's page by it, and must not pay any more."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader
from lk_reflex.core.errors import DomainError
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.payments.orders.cancelling import CANCELLED
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.tables import Order, PayLink
from lk_reflex.integrations.bank.port import Banks

log = logging.getLogger(__name__)
#: A declined order may still be paid with another card at some banks, until it expires.
_LEFT = (
    select(col(Order.number))
    .join(PayLink, col(PayLink.id) == col(Order.link_id))
    .where(
        col(PayLink.id) == bindparam("of_link"),
        col(PayLink.user_id) == bindparam("maker"),
        col(PayLink.revoked_at).is_not(None),
        or_(
            col(Order.status).in_([status.value for status in sorted(OPEN)]),
            and_(col(Order.status) == Status.DECLINED.value, col(Order.expires_at) > bindparam("now", type_=UtcTime())),
        ),
    )
    .order_by(col(Order.id))
)


def left_at_bank(db: Reader, actor: Actor, link_id: int, *, now: datetime) -> tuple[str, ...]:
    """The numbers of orders by a revoked link of one's own that might still be paid."""
    return tuple(row.number for row in db.rows(_LEFT, of_link=link_id, maker=actor.user_id, now=now))


def close_behind(
    database: Database, banks: Banks, actor: Actor, link_id: int, *, site: str, clock: Callable[[], datetime]
) -> None:
    """Have the bank take no money for them; what was paid before that counts. Blocks on the network.

    On a thread whose end is nobody's answer: where the bank is silent, the order ends with its time.
    """
    for number in database.read(left_at_bank, actor, link_id, now=clock()):
        try:
            look(
                database, banks, number, cause=Cause.CANCELLED, clock=clock, site=site, actor_id=actor.user_id,
                close=CANCELLED,
            )  # fmt: skip
        except DomainError as fault:
            log.info("order %s of a revoked link isn't closed: %s", number, type(fault).__name__)
        except Exception:
            log.exception("an order of a revoked link couldn't be closed")
