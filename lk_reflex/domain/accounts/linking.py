"""The second step of linking: an account that was found is earned by the surname of its owner or tenant."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Writer
from lk_reflex.core.errors import DomainError, Invalid, NotFound
from lk_reflex.core.schema import UtcTime
from lk_reflex.core.text import in_latin, surname_fault, surname_key
from lk_reflex.domain.accounts import link_limits as limits
from lk_reflex.domain.accounts.find import find_accounts
from lk_reflex.domain.accounts.holding import hold
from lk_reflex.domain.accounts.link_letters import linked_letter, paused_letter
from lk_reflex.domain.accounts.linked import NOT_LINKED
from lk_reflex.domain.accounts.look_up import Place
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.accounts.watchers import watchers
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.esia.bindings import binding_of
from lk_reflex.domain.identity.tables import AccountLink
from lk_reflex.domain.mail.outbox import queue

WRONG_SURNAME = (
    "Фамилия не совпадает с фамилией собственника или нанимателя. Введите её, как в квитанции, без имени и отчества"
)

_ACCOUNT = (
    select(
        col(Account.id),
        col(Account.number),
        col(Account.surname),
        col(Account.surname_key),
        col(Account.closed_on),
        col(Organization.name),
        col(Organization.short_name),
        col(Organization.phone),
    )
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(Account.id) == bindparam("account"))
)
_LINK = select(col(AccountLink.id), col(AccountLink.grant_id)).where(
    col(AccountLink.user_id) == bindparam("user"), col(AccountLink.account_id) == bindparam("account")
)
_WIDEN = (
    update(AccountLink)
    .where(col(AccountLink.id) == bindparam("link"))
    .values(
        grant_id=None, may_send=True, may_pay=True, ends_at=None, linked_at=bindparam("now", type_=UtcTime())
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Linked:
    """An account that the person has linked, now or before (`already`)."""

    account_id: int
    number: str
    closed_on: date | None
    already: bool = False


def link_by_surname(
    database: Database, actor: Actor, place: Place, account_id: int, surname: str, *, client: Client, site: str,
    now: datetime,
) -> Linked:  # fmt: skip
    """Link an account of that place to whoever knows the surname; those who see it already are told by a letter.

    A surname that can't be one (empty, Latin letters, digits) isn't counted as a try. Raises Invalid (surname),
    NotFound where the place doesn't name the account, Refused during a pause.
    """
    fault = surname_fault(surname)
    if fault and not in_latin(surname):
        raise Invalid({"surname": fault})
    outcome = database.write(_link, actor, place, account_id, surname, client=client, site=site, now=now)
    if isinstance(outcome, DomainError):
        raise outcome
    return outcome


def _link(
    db: Writer, actor: Actor, place: Place, account_id: int, surname: str, *, client: Client, site: str, now: datetime
) -> Linked | DomainError:
    """Answers with the refusal instead of raising it where the counted tries have to outlive it."""
    if account_id not in {found.account_id for found in find_accounts(db, place.number, place.house, place.flat)}:
        raise NotFound(NOT_LINKED)
    hold(db, account_id)
    account = db.first(_ACCOUNT, account=account_id)
    assert account is not None
    link = db.first(_LINK, user=actor.user_id, account=account_id)
    if link is not None and link.grant_id is None:
        return Linked(account_id, account.number, account.closed_on, already=True)
    if in_latin(surname) and not in_latin(account.surname):
        return Invalid({"surname": surname_fault(surname) or WRONG_SURNAME})
    binding = binding_of(db, actor.user_id)
    vouched = binding is not None and binding.confirms(account.surname_key)
    if not vouched and (refusal := limits.pause_of(db, actor, account, client, now=now)):
        return refusal
    if surname_key(surname) != account.surname_key:
        if not vouched and limits.note_wrong_surname(db, actor, account_id, client, now=now):
            for watcher in watchers(db, account_id, at=now):
                queue(db, watcher, paused_letter(site, account.number), kind="link-paused", now=now)
            return limits.paused(db, account, now=now)
        return Invalid({"surname": WRONG_SURNAME})
    limits.forget_surnames(db, account_id)
    told = watchers(db, account_id, at=now, but={actor.user_id})
    _put(db, actor, account_id, link, now=now)
    for watcher in told:
        queue(db, watcher, linked_letter(site, account.number, actor.email), kind="linked", now=now)
    note(
        db, "account-linked", now=now, actor_id=actor.user_id, user_id=actor.user_id, account_id=account_id,
        address=client.address, vouched=vouched,
    )  # fmt: skip
    return Linked(account_id, account.number, account.closed_on)


def _put(db: Writer, actor: Actor, account_id: int, link: object | None, *, now: datetime) -> None:
    """A new link, or a granted one made the person's own."""
    if link is None:
        db.add(AccountLink(user_id=actor.user_id, account_id=account_id, linked_at=now))
    else:
        db.change(_WIDEN, link=link.id, now=now)  # pyright: ignore[reportAttributeAccessIssue]
