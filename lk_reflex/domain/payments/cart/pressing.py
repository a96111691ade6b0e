"""The press of «Оплатить»: one order of one organization's part of the cart, whatever the browser sends and how often.

Nothing of sums comes from the browser but the print of what the person has seen, which must be what there is now.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Conflict, Refused
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.attempts import Limit, note_miss, refuse_while_waiting
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.payments.cart.contents import CartPart, cart_contents, fingerprint, wanted
from lk_reflex.domain.payments.orders.machine import OPEN, Status
from lk_reflex.domain.payments.orders.once import CHECKED, PAID_ALREADY, StillOpen, clear_the_way
from lk_reflex.domain.payments.orders.placing import key_of, number_of_key, place
from lk_reflex.domain.payments.orders.schedule import PAYERS_TIME
from lk_reflex.domain.payments.orders.starting import Started, start
from lk_reflex.domain.payments.tables import Order
from lk_reflex.integrations.bank.port import Banks

#: Orders of one person: more than anybody pays, few enough that no script fills the bank's books.
ORDERS: Final = Limit("orders:user", 20, longest=timedelta(hours=1), window=timedelta(hours=1))
#: Presses of one person: each may ask the bank, also where it goes on with an order there is.
PRESSES: Final = Limit("presses:user", 60)
TOO_MANY: Final = "Вы начали очень много платежей подряд."
CHANGED: Final = "Суммы изменились: проверьте ещё раз."
GONE: Final = "В корзине этого платежа больше нет: его уже оплатили, убрали или заменили новой квитанцией."
NO_FORM: Final = "Кабинет не понял, что оплатить. Проверьте платёж и нажмите «Оплатить» ещё раз."
LONGEST_FORM: Final = 64
_MANY: Final = 4
#: A form that was left open so long before has nothing to do with what was paid since.
OF_LATE: Final = timedelta(hours=1)


class Changed(Conflict):
    """What the person has seen isn't what would be paid."""


class Gone(Conflict):
    """The organization's part isn't in the cart, or nothing of it is to be paid."""


@dataclass(frozen=True, slots=True)
class Press:
    """What the form brings: the organization, the form's own key, the print of what was seen."""

    organization_id: int
    form: str
    seen: str


_LOCK = select(col(User.id)).where(col(User.id) == bindparam("payer")).with_for_update()
_OPEN = (
    select(col(Order.number))
    .where(
        col(Order.user_id) == bindparam("payer"),
        col(Order.organization_id) == bindparam("organization_id"),
        col(Order.status).in_([status.value for status in sorted(OPEN)]),
    )
    .limit(1)
)
_PAID = (
    select(col(Order.number))
    .where(
        col(Order.user_id) == bindparam("payer"),
        col(Order.organization_id) == bindparam("organization_id"),
        col(Order.status) == Status.PAID.value,
        col(Order.paid_at) > bindparam("since", type_=UtcTime()),
    )
    .order_by(col(Order.id).desc())
    .limit(1)
)


def press(
    database: Database, banks: Banks, actor: Actor, given: Press, *, site: str, clock: Callable[[], datetime],
    return_path: Callable[[str], str],
) -> Started:  # fmt: skip
    """Make the order and tell the bank of it, or go on with the one there is. Blocks on the network.

    Raises Changed, Gone, StillOpen (another payment's fate is unknown), Refused, Unavailable.
    """
    if not given.form or len(given.form) > LONGEST_FORM:
        raise Refused(NO_FORM)
    database.write(_admit, actor, now=clock())
    try:
        number = _number(database, banks, actor, given, site, clock)
    except Gone as gone:
        # Another tab has paid it: what became of that is worth more than an empty cart.
        if (paid := database.read(_just_paid, actor, given, clock())) is None:
            raise
        raise StillOpen(PAID_ALREADY, paid) from gone
    return start(database, banks, number, site=site, clock=clock, return_path=return_path(number))


def _admit(db: Writer, actor: Actor, *, now: datetime) -> None:
    """Count the press before the bank hears of it. Raises Refused."""
    refuse_while_waiting(db, ((PRESSES, str(actor.user_id)),), TOO_MANY, now=now)
    note_miss(db, PRESSES, str(actor.user_id), now=now)


def _number(
    database: Database, banks: Banks, actor: Actor, given: Press, site: str, clock: Callable[[], datetime]
) -> str:
    for _ in range(_MANY):
        if made := database.read(number_of_key, _key(actor, given)):
            return made
        part = database.read(_part, actor, given)
        gateway = banks.kind(part.payee.inn)
        again = clear_the_way(
            database, banks, user_id=actor.user_id, organization_id=given.organization_id, lines=wanted(part),
            site=site, clock=clock, total=part.total,
        )  # fmt: skip
        if again is not None:
            return again
        if number := database.write(_record, actor, given, gateway, now=clock()):
            return number
    # Another tab is quicker each time: what it pays shows there, unless that has ended by now.
    if not (others := database.read(_open, actor, given)):
        raise Changed(CHANGED)
    raise StillOpen(CHECKED, others[0])


def _record(db: Writer, actor: Actor, given: Press, gateway: str, *, now: datetime) -> str | None:
    """The order's number; None where another tab has just begun one, which must be dealt with first."""
    # Two tabs of one person come one after the other; SQLite's writers do so anyway.
    db.rows(_LOCK, payer=actor.user_id)
    if made := number_of_key(db, _key(actor, given)):
        return made
    if _open(db, actor, given):
        return None
    part = _part(db, actor, given)
    limits = ((ORDERS, str(actor.user_id)),)
    refuse_while_waiting(db, limits, TOO_MANY, now=now)
    placed = place(
        db, organization_id=given.organization_id, lines=wanted(part), user_id=actor.user_id, link_id=None,
        email=actor.email, once_key=given.form, gateway=gateway, lives=PAYERS_TIME, now=now,
    )  # fmt: skip
    note_miss(db, ORDERS, str(actor.user_id), now=now)
    return placed.number


def _part(db: Reader, actor: Actor, given: Press) -> CartPart:
    """The organization's part as it stands now, if that is what the person has seen."""
    for part in cart_contents(db, actor):
        if part.organization_id == given.organization_id and part.amount > 0:
            if fingerprint(part) != given.seen:
                raise Changed(CHANGED)
            return part
    raise Gone(GONE)


def _open(db: Reader, actor: Actor, given: Press) -> Sequence[str]:
    rows = db.rows(_OPEN, payer=actor.user_id, organization_id=given.organization_id)
    return [row.number for row in rows]


def _just_paid(db: Reader, actor: Actor, given: Press, now: datetime) -> str | None:
    """The number of the newest order that the person has paid to the organization of late."""
    since = now - OF_LATE
    return db.value(_PAID, payer=actor.user_id, organization_id=given.organization_id, since=since)


def _key(actor: Actor, given: Press) -> str:
    return key_of(given.form, organization_id=given.organization_id, user_id=actor.user_id)
