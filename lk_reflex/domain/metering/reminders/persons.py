"""Whom reminders go to: who stands, sees an account, may send for it; a portion of persons at a time."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, bindparam, case, func, literal, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building
from lk_reflex.domain.identity.access import lasting
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.mail.tables import MailChoice
from lk_reflex.domain.metering.reminders.places import Place
from lk_reflex.domain.metering.tables import Meter
from lk_reflex.domain.notifications.tables import Notification

_NUMBERS = (
    select(col(User.id)).where(col(User.id) > bindparam("after")).order_by(col(User.id)).limit(bindparam("count"))
)
_PORTION = _NUMBERS.subquery("portion")
_LAST = select(func.max(_PORTION.c.id))


@dataclass(frozen=True, slots=True)
class Person:
    """A login that is reminded; `wants_mail` is its choice of this topic."""

    user_id: int
    email: str
    wants_mail: bool


@dataclass(frozen=True, slots=True)
class Whose:
    """The account that a reminder is about."""

    account_id: int
    number: str
    address: str

    @property
    def title(self) -> str:
        """«Лицевой счет 1234567899, УЛ. КЫШТЫМСКАЯ, 10 - 1010»."""
        return f"Лицевой счет {self.number}, {self.address}"


def portion_end(db: Reader, *, after: int, count: int) -> int | None:
    """The number of the last of the next so many logins, or None where there are no more."""
    return db.value(_LAST, after=after, count=count)


def by_place(places: Sequence[Place], fact: Callable[[Place], Any], kind: Any) -> ColumnElement[Any]:
    """What holds in an account's organization today, as an expression."""
    found: dict[Any, list[int]] = {}
    for place in places:
        found.setdefault(fact(place), []).append(place.organization_id)
    if len(found) == 1:
        return literal(next(iter(found)), kind)
    return case(*((col(Account.organization_id).in_(ids), literal(value, kind)) for value, ids in found.items()))


def accounts_of_persons(places: Sequence[Place], topic: str, *columns: Any) -> Select[Any]:
    """Persons of a portion (`after`, `last`) with their accounts in these organizations, at the moment `now`.

    It goes from the users of the portion by their links to the accounts, each step by an index. The organization is
    compared as a sum, which no index holds: SQLite would rather begin with a whole organization's accounts.
    """
    ids = [place.organization_id for place in places]
    today = by_place(places, lambda place: place.today, Date)
    mail = and_(col(MailChoice.user_id) == col(User.id), col(MailChoice.topic) == topic)
    return (
        select(
            col(User.id).label("user_id"), col(User.email), col(MailChoice.wanted), col(Account.id).label("account_id"),
            col(Account.number), col(Building.street), col(Building.house), col(Account.flat),
            col(Account.organization_id), *columns,
        )
        .select_from(User)
        .join(AccountLink, col(AccountLink.user_id) == col(User.id))
        .join(Account, col(Account.id) == col(AccountLink.account_id))
        .join(Building, col(Building.id) == col(Account.building_id))
        .outerjoin(MailChoice, mail)
        .where(
            col(User.id) > bindparam("after"),
            col(User.id) <= bindparam("last"),
            col(User.activated_at).is_not(None),
            col(User.blocked_at).is_(None),
            col(User.deleted_at).is_(None),
            (col(Account.organization_id) + 0).in_(ids),
            lasting("now"),
            col(AccountLink.may_send).is_(True),
            or_(col(Account.closed_on).is_(None), col(Account.closed_on) > today),
        )
        .order_by(col(User.id), col(Account.number), col(Account.id))
    )  # fmt: skip


def counts_on(today: Any) -> ColumnElement[bool]:
    """The condition that a meter is in calculation on that day; its last day still counts."""
    return or_(col(Meter.ended_on).is_(None), col(Meter.ended_on) >= today)


def not_told(key: Any) -> ColumnElement[bool]:
    """The condition that nobody's feed has a line with this key."""
    return ~select(col(Notification.id)).where(col(Notification.once_key) == key).exists()


def person_of(row: Any) -> Person:
    """The person of a row of `accounts_of_persons`; the topics' default is yes."""
    return Person(row.user_id, row.email, row.wanted is not False and row.wanted != 0)


def whose(row: Any) -> Whose:
    """The account of such a row."""
    return Whose(row.account_id, row.number, address_line(row.street, row.house, row.flat))


def portion(db: Reader, query: Select[Any], *, after: int, last: int, now: datetime) -> list[Any]:
    """The rows of a portion. The statement is made anew for each day, so it isn't one of those that are kept."""
    return list(db.connection.execute(query, {"after": after, "last": last, "now": now}).all())
