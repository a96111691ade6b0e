"""How to reach the organizations of this installation: public, for people who aren't signed in as well."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.text import fold
from lk_reflex.domain.accounts.tables import Organization

_ALL = select(col(Organization.name), col(Organization.short_name), col(Organization.phone), col(Organization.address))
_TWO = _ALL.limit(2)


@dataclass(frozen=True, slots=True)
class Contact:
    """One organization; `phone` and `address` are empty where billing hasn't told them."""

    name: str
    phone: str
    address: str


def contacts(db: Reader) -> list[Contact]:
    """All organizations in the order of their names."""
    # Sorted here: the databases disagree about Cyrillic letters.
    return sorted((_contact(row) for row in db.rows(_ALL)), key=lambda contact: fold(contact.name))


def only_contact(db: Reader) -> Contact | None:
    """The organization whom everybody asks; None where there are several, or none."""
    found = db.rows(_TWO)
    return _contact(found[0]) if len(found) == 1 else None


def _contact(row: Any) -> Contact:
    return Contact(row.short_name or row.name, row.phone, row.address)
