"""The accounts that a person has linked, and which of them is chosen."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.switches import anything_off, sections_off
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.identity.access import CHOSEN_FIRST, Actor, lasting
from lk_reflex.domain.identity.tables import AccountLink

NO_ACCOUNTS = "К аккаунту не привязаны лицевые счета!"
NOT_LINKED = "Этот лицевой счет не привязан к вашему личному кабинету"


@dataclass(frozen=True, slots=True)
class LinkedAccount:
    """One linked account as its owner sees it; `address` is «УЛ. КЫШТЫМСКАЯ, 10 - 1010»."""

    account_id: int
    number: str
    address: str
    organization_id: int
    organization: str
    phone: str
    takes_payments: bool
    due_day: int
    time_zone: str
    closed_on: date | None
    may_send: bool = True
    may_pay: bool = True
    #: The sections that its organization does without; told of the chosen account alone.
    off: tuple[str, ...] = ()


_COLUMNS = (
    col(Account.id),
    col(Account.number),
    col(Building.street),
    col(Building.house),
    col(Account.flat),
    col(Organization.id).label("organization_id"),
    col(Organization.name).label("organization"),
    col(Organization.short_name),
    col(Organization.phone),
    col(Organization.takes_payments),
    col(Organization.due_day),
    col(Organization.time_zone),
    col(Account.closed_on),
    col(AccountLink.may_send),
    col(AccountLink.may_pay),
)
_LINKED = (
    select(*_COLUMNS)
    .select_from(AccountLink)
    .join(Account, col(Account.id) == col(AccountLink.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(AccountLink.user_id) == bindparam("user_id"), lasting())
    .order_by(*CHOSEN_FIRST)
)
# Whether there is anything to ask for comes along: the few organizations that do without a section cost a query more.
_CHOSEN = _LINKED.add_columns(anything_off(col(Organization.id)).label("lacks")).limit(1)
_CHOOSE = (
    update(AccountLink)
    .where(
        col(AccountLink.user_id) == bindparam("of_user"),
        col(AccountLink.account_id) == bindparam("of_account"),
        lasting("now"),
    )
    .values(chosen_at=bindparam("now"))
)


def address_line(street: str, house: str, flat: str) -> str:
    """«УЛ. КЫШТЫМСКАЯ, 10 - 1010»; without a flat for a private house."""
    return f"{street}, {house} - {flat}" if flat else f"{street}, {house}"


def linked_accounts(db: Reader, actor: Actor) -> list[LinkedAccount]:
    """All of the person's accounts, the chosen one first."""
    return [_account(row) for row in db.rows(_LINKED, **actor.owning)]


def chosen_account(db: Reader, actor: Actor) -> LinkedAccount | None:
    """The account that every section shows, or None where nothing is linked."""
    row = db.first(_CHOSEN, **actor.owning)
    if row is None:
        return None
    account = _account(row)
    return replace(account, off=sections_off(db, account.organization_id)) if row.lacks else account


def choose_account(db: Writer, actor: Actor, account_id: int, *, now: datetime) -> None:
    """Make it the chosen one, for all tabs and the next visit. Raises NotFound for an account not linked."""
    if db.change(_CHOOSE, of_user=actor.user_id, of_account=account_id, now=now) != 1:
        raise NotFound(NOT_LINKED)


def link_account(db: Writer, user_id: int, account_id: int, *, now: datetime) -> None:
    """Give a person an account; the checks that earn it are the caller's."""
    db.add(AccountLink(user_id=user_id, account_id=account_id, linked_at=now))


def _account(row: Any) -> LinkedAccount:
    return LinkedAccount(
        account_id=row.id,
        number=row.number,
        address=address_line(row.street, row.house, row.flat),
        organization_id=row.organization_id,
        organization=row.short_name or row.organization,
        phone=row.phone,
        takes_payments=bool(row.takes_payments),
        due_day=row.due_day,
        time_zone=row.time_zone,
        closed_on=row.closed_on,
        may_send=bool(row.may_send),
        may_pay=bool(row.may_pay),
    )
