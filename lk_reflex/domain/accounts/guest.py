"""Half an hour at one account's readings form for whoever knows its number, house and flat.

A guest is nobody in particular: a visit proves an account and no person. It is a row and a cookie, as a session is.
A visit that a reminder's link has opened is its addressee's, and worth only what that person may do at each call.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, bindparam, or_, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.access_tables import GuestVisit
from lk_reflex.domain.accounts.find import FoundAccount, alike
from lk_reflex.domain.accounts.linked import NOT_LINKED
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import lasting
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.identity.tokens import new_token, token_hash

LASTS = timedelta(minutes=30)
VISIT_OVER = "Форма показаний закрыта: прошло 30 минут или вы её завершили. Войдите ещё раз"


@dataclass(frozen=True, slots=True)
class Guest:
    """A live visit, read anew at each call. `at` is the moment of the call."""

    visit_id: int
    account_id: int
    expires_at: datetime
    at: datetime
    #: Whose letter's link opened the visit; None for a guest proper.
    user_id: int | None = None

    @property
    def visiting(self) -> dict[str, Any]:
        """The parameters of every query that holds `visited`."""
        return {"visit_id": self.visit_id, "visited_at": self.at}


@dataclass(frozen=True, slots=True)
class GuestAccount:
    """What a guest sees of the account: what was typed to get here, whose form it is, and where to ask."""

    number: str
    organization: str
    phone: str
    time_zone: str


def may_still_send(user_id: Any, account_id: Any, at: str) -> ColumnElement[bool]:
    """The condition that a person stands and may send readings for an account at the moment bound as `at`."""
    return (
        select(col(AccountLink.id))
        .join(User, col(User.id) == col(AccountLink.user_id))
        .where(
            col(AccountLink.user_id) == user_id,
            col(AccountLink.account_id) == account_id,
            lasting(at),
            col(AccountLink.may_send).is_(True),
            col(User.activated_at).is_not(None),
            col(User.blocked_at).is_(None),
            col(User.deleted_at).is_(None),
        )
        .exists()
    )


def _alive(at: str) -> tuple[ColumnElement[bool], ...]:
    by_link = may_still_send(col(GuestVisit.user_id), col(GuestVisit.account_id), at)
    return (
        col(GuestVisit.ended_at).is_(None),
        col(GuestVisit.expires_at) > bindparam(at, type_=UtcTime()),
        or_(col(GuestVisit.user_id).is_(None), by_link),
    )


_BY_TOKEN = select(
    col(GuestVisit.id), col(GuestVisit.account_id), col(GuestVisit.expires_at), col(GuestVisit.user_id)
).where(col(GuestVisit.token_hash) == bindparam("token_hash"), *_alive("now"))
_END = (
    update(GuestVisit)
    .where(col(GuestVisit.token_hash) == bindparam("of_token"), col(GuestVisit.ended_at).is_(None))
    .values(ended_at=bindparam("now"))
)
_TURN = (
    update(GuestVisit)
    .where(col(GuestVisit.id) == bindparam("of_visit"), col(GuestVisit.user_id).is_(None), *_alive("now"))
    .values(account_id=bindparam("to_account"))
)
_ACCOUNT = (
    select(
        col(Account.number),
        col(Organization.name),
        col(Organization.short_name),
        col(Organization.phone),
        col(Organization.time_zone),
    )
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(Account.id) == bindparam("account_id"))
)


def visited(account_id: Any) -> ColumnElement[bool]:
    """The condition that a live visit is to this account; the query is run with `**guest.visiting`."""
    return (
        select(col(GuestVisit.id))
        .where(
            col(GuestVisit.account_id) == account_id,
            col(GuestVisit.id) == bindparam("visit_id"),
            *_alive("visited_at"),
        )
        .exists()
    )


def open_visit(
    db: Writer, account_id: int, *, client: Client, now: datetime, user_id: int | None = None
) -> str:  # fmt: skip
    """Start a visit, `user_id`'s own or a guest's; returns the cookie's value, which is kept nowhere.

    The proof is the caller's.
    """
    token = new_token()
    db.add(
        GuestVisit(
            token_hash=token_hash(token),
            account_id=account_id,
            user_id=user_id,
            address=client.address[:64],
            created_at=now,
            expires_at=now + LASTS,
        )
    )
    if user_id is None:
        note(db, "guest-entered", now=now, account_id=account_id, address=client.address)
    return token


def guest_of(db: Reader, hashed: str, *, now: datetime) -> Guest | None:
    """The visit behind the hash of a cookie, or None where it has ended or never was."""
    row = db.first(_BY_TOKEN, token_hash=hashed, now=now) if hashed else None
    return None if row is None else Guest(row.id, row.account_id, row.expires_at, now, row.user_id)


def end_visit(db: Writer, hashed: str, *, now: datetime) -> None:
    """«Завершить»; quiet where it has ended already."""
    db.change(_END, of_token=hashed, now=now)


def guest_account(db: Reader, guest: Guest) -> GuestAccount:
    """The account of the visit as its guest may see it."""
    row = db.first(_ACCOUNT, account_id=guest.account_id)
    if row is None:
        raise NotFound(NOT_LINKED)
    return GuestAccount(row.number, row.short_name or row.name, row.phone, row.time_zone)


def accounts_of_guest(db: Reader, guest: Guest) -> list[FoundAccount]:
    """All accounts that the guest's number, house and flat name: several organizations may number alike.

    A letter's link opens its own account alone, so the others are left out.
    """
    found = alike(db, guest.account_id)
    return found if guest.user_id is None else [one for one in found if one.account_id == guest.account_id]


def turn_to(db: Writer, guest: Guest, account_id: int, *, now: datetime) -> Guest:
    """Go on with another organization's account of the same number, house and flat; returns the visit to it.

    Raises NotFound for any other account, Refused where the visit has ended meanwhile.
    """
    if account_id not in (account.account_id for account in accounts_of_guest(db, guest)):
        raise NotFound(NOT_LINKED)
    if db.change(_TURN, of_visit=guest.visit_id, to_account=account_id, now=now) != 1:
        raise Refused(VISIT_OVER)
    return replace(guest, account_id=account_id)
