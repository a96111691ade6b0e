"""Finding an account by what stands on its receipt: number, house and flat, all three together.

Linking an account and readings without registration ask the same question; what is wrong is never told apart.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.text import account_key, house_key
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization

NOT_FOUND = (
    "Лицевой счет с таким номером, домом и квартирой не найден. Сверьте все три поля с квитанцией. "
    "Введите только номер дома, например 10 или 10А, без улицы; в многоквартирном доме нужна и квартира."
)

_FOUND = (
    select(
        col(Account.id).label("account_id"),
        col(Account.number),
        col(Building.street),
        col(Building.house),
        col(Account.flat),
        col(Organization.id).label("organization_id"),
        col(Organization.name),
        col(Organization.short_name),
    )
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(
        col(Account.number_key) == bindparam("number_key"),
        col(Building.house_key) == bindparam("house_key"),
        col(Account.flat_key) == bindparam("flat_key"),
    )
    .order_by(col(Account.id))
)
_KEYS = (
    select(col(Account.number_key), col(Building.house_key), col(Account.flat_key))
    .join(Building, col(Building.id) == col(Account.building_id))
    .where(col(Account.id) == bindparam("account_id"))
)


@dataclass(frozen=True, slots=True)
class FoundAccount:
    """An account that number, house and flat name; `address` is without the owner's name."""

    account_id: int
    number: str
    address: str
    organization_id: int
    organization: str


def find_accounts(db: Reader, number: str, house: str, flat: str) -> list[FoundAccount]:
    """The accounts meant by what was typed, of several organizations where they number alike; none is an empty list.

    A private house has no flat: the field is empty there.
    """
    keys = {"number_key": account_key(number), "house_key": house_key(house), "flat_key": house_key(flat)}
    if not keys["number_key"] or not keys["house_key"]:
        return []
    return [_found(row) for row in db.rows(_FOUND, **keys)]


def alike(db: Reader, account_id: int) -> list[FoundAccount]:
    """The account and all others that the same number, house and flat name."""
    keys = db.first(_KEYS, account_id=account_id)
    return [] if keys is None else [_found(row) for row in db.rows(_FOUND, **keys._asdict())]


def _found(row: Any) -> FoundAccount:
    return FoundAccount(
        row.account_id,
        row.number,
        address_line(row.street, row.house, row.flat),
        row.organization_id,
        row.short_name or row.name,
    )
