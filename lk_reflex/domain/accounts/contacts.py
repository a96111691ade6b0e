"""How to reach the organizations of this installation: public, for people who aren't signed in as well."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.text import fold
from lk_reflex.domain.accounts.tables import Organization

_ALL = select(col(Organization.name), col(Organization.short_name), col(Organization.phone), col(Organization.address))


@dataclass(frozen=True, slots=True)
class Contact:
    """One organization; `phone` and `address` are empty where billing hasn't told them."""

    name: str
    phone: str
    address: str


def contacts(db: Reader) -> list[Contact]:
    """All organizations in the order of their names."""
    found = [Contact(row.short_name or row.name, row.phone, row.address) for row in db.rows(_ALL)]
    # Sorted here: the databases disagree about Cyrillic letters.
    return sorted(found, key=lambda contact: fold(contact.name))
