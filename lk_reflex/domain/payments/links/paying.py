"""Paying by a link: one order at a time, whoever presses and however often; the money is the maker's receipt's."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.unheard import unheard
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.payments.links.behind import Tried, standing, terms, tries
from lk_reflex.domain.payments.links.queries import BY_KEY, LINES
from lk_reflex.domain.payments.links.state import OPEN_TO_PAY, state_of
from lk_reflex.domain.payments.orders.claiming import order_row
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.once import CHECKED, ENOUGH, NOT_CLOSED, REPLACED, unclosed
from lk_reflex.domain.payments.orders.placing import Wanted, place
from lk_reflex.domain.payments.orders.rules import AMOUNT
from lk_reflex.domain.payments.orders.schedule import PAYERS_TIME
from lk_reflex.domain.payments.orders.starting import Started, start
from lk_reflex.domain.payments.tables import PayLink
from lk_reflex.integrations.bank.port import Banks

#: One client's links that are worth nothing, and one client's orders by any links.
OF_CLIENT = Limit("pay-link:client", 20)
ORDERS_OF_CLIENT = Limit("pay-link:orders", 30)
#: One link's orders, whoever presses: each is a call to the bank.
OF_LINK = Limit("pay-link:link", 10)
#: One client's presses, and one link's: each may ask the bank, also where it goes on with an order there is. Of a link
#: that strangers press without end its payer waits a minute at most.
PRESSES_OF_CLIENT = Limit("pay-link:presses", 60)
PRESSES_OF_LINK = Limit("pay-link:pressed", 60, longest=timedelta(minutes=1))
_MANY = 4
PAUSE = "По ссылкам с вашего адреса слишком много попыток."
NO_LINK = "Ссылка больше не действует"
NOT_NOW = "По этой ссылке сейчас платить не нужно: посмотрите, что с платежом."
_LOCK = select(col(PayLink.id)).where(col(PayLink.key) == bindparam("key")).with_for_update()


def pay_by_link(
    database: Database, banks: Banks, key: str, email: str, *, client: Client, site: str,
    return_path: Callable[[str], str], clock: Callable[[], datetime],
) -> Started:  # fmt: skip
    """The order to go to the bank with: the one there is, if it is for the same sum and the same address.

    With another address typed it is another order, or the confirmation would go to a stranger; the bank, too, has the
    first one's for its receipt. With none it is whichever there is. `return_path` of its number is where the bank leads
    the payer back to.

    Raises NotFound for a link that doesn't exist, Refused where it isn't payable (any more) or the client has to wait.
    Blocks on the network.
    """
    if not database.write(_admitted, key, client, clock()):
        raise NotFound(NO_LINK)
    for _ in range(_MANY):
        _close_what_is_over(database, banks, key, email, site, clock)
        if number := database.write(_ready, key, email, client, banks.kind, clock()):
            return start(database, banks, number, site=site, clock=clock, return_path=return_path(number))
    raise Refused(CHECKED)  # others are quicker each time


def look_after(database: Database, banks: Banks, key: str, *, site: str, clock: Callable[[], datetime]) -> None:
    """Ask the bank what became of the link's open order, if it has one: somebody looks at its page."""
    for tried in database.read(_unfinished, key, clock()):
        look(database, banks, tried.number, cause=Cause.RETURN, clock=clock, site=site)


def see_after(database: Database, banks: Banks, key: str, *, site: str, clock: Callable[[], datetime]) -> None:
    """The same on a thread whose end is nobody's answer: what goes wrong is only logged."""
    unheard("a link's order", look_after, database, banks, key, site=site, clock=clock)


def _close_what_is_over(
    database: Database, banks: Banks, key: str, email: str, site: str, clock: Callable[[], datetime]
) -> None:
    """An order that isn't gone on with is closed at the bank before a new one is made: never two that can be paid."""
    for one, goes_on in database.read(_left_behind, key, email, clock()):
        close = "" if goes_on else REPLACED
        looked = look(database, banks, one.number, cause=Cause.PRESSED, clock=clock, site=site, close=close)
        if close and unclosed(looked):
            raise Refused(NOT_CLOSED if looked.status is Status.DECLINED else CHECKED)


def _admitted(db: Writer, key: str, client: Client, now: datetime) -> bool:
    """Count the press before the bank hears of it; False for no such link. Raises Refused.

    It says so instead of raising: the counted try has to outlive the refusal.
    """
    misses = [(OF_CLIENT, client.network)]
    presses = [(PRESSES_OF_CLIENT, client.network), (PRESSES_OF_LINK, key)]
    attempts.refuse_while_waiting(db, [*misses, *presses], PAUSE, now=now)
    found = db.first(BY_KEY, key=key, now=now) is not None
    attempts.note_misses(db, presses if found else misses, now=now)
    return found


def _ready(db: Writer, key: str, email: str, client: Client, kind: Callable[[str], str], now: datetime) -> str | None:
    """The number of the order to go on with, new or not.

    None where somebody else has just begun one, which must be dealt with first. Raises NotFound, Refused."""
    # Two who press come one after the other; SQLite's writers do so anyway.
    db.rows(_LOCK, key=key)
    row = db.first(BY_KEY, key=key, now=now)
    if row is None:
        raise NotFound(NO_LINK)
    tried = tries(db, row.link_id)
    if state_of(standing(row, tried), now=now) not in OPEN_TO_PAY:
        raise Refused(NOT_NOW)
    if tried and tried[-1].status in OPEN:
        return tried[-1].number if _goes_on(db, row, tried[-1], email, now) else None
    limits = [(ORDERS_OF_CLIENT, client.network), (OF_LINK, row.key)]
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
        once_key=f"{row.key} {tried}", gateway=gateway, lives=PAYERS_TIME, now=now,
    )  # fmt: skip
    return placed.number


def _unfinished(db: Reader, key: str, now: datetime) -> list[Tried]:
    row = db.first(BY_KEY, key=key, now=now) if key else None
    return [one for one in tries(db, row.link_id) if one.status in OPEN] if row is not None else []


def _left_behind(db: Reader, key: str, email: str, now: datetime) -> list[tuple[Tried, bool]]:
    """Orders that might still be paid at the bank, and whether this press goes on with each.

    A declined one may be paid, with another card, until it expires.
    """
    row = db.first(BY_KEY, key=key, now=now) if key else None
    if row is None:
        return []
    return [
        (one, _goes_on(db, row, one, email, now))
        for one in tries(db, row.link_id)
        if one.status in OPEN or (one.status == Status.DECLINED and one.expires_at > now)
    ]


def _goes_on(db: Reader, row: Any, one: Tried, email: str, now: datetime) -> bool:
    """Whether this press is for an order of the link, or leaves it alone, since it is being looked into."""
    if one.status not in OPEN:
        return False
    if one.status == Status.CHECKING or one.flag == AMOUNT:
        return True
    amount = int(row.amount)
    same = one.total == amount + terms(row).commission_on(amount)
    return same and one.expires_at > now + ENOUGH and email in ("", order_row(db, one.number).email)
