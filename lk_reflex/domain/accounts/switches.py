"""Which sections and services an organization offers: everything, but for what an administrator has switched off."""

from collections.abc import Mapping
from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import Refused
from lk_reflex.domain.accounts.tables import OrganizationSwitch

SEALING, EMERGENCY, APPEAL = "sealing", "emergency", "appeal"
READINGS, PAYMENTS, DOCUMENTS = "readings", "payments", "documents"
#: In the order of the administrator's page.
SWITCHES: Final = (READINGS, PAYMENTS, DOCUMENTS, SEALING, EMERGENCY, APPEAL)
OFF = "Организация не принимает такие заявки через личный кабинет. Позвоните ей: телефон внизу страницы"

_ALL = select(col(OrganizationSwitch.name), col(OrganizationSwitch.is_on)).where(
    col(OrganizationSwitch.organization_id) == bindparam("organization_id")
)


def switches(db: Reader, organization_id: int) -> Mapping[str, bool]:
    """Every switch with its position; what was never touched is on."""
    known = {row.name: bool(row.is_on) for row in db.rows(_ALL, organization_id=organization_id)}
    return {name: known.get(name, True) for name in SWITCHES}


def require_on(db: Reader, organization_id: int, name: str, sentence: str = OFF) -> None:
    """Raises Refused with `sentence` where it is switched off."""
    if not switches(db, organization_id)[name]:
        raise Refused(sentence)
