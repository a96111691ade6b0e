"""The first step of linking: number, house and flat, all three together."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.core.text import account_key, house_key
from lk_reflex.domain.accounts import link_limits as limits
from lk_reflex.domain.accounts.find import NOT_FOUND, FoundAccount, find_accounts
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tables import AccountLink

NO_NUMBER = "Введите номер лицевого счета: он указан в квитанции"
NO_HOUSE = "Введите номер дома, например 10, 10А или 10/1"
NO_SUCH = f"{NOT_FOUND} Если всё совпадает, обратитесь в вашу управляющую (ресурсоснабжающую) компанию."

_CLOSED = select(col(Account.closed_on)).where(col(Account.id) == bindparam("account"))
_OWN = select(col(AccountLink.account_id)).where(
    col(AccountLink.user_id) == bindparam("user"), col(AccountLink.grant_id).is_(None)
)


@dataclass(frozen=True, slots=True)
class Place:
    """What stands on a receipt, as typed."""

    number: str
    house: str
    flat: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An account that the typed place names; `linked`: the person has it already."""

    account_id: int
    number: str
    address: str
    organization: str
    closed_on: date | None
    linked: bool


def look_up(database: Database, actor: Actor, place: Place, *, client: Client, now: datetime) -> tuple[Candidate, ...]:
    """The accounts that number, house and flat name together; what is wrong is never told apart.

    Raises Invalid (number, house) for empty fields, NotFound where nothing matches, Refused during a pause.
    """
    faults = {}
    if not account_key(place.number):
        faults["number"] = NO_NUMBER
    if not house_key(place.house):
        faults["house"] = NO_HOUSE
    if faults:
        raise Invalid(faults)
    found = database.write(_look_up, actor, place, client, now=now)
    if not found:
        raise NotFound(NO_SUCH)
    return found


def _look_up(db: Writer, actor: Actor, place: Place, client: Client, *, now: datetime) -> tuple[Candidate, ...]:
    counted = limits.of_finding(actor, client, place.number)
    limits.refuse_while_waiting(db, counted, now=now)
    found = find_accounts(db, place.number, place.house, place.flat)
    if not found:
        limits.note_misses(db, counted, now=now)
    own = {row.account_id for row in db.rows(_OWN, user=actor.user_id)}
    return tuple(_candidate(db, account, account.account_id in own) for account in found)


def _candidate(db: Reader, found: FoundAccount, linked: bool) -> Candidate:
    closed_on = db.value(_CLOSED, account=found.account_id)
    return Candidate(found.account_id, found.number, found.address, found.organization, closed_on, linked)
