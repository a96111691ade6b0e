"""The audit log as an administrator looks through it: by person, account, deed and days, the newest first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.days import span
from lk_reflex.core.db import Reader
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.core.schema import UtcTime
from lk_reflex.core.text import account_key, email_key
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.audit.tables import AuditEntry
from lk_reflex.domain.identity.access import ADMIN, Actor
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.personal_data.words import DEEDS
from lk_reflex.domain.requests.numbers import bare_number
from lk_reflex.domain.requests.tables import Request

PAGE: Final = 50
SEARCH, ACTION, FIRST, LAST = "search", "action", "first", "last"
NOT_YOURS = "Журнал действий открыт администратору"
NOBODY = "Такого адреса почты, лицевого счета или номера заявки в кабинете нет. Проверьте, что введено"
BACKWARDS = "Последний день раньше первого. Поменяйте их местами"
LONGEST = 254


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for. `search` is an e-mail, an account's number or a request's; `before` where a page begins."""

    search: str = ""
    action: str = ""
    first: date | None = None
    last: date | None = None
    before: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One deed. `by` and `about` are people: names of staff, e-mails of others, empty where nobody is named.

    In `detail` a request has its number, where it is there still.
    """

    entry_id: int
    at: datetime
    action: str
    by: str
    about: str
    account: str
    address: str
    detail: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Entries:
    """A page, and whether older ones follow."""

    entries: tuple[Entry, ...]
    more: bool


_by, _about = aliased(User), aliased(User)
_ALL = (
    select(
        col(AuditEntry.id), col(AuditEntry.at), col(AuditEntry.action), col(AuditEntry.address),
        col(AuditEntry.detail), col(_by.staff_name).label("by_name"), col(_by.email).label("by_email"),
        col(_about.staff_name).label("about_name"), col(_about.email).label("about_email"),
        col(AuditEntry.actor_id), col(AuditEntry.user_id), col(Account.number),
    )
    .outerjoin(_by, col(_by.id) == col(AuditEntry.actor_id))
    .outerjoin(_about, col(_about.id) == col(AuditEntry.user_id))
    .outerjoin(Account, col(Account.id) == col(AuditEntry.account_id))
    .order_by(col(AuditEntry.id).desc())
    .limit(PAGE + 1)
)  # fmt: skip
_PERSON = select(col(User.id)).where(col(User.email_key) == bindparam("key"))
_REQUEST = select(col(Request.id)).where(col(Request.number) == bindparam("number"))
_NUMBERS = select(col(Request.id), col(Request.number))
#: What the details of a deed call a request.
REQUEST: Final = "request"
#: Only these deeds name one: the rest of the log isn't read for it.
_OF_REQUESTS = tuple(deed for deed in DEEDS if deed.startswith((REQUEST, "passport")))
_ACCOUNTS = select(col(Account.id)).where(col(Account.number_key) == bindparam("key"))


def audit_entries(db: Reader, actor: Actor, wanted: Wanted, *, zone: str) -> Entries:
    """A page of the log. Raises Refused for whoever isn't an administrator, Invalid for what can't be looked for."""
    if actor.role != ADMIN:
        raise Refused(NOT_YOURS)
    query, given = _narrowed(db, wanted, zone)
    rows = db.rows(query, **given)
    named = [row.detail[REQUEST] for row in rows if isinstance(row.detail.get(REQUEST), int)]
    numbers = {row.id: row.number for row in db.rows(_NUMBERS.where(col(Request.id).in_(named)))} if named else {}
    return Entries(tuple(_entry(row, numbers) for row in rows[:PAGE]), len(rows) > PAGE)


def _narrowed(db: Reader, wanted: Wanted, zone: str) -> tuple[Any, dict[str, Any]]:
    query, given = _ALL, dict[str, Any]()
    if wanted.before > 0:
        query, given["before"] = query.where(col(AuditEntry.id) < bindparam("before")), wanted.before
    if wanted.action in DEEDS:
        query, given["deed"] = query.where(col(AuditEntry.action) == bindparam("deed")), wanted.action
    if wanted.first and wanted.last and wanted.last < wanted.first:
        raise Invalid({LAST: BACKWARDS})
    if wanted.first or wanted.last:
        at = col(AuditEntry.at)
        query = query.where(at >= bindparam("since", type_=UtcTime()), at < bindparam("until", type_=UtcTime()))
        given["since"], given["until"] = span(wanted.first, wanted.last, zone)
    if wanted.search.strip():
        query = query.where(_concerning(db, wanted.search.strip()))
    return query, given


def _concerning(db: Reader, search: str) -> Any:
    """The condition that an entry concerns whom or what was typed. Raises Invalid where there is no such."""
    if len(search) > LONGEST:
        raise Invalid({SEARCH: NOBODY})
    if number := bare_number(search):
        people = [row.id for row in db.rows(_REQUEST, number=number)]
        of_it = col(AuditEntry.detail)[REQUEST].as_integer().in_(people)
        found = and_(col(AuditEntry.action).in_(_OF_REQUESTS), of_it)
    elif "@" in search:
        people = [row.id for row in db.rows(_PERSON, key=email_key(search))]
        found = or_(col(AuditEntry.actor_id).in_(people), col(AuditEntry.user_id).in_(people))
    else:
        people = [row.id for row in db.rows(_ACCOUNTS, key=account_key(search))]
        found = col(AuditEntry.account_id).in_(people)
    if not people:
        raise Invalid({SEARCH: NOBODY})
    return found


def _entry(row: Any, numbers: Mapping[int, str]) -> Entry:
    return Entry(
        row.id,
        row.at,
        row.action,
        _person(row.by_name, row.by_email, row.actor_id),
        "" if row.user_id == row.actor_id else _person(row.about_name, row.about_email, row.user_id),
        row.number or "",
        row.address,
        {name: numbers.get(value, value) if name == REQUEST else value for name, value in row.detail.items()},
    )


def _person(name: str | None, email: str | None, user_id: int | None) -> str:
    """A deleted login leaves its number."""
    return name or email or (f"логин № {user_id}" if user_id is not None else "")
