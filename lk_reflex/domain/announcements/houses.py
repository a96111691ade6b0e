"""The houses of an organization, by street: what an announcement's places are chosen from, and whom they hold."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.text import fold, house_key, visible
from lk_reflex.domain.accounts.tables import Account, Building
from lk_reflex.domain.identity.access import Actor, overseen

#: So many streets or houses a search shows; whoever looks for one types more.
MOST: Final = 40
LONGEST: Final = 100

_OPEN = col(Account.closed_on).is_(None)
_OF = (col(Account.organization_id) == bindparam("organization_id"), overseen(bindparam("organization_id")))
_HELD = select(col(Account.id)).where(col(Account.building_id) == col(Building.id), *_OF).exists()
_STREETS = select(col(Building.city), col(Building.street), func.count().label("houses")).where(_HELD)
_BY_STREET = _STREETS.group_by(col(Building.city), col(Building.street))
_OF_STREET = (
    select(col(Building.id), col(Building.city), col(Building.street), col(Building.house), col(Building.house_key))
    .where(col(Building.street) == bindparam("street"), col(Building.city) == bindparam("city"), _HELD)
    .order_by(col(Building.id))
)
_NAMED = (
    select(col(Building.id), col(Building.city), col(Building.street), col(Building.house), col(Building.house_key))
    .where(col(Building.id).in_(bindparam("houses", expanding=True)), _HELD)
    .order_by(col(Building.street), col(Building.id))
)
_ALL_ACCOUNTS = select(func.count()).select_from(Account).where(*_OF, _OPEN)
_ACCOUNTS_IN = _ALL_ACCOUNTS.where(col(Account.building_id).in_(bindparam("houses", expanding=True)))


@dataclass(frozen=True, slots=True)
class Street:
    """A street where the organization has accounts."""

    city: str
    name: str
    houses: int


@dataclass(frozen=True, slots=True)
class House:
    """A house where the organization has accounts."""

    building_id: int
    address: str


def streets_like(db: Reader, actor: Actor, organization_id: int, typed: str) -> tuple[Street, ...]:
    """The organization's streets that have the words typed in their names; no sign of them is a wildcard."""
    words = fold(visible(typed)[:LONGEST]).split()
    rows = db.rows(_BY_STREET, organization_id=organization_id, **actor.overseeing) if words else []
    found = [Street(row.city, row.street, row.houses) for row in rows if _holds(row, words)]
    return tuple(sorted(found, key=lambda one: (one.name, one.city))[:MOST])


def houses_of_street(db: Reader, actor: Actor, organization_id: int, street: Street) -> tuple[House, ...]:
    """All of the organization's houses of a street, in the order of their numbers."""
    rows = db.rows(
        _OF_STREET, organization_id=organization_id, street=street.name, city=street.city, **actor.overseeing
    )  # fmt: skip
    return tuple(_house(row) for row in sorted(rows, key=_by_number))


def houses_named(db: Reader, actor: Actor, organization_id: int, houses: Collection[int]) -> tuple[House, ...]:
    """Those of these houses that are the organization's."""
    if not houses:
        return ()
    given = {"organization_id": organization_id, "houses": sorted(houses), **actor.overseeing}
    return tuple(_house(row) for row in db.connection.execute(_NAMED, given))


def how_many(db: Reader, actor: Actor, organization_id: int, houses: Collection[int]) -> int:
    """How many open accounts an announcement concerns; all of the organization's for no houses."""
    given = {"organization_id": organization_id, **actor.overseeing}
    if not houses:
        return int(db.value(_ALL_ACCOUNTS, **given) or 0)
    return int(db.connection.execute(_ACCOUNTS_IN, {**given, "houses": sorted(houses)}).scalar() or 0)


def _holds(row: Any, words: list[str]) -> bool:
    name = fold(f"{row.city} {row.street}")
    return all(word in name for word in words)


def _house(row: Any) -> House:
    return House(row.id, ", ".join(part for part in (row.city, row.street, row.house) if part))


def _by_number(row: Any) -> tuple[int, str]:
    key = row.house_key or house_key(row.house)
    digits = "".join(char for char in key.partition("/")[0] if char.isdigit())
    return (int(digits[:9]) if digits else 0, key)
