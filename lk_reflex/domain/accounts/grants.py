"""Access for a relative to one account: given to an e-mail by whoever linked the account, taken back at any time.

A grant is a promise to an address; it becomes a link as soon as a login proves to be behind that address.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.accounts.holding import hold
from lk_reflex.domain.accounts.link_letters import closed_letter
from lk_reflex.domain.accounts.settling import end_grant, living, settle
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.mail.outbox import queue

NO_GRANT = "Этого доступа уже нет: обновите страницу"


@dataclass(frozen=True, slots=True)
class Grant:
    """A living access that a person gave; it looks the same whether or not the relative has a login."""

    grant_id: int
    account_id: int
    email: str
    name: str
    may_send: bool
    may_pay: bool
    ends_at: datetime | None


_GIVEN = (
    select(
        col(AccountGrant.id),
        col(AccountGrant.account_id),
        col(AccountGrant.email),
        col(AccountGrant.name),
        col(AccountGrant.may_send),
        col(AccountGrant.may_pay),
        col(AccountGrant.ends_at),
    )
    .where(col(AccountGrant.granted_by) == bindparam("giver"), *living("at"))
    .order_by(col(AccountGrant.id))
)
_GIVEN_FOR = _GIVEN.where(col(AccountGrant.account_id) == bindparam("account"))
_PROMISED = (
    select(col(AccountGrant.account_id))
    .join(User, col(User.email_key) == col(AccountGrant.email_key))
    .where(col(User.id) == bindparam("user"), *living("at"))
    .distinct()
    .order_by(col(AccountGrant.account_id))
)
#: The address a grant of the user's was given to, where the login has another one by now.
_LEFT_BEHIND = (
    select(
        col(AccountGrant.account_id), col(AccountGrant.email_key).label("old_key"), col(User.email), col(User.email_key)
    )
    .join(AccountLink, col(AccountLink.grant_id) == col(AccountGrant.id))
    .join(User, col(User.id) == col(AccountLink.user_id))
    .where(col(User.id) == bindparam("user"), col(AccountGrant.email_key) != col(User.email_key))
)
_FOLLOW = (
    update(AccountGrant)
    .where(col(AccountGrant.account_id) == bindparam("account"), col(AccountGrant.email_key) == bindparam("old_key"))
    .values(email=bindparam("new_email"), email_key=bindparam("new_key"))
)
_ONE_GIVEN = (
    select(
        col(AccountGrant.account_id), col(AccountGrant.email), col(AccountGrant.ends_at), col(Account.number),
        col(Organization.name), col(Organization.short_name),
    )
    .select_from(AccountGrant)
    .join(Account, col(Account.id) == col(AccountGrant.account_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(AccountGrant.id) == bindparam("grant"), col(AccountGrant.granted_by) == bindparam("giver"))
)  # fmt: skip


def grants_given(db: Reader, actor: Actor) -> list[Grant]:
    """Every living access that the person gave, oldest first."""
    return [Grant(*row) for row in db.rows(_GIVEN, giver=actor.user_id, at=actor.at)]


def take_up(db: Writer, user_id: int, *, now: datetime) -> int:
    """Turn what was promised to the user's e-mail into links; returns how many accounts came to be seen.

    For whoever activates or makes a login, or confirms a new e-mail, in the same transaction.
    """
    _follow(db, user_id)
    accounts = [row.account_id for row in db.rows(_PROMISED, user=user_id, at=now)]
    return sum(_settle_one(db, user_id, account, now=now) for account in accounts)


def _follow(db: Writer, user_id: int) -> None:
    """What was promised to a person's former address follows the person: nobody else who gets that address has it."""
    for row in db.rows(_LEFT_BEHIND, user=user_id):
        hold(db, row.account_id)
        db.change(_FOLLOW, account=row.account_id, old_key=row.old_key, new_email=row.email, new_key=row.email_key)


def revoke_grant(db: Writer, actor: Actor, grant_id: int, *, client: Client, site: str, now: datetime) -> int:
    """Take an access back and tell the relative; returns its account. A second press changes and sends nothing.

    Raises NotFound for another's grant.
    """
    grant = db.first(_ONE_GIVEN, grant=grant_id, giver=actor.user_id)
    if grant is None:
        raise NotFound(NO_GRANT)
    hold(db, grant.account_id)
    if not end_grant(db, actor.user_id, grant_id, now=now):
        return grant.account_id
    if grant.ends_at is None or grant.ends_at > now:
        letter = closed_letter(site, grant.number, grant.short_name or grant.name, actor.email)
        queue(db, grant.email, letter, kind="access-closed", now=now)
    note(
        db, "access-revoked", now=now, actor_id=actor.user_id, account_id=grant.account_id, address=client.address,
        grant=grant_id,
    )  # fmt: skip
    return grant.account_id


def end_grants_given(db: Writer, user_id: int, account_id: int, *, now: datetime) -> int:
    """Take back all that a person gave for an account; returns how many."""
    given = db.rows(_GIVEN_FOR, giver=user_id, account=account_id, at=now)
    return sum(end_grant(db, user_id, row.id, now=now) for row in given)


def _settle_one(db: Writer, user_id: int, account_id: int, *, now: datetime) -> bool:
    hold(db, account_id)
    taken = settle(db, user_id, account_id, now=now)
    if taken:
        note(db, "access-taken-up", now=now, actor_id=user_id, user_id=user_id, account_id=account_id)
    return taken
