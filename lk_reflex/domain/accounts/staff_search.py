"""Accounts by the beginning of a number or of a surname, or by an address, among those that the actor oversees."""

import re
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import Invalid
from lk_reflex.core.text import account_key, house_key, surname_key, visible
from lk_reflex.domain.accounts.buildings import find_places
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.identity.access import Actor, overseen

FIELD: Final = "search"
#: So many are shown; whoever looks for one types more.
MOST: Final = 50
LONGEST, SHORTEST_NUMBER, SHORTEST_NAME = 100, 3, 2
TOO_LONG = f"Не больше {LONGEST} знаков: номер лицевого счета, адрес или фамилия"
TOO_SHORT = "Введите хотя бы три цифры номера, две буквы фамилии или адрес: улицу и дом"
#: «…, 10 - 1010», «… 10 кв. 5», «…, 10, 5»: the flat after a house.
_FLAT = re.compile(r"^(?P<house>.*\d\w{0,2})\s*(?:[,\s]\s*кв(?:артира)?\.?|\s[-–—]|,)\s*(?P<flat>\d+\w{0,2})\s*$", re.I)
#: Behind every sign that a key may have.
_LAST: Final = "\U0010ffff"

_COLUMNS = (
    col(Account.id), col(Account.number), col(Account.flat), col(Account.surname), col(Account.first_name),
    col(Account.patronymic), col(Account.closed_on), col(Building.street), col(Building.house),
    col(Organization.name), col(Organization.short_name),
)  # fmt: skip
_MINE = (
    select(*_COLUMNS)
    .select_from(Account)
    # Outer joins though each has one: no planner may begin anywhere but at the accounts.
    .outerjoin(Building, col(Building.id) == col(Account.building_id))
    .outerjoin(Organization, col(Organization.id) == col(Account.organization_id))
    .where(overseen(col(Account.organization_id)))
    .limit(MOST + 1)
)


def _begins(key: Any) -> dict[str, Any]:
    """The condition that a key begins with `begins`: no sign of it is a wildcard. Each database by its index."""
    between = and_(key >= bindparam("begins"), key < bindparam("ends"))
    return {
        "sqlite": between,
        "postgresql": and_(key.op("~>=~")(bindparam("begins")), key.op("~<~")(bindparam("ends"))),
    }


def _by(key: Any) -> dict[str, Select[*tuple[Any, ...]]]:
    return {
        dialect: _MINE.where(condition).order_by(key, col(Account.id)) for dialect, condition in _begins(key).items()
    }


BY_NUMBER, BY_SURNAME = _by(col(Account.number_key)), _by(col(Account.surname_key))
_IN_HOUSE = _MINE.where(col(Account.building_id) == bindparam("building_id")).order_by(col(Account.id))
_IN_FLAT = _IN_HOUSE.where(col(Account.flat_key) == bindparam("flat_key"))


@dataclass(frozen=True, slots=True)
class FoundByStaff:
    """One account that was found."""

    account_id: int
    number: str
    address: str
    person: str
    organization: str
    closed: bool


@dataclass(frozen=True, slots=True)
class SearchedAccounts:
    """What was found, and whether there are more."""

    accounts: tuple[FoundByStaff, ...]
    more: bool


def search_accounts(db: Reader, actor: Actor, typed: str) -> SearchedAccounts:
    """Digits are the beginning of a number, letters that of a surname, both together an address.

    What is no surname's beginning is tried as a street. Raises Invalid for what is too long or too short.
    """
    text = visible(typed).replace("\0", "").strip()
    if len(text) > LONGEST:
        raise Invalid({FIELD: TOO_LONG})
    key = account_key(text)
    if key.isdigit():
        return _found(_beginning(db, actor, BY_NUMBER, key, SHORTEST_NUMBER))
    if any(char.isdigit() for char in text):
        rows = _at_address(db, actor, text)
        # Some organizations number with letters.
        return _found(rows or _beginning(db, actor, BY_NUMBER, key, SHORTEST_NUMBER))
    rows = _beginning(db, actor, BY_SURNAME, surname_key(text), SHORTEST_NAME)
    return _found(rows or _at_address(db, actor, text))


def _beginning(db: Reader, actor: Actor, by: dict[str, Select[*tuple[Any, ...]]], key: str, shortest: int) -> list[Any]:
    if len(key) < shortest:
        raise Invalid({FIELD: TOO_SHORT})
    return db.rows(by[db.connection.dialect.name], begins=key, ends=key + _LAST, **actor.overseeing)


def _at_address(db: Reader, actor: Actor, text: str) -> list[Any]:
    split = _FLAT.match(text)
    if split:
        flat_key, found = house_key(split["flat"]), []
        for place in find_places(db, split["house"]):
            found += db.rows(_IN_FLAT, building_id=place.building_id, flat_key=flat_key, **actor.overseeing)
        if found:
            return found
    found = []
    for place in find_places(db, text):
        found += db.rows(_IN_HOUSE, building_id=place.building_id, **actor.overseeing)
        if len(found) > MOST:
            break
    return found


def _found(rows: list[Any]) -> SearchedAccounts:
    return SearchedAccounts(tuple(map(_account, rows[:MOST])), len(rows) > MOST)


def _account(row: Any) -> FoundByStaff:
    return FoundByStaff(
        row.id, row.number, address_line(row.street, row.house, row.flat),
        " ".join(part for part in (row.surname, row.first_name, row.patronymic) if part),
        row.short_name or row.name, row.closed_on is not None,
    )  # fmt: skip
