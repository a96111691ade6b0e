"""Giving a relative access to an account: what is asked for, who may, and the letters."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Writer
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.text import email_key
from lk_reflex.domain.accounts.access_tables import AccountGrant
from lk_reflex.domain.accounts.grants import grants_given
from lk_reflex.domain.accounts.holding import hold
from lk_reflex.domain.accounts.link_letters import Rights, given_letter, shared_letter
from lk_reflex.domain.accounts.linked import NOT_LINKED
from lk_reflex.domain.accounts.settling import end_grant, settle
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.accounts.watchers import watchers
from lk_reflex.domain.accounts.wishes import Wish, end_of, read_wish
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.mail.outbox import queue

MOST = 10
TOO_MANY = f"К одному лицевому счету можно открыть не больше {MOST} доступов. Закройте ненужный и повторите."
PAUSE = "Вы уже открыли много доступов."
_DAY = timedelta(days=1)
#: Each is a letter to somebody who may not want it.
BY_USER = Limit("access:user", 20, longest=_DAY, window=_DAY, first=timedelta(hours=1))
TO_ADDRESS = Limit("access:address", 5, longest=_DAY, window=_DAY, first=timedelta(hours=1))

_OWN = (
    select(col(Account.number), col(Organization.name), col(Organization.short_name), col(Organization.time_zone))
    .select_from(AccountLink)
    .join(Account, col(Account.id) == col(AccountLink.account_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(
        col(AccountLink.user_id) == bindparam("user"),
        col(AccountLink.account_id) == bindparam("account"),
        col(AccountLink.grant_id).is_(None),
    )
)
_BY_EMAIL = select(col(User.id)).where(
    col(User.email_key) == bindparam("email_key"), col(User.activated_at).is_not(None), col(User.blocked_at).is_(None)
)


def give_access(
    db: Writer, actor: Actor, account_id: int, wish: Wish, *, client: Client, site: str, now: datetime
) -> Rights:
    """Let whoever is behind an e-mail see the account; a second time for the same address replaces the first.

    Raises NotFound where the account isn't linked by the actor's own proof, Invalid (email, name, ends_on), Refused.
    """
    hold(db, account_id)
    account = db.first(_OWN, user=actor.user_id, account=account_id)
    if account is None:
        raise NotFound(NOT_LINKED)
    email, name, until = read_wish(wish, actor, local_date(now, account.time_zone))
    limits = ((BY_USER, str(actor.user_id)), (TO_ADDRESS, email_key(email)))
    attempts.refuse_while_waiting(db, limits, PAUSE, now=now)
    attempts.note_misses(db, limits, now=now)
    _make_room(db, actor, account_id, email, now=now)
    grant = AccountGrant(
        account_id=account_id, granted_by=actor.user_id, email=email, email_key=email_key(email), name=name,
        may_send=wish.may_send, may_pay=wish.may_pay, created_at=now, ends_at=end_of(until, account.time_zone),
    )  # fmt: skip
    db.add(grant)
    user = db.value(_BY_EMAIL, email_key=grant.email_key)
    if user is not None:
        settle(db, user, account_id, now=now)
    rights = Rights(wish.may_send, wish.may_pay, until)
    organization = account.short_name or account.name
    queue(db, email, given_letter(site, account.number, organization, actor.email, rights), kind="access", now=now)
    # The giver, too: whoever got hold of an open session must not share the account unnoticed.
    for watcher in watchers(db, account_id, at=now, but={user}, own=True):
        letter = shared_letter(site, account.number, actor.email, email, rights)
        queue(db, watcher, letter, kind="access-watch", now=now)
    note(
        db, "access-given", now=now, actor_id=actor.user_id, account_id=account_id, address=client.address,
        grant=grant.id, may_send=wish.may_send, may_pay=wish.may_pay,
    )  # fmt: skip
    return rights


def _make_room(db: Writer, actor: Actor, account_id: int, email: str, *, now: datetime) -> None:
    """End what the same address was given before; there must be room for one more."""
    given = [grant for grant in grants_given(db, actor) if grant.account_id == account_id]
    same = [grant for grant in given if email_key(grant.email) == email_key(email)]
    if len(given) - len(same) >= MOST:
        raise Refused(TOO_MANY)
    for grant in same:
        end_grant(db, actor.user_id, grant.grant_id, now=now)
