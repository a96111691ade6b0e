"""An account as staff look it up: the proof that the actor oversees it, and who sees it beside them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, lasting, overseen
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.mail.masks import masked_email

NO_ACCOUNT = "Такого лицевого счета нет среди тех, с которыми вы работаете"
#: What the audit log calls a look at somebody's account.
SEEN = "account-seen"

_ACCOUNT = (
    select(
        col(Account.id), col(Account.number), col(Account.flat), col(Account.surname), col(Account.first_name),
        col(Account.patronymic), col(Account.area), col(Account.residents), col(Account.closed_on),
        col(Building.street), col(Building.house), col(Organization.id).label("organization_id"),
        col(Organization.name), col(Organization.short_name), col(Organization.phone), col(Organization.time_zone),
        col(Organization.due_day),
    )
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(Account.id) == bindparam("account_id"), overseen(col(Account.organization_id)))
)  # fmt: skip
_LOGINS = (
    select(col(User.email), col(AccountLink.linked_at), col(AccountLink.grant_id), col(AccountLink.ends_at))
    .join(User, col(User.id) == col(AccountLink.user_id))
    .where(col(AccountLink.account_id) == bindparam("account_id"), col(User.deleted_at).is_(None), lasting("now"))
    .order_by(col(AccountLink.id))
)


@dataclass(frozen=True, slots=True)
class OverseenAccount:
    """The proof that staff may look at an account; made by `overseen_account` alone. `area` in thousandths of m²."""

    account_id: int
    number: str
    address: str
    person: str
    organization_id: int
    organization: str
    phone: str
    time_zone: str
    due_day: int
    closed_on: date | None
    area: int | None
    residents: int | None


@dataclass(frozen=True, slots=True)
class LinkedLogin:
    """Somebody who sees the account; `granted`: by a holder's leave, perhaps until a moment."""

    email: str
    linked_at: datetime
    granted: bool
    ends_at: datetime | None


def overseen_account(db: Reader, actor: Actor, account_id: int) -> OverseenAccount:
    """The account, for whoever works for its organization. Raises NotFound for everybody else."""
    row = db.first(_ACCOUNT, account_id=account_id, **actor.overseeing)
    if row is None:
        raise NotFound(NO_ACCOUNT)
    return _account(row)


def note_account_seen(db: Writer, actor: Actor, account_id: int, view: str, *, now: datetime) -> OverseenAccount:
    """The same, with an entry in the audit log of what was looked at: «all», or a month «2026-10»."""
    seen = overseen_account(db, actor, account_id)
    note(db, SEEN, now=now, actor_id=actor.user_id, account_id=seen.account_id, view=view)
    return seen


def logins_of(db: Reader, account: OverseenAccount, *, now: datetime) -> tuple[LinkedLogin, ...]:
    """Who sees the account, their addresses masked."""
    rows = db.rows(_LOGINS, account_id=account.account_id, now=now)
    return tuple(LinkedLogin(masked_email(row.email), row.linked_at, bool(row.grant_id), row.ends_at) for row in rows)


def _account(row: Any) -> OverseenAccount:
    return OverseenAccount(
        account_id=row.id,
        number=row.number,
        address=address_line(row.street, row.house, row.flat),
        person=" ".join(part for part in (row.surname, row.first_name, row.patronymic) if part),
        organization_id=row.organization_id,
        organization=row.short_name or row.name,
        phone=row.phone,
        time_zone=row.time_zone,
        due_day=row.due_day,
        closed_on=row.closed_on,
        area=row.area,
        residents=row.residents,
    )
