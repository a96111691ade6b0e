"""Whom a payment goes to: an organization's bank details, and the columns that they are read from."""

from dataclasses import dataclass

from sqlmodel import col

from lk_reflex.domain.accounts.tables import Organization


@dataclass(frozen=True, slots=True)
class Payee:
    """The details as billing gave them; in the order of PAYEE_COLUMNS."""

    name: str
    inn: str
    kpp: str
    bank_account: str
    bank: str
    bic: str
    correspondent_account: str
    phone: str


PAYEE_COLUMNS = (
    col(Organization.name),
    col(Organization.inn),
    col(Organization.kpp),
    col(Organization.bank_account),
    col(Organization.bank),
    col(Organization.bic),
    col(Organization.correspondent_account),
    col(Organization.phone),
)
