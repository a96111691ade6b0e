"""Which sections and services an organization offers: everything, but for what an administrator has switched off."""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import Refused
from lk_reflex.domain.accounts.tables import OrganizationSwitch

SEALING, EMERGENCY, APPEAL = "sealing", "emergency", "appeal"
CHARGES, ACCRUALS, PAYMENTS, DOCUMENTS = "charges", "accruals", "payments", "documents"
READINGS, METERS = "readings", "meters"
#: The sections of the cabinet that an organization may do without.
SECTIONS: Final = (CHARGES, ACCRUALS, PAYMENTS, DOCUMENTS, READINGS, METERS)
#: In the order of the administrator's page.
SWITCHES: Final = (*SECTIONS, SEALING, EMERGENCY, APPEAL)
OFF = "Организация не принимает такие заявки через личный кабинет. Позвоните ей: телефон внизу страницы"

_ALL = select(col(OrganizationSwitch.name), col(OrganizationSwitch.is_on)).where(
    col(OrganizationSwitch.organization_id) == bindparam("organization_id")
)


def switched_off(organization_id: Any, name: str) -> ColumnElement[bool]:
    """The condition that the organization of a query's row has switched a thing off."""
    return (
        select(col(OrganizationSwitch.name))
        .where(
            col(OrganizationSwitch.organization_id) == organization_id,
            col(OrganizationSwitch.name) == name,
            col(OrganizationSwitch.is_on).is_(False),
        )
        .exists()
    )


def anything_off(organization_id: Any) -> ColumnElement[bool]:
    """The condition that it has switched anything off."""
    of_it = (col(OrganizationSwitch.organization_id) == organization_id, col(OrganizationSwitch.is_on).is_(False))
    return select(col(OrganizationSwitch.name)).where(*of_it).exists()


def sections_off(db: Reader, organization_id: int) -> tuple[str, ...]:
    """The sections that it does without."""
    known = switches(db, organization_id)
    return tuple(name for name in SECTIONS if not known[name])


def switches(db: Reader, organization_id: int) -> Mapping[str, bool]:
    """Every switch with its position; what was never touched is on."""
    known = {row.name: bool(row.is_on) for row in db.rows(_ALL, organization_id=organization_id)}
    return {name: known.get(name, True) for name in SWITCHES}


def require_on(db: Reader, organization_id: int, name: str, sentence: str = OFF) -> None:
    """Raises Refused with `sentence` where it is switched off."""
    if not switches(db, organization_id)[name]:
        raise Refused(sentence)
