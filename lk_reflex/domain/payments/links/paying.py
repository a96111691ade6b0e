"""Paying by a link: one order at a time, whoever presses and however often; the money is the maker's receipt's."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import DomainError, NotFound, Refused
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.payments.links.behind import Tried, standing, tries
from lk_reflex.domain.payments.links.queries import BY_KEY, LINES
from lk_reflex.domain.payments.links.state import OPEN_TO_PAY, state_of
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.once import CHECKED, ENOUGH, REPLACED
from lk_reflex.domain.payments.orders.placing import Wanted, place
from lk_reflex.domain.payments.orders.schedule import PAYERS_TIME
from lk_reflex.domain.payments.orders.starting import Started, start
from lk_reflex.integrations.bank.port import Banks

log = logging.getLogger(__name__)
#: One client's links that are worth nothing, and one client's orders by any links.
OF_CLIENT = Limit("pay-link:client", 20)
ORDERS_OF_CLIENT = Limit("pay-link:orders", 30)
#: One link's orders, whoever presses: each is a call to the bank.
OF_LINK = Limit("pay-link:link", 10)
PAUSE = "По ссылкам с вашего адреса слишком много попыток."
NO_LINK = "Ссылка больше не действует"
NOT_NOW = "По этой ссылке сейчас платить не нужно: посмотрите, что с платежом."


def pay_by_link(
    database: Database, banks: Banks, key: str, email: str, *, client: Client, site: str,
    return_path: Callable[[str], str], clock: Callable[[], datetime],
) -> Started:  # fmt: skip
    """The order to go to the bank with. `return_path` of its number is where the bank leads the payer back to.

    Raises NotFound for a link that doesn't exist, Refused where it isn't payable (any more) or the client has to wait.
    Blocks on the network.
    """
    _close_what_is_over(database, banks, key, site, clock)
    number = database.write(_ready, key, email, client, banks.kind, clock())
    if number is None:
        raise NotFound(NO_LINK)
    return start(database, banks, number, site=site, clock=clock, return_path=return_path(number))


def look_after(database: Database, banks: Banks, key: str, *, site: str, clock: Callable[[], datetime]) -> None:
    """Ask the bank what became of the link's open order, if it has one: somebody looks at its page."""
    for tried in database.read(_unfinished, key, clock()):
        look(database, banks, tried.number, cause=Cause.RETURN, clock=clock, site=site)


def see_after(database: Database, banks: Banks, key: str, *, site: str, clock: Callable[[], datetime]) -> None:
    """The same on a thread whose end is nobody's answer: what goes wrong is only logged."""
    try:
        look_after(database, banks, key, site=site, clock=clock)
    except DomainError as fault:
        log.info("a link's order wasn't looked at: %s", type(fault).__name__)
    except Exception:
        log.exception("a link's order couldn't be looked at")


def _close_what_is_over(database: Database, banks: Banks, key: str, site: str, clock: Callable[[], datetime]) -> None:
    """An order that isn't gone on with is closed at the bank before a new one is made: never two that can be paid."""
    for one in database.read(_left_behind, key, clock()):
        goes_on = one.status in OPEN and one.expires_at > clock() + ENOUGH
        close = "" if goes_on else REPLACED
        look(database, banks, one.number, cause=Cause.PRESSED, clock=clock, site=site, close=close)


def _ready(db: Writer, key: str, email: str, client: Client, kind: Callable[[str], str], now: datetime) -> str | None:
    """The number of the order to go on with, new or not.

    None for no such link; it says so instead of raising: the counted try has to outlive the refusal."""
    misses = [(OF_CLIENT, client.network)]
    attempts.refuse_while_waiting(db, misses, PAUSE, now=now)
    row = db.first(BY_KEY, key=key, now=now)
    if row is None:
        attempts.note_misses(db, misses, now=now)
        return None
    tried = tries(db, row.link_id)
    if state_of(standing(row, tried), now=now) not in OPEN_TO_PAY:
        raise Refused(NOT_NOW)
    if tried and tried[-1].status in OPEN:
        if tried[-1].expires_at <= now + ENOUGH:
            raise Refused(CHECKED)
        return tried[-1].number
    limits = [(ORDERS_OF_CLIENT, client.network), (OF_LINK, str(row.link_id))]
    attempts.refuse_while_waiting(db, limits, PAUSE, now=now)
    attempts.note_misses(db, limits, now=now)
    return _placed(db, row, len(tried), email, kind(row.inn), now)


def _placed(db: Writer, row: Any, tried: int, email: str, gateway: str, now: datetime) -> str:
    lines = [
        Wanted(row.account_id, row.receipt_id, line.service, line.part, line.amount, row.receipt_due)
        for line in db.rows(LINES, link_id=row.link_id)
    ]
    # Two who press in one instant name the same try: it is one order.
    placed = place(
        db, organization_id=row.organization_id, lines=lines, user_id=None, link_id=row.link_id, email=email,
        once_key=str(tried), gateway=gateway, lives=PAYERS_TIME, now=now,
    )  # fmt: skip
    return placed.number


def _unfinished(db: Reader, key: str, now: datetime) -> list[Tried]:
    row = db.first(BY_KEY, key=key, now=now) if key else None
    return [one for one in tries(db, row.link_id) if one.status in OPEN] if row is not None else []


def _left_behind(db: Reader, key: str, now: datetime) -> list[Tried]:
    """Orders that might still be paid at the bank; a declined one may be, with another card, until it expires."""
    row = db.first(BY_KEY, key=key, now=now) if key else None
    if row is None:
        return []
    return [
        one
        for one in tries(db, row.link_id)
        if one.status in OPEN or (one.status == Status.DECLINED and one.expires_at > now)
    ]
