"""Texts of an organization's own, which an administrator writes in the place of the cabinet's."""

from typing import Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.tables import OrganizationText

#: The regulation of applications for sealing, in the marks of `ui/shared/prose.py`.
SEALING_REGULATION: Final = "sealing-regulation"
#: The regulation of reports of accidents, and the number to call, where it isn't the organization's common one.
EMERGENCY_REGULATION: Final = "emergency-regulation"
EMERGENCY_PHONE: Final = "emergency-phone"

_BODY = select(col(OrganizationText.body)).where(
    col(OrganizationText.organization_id) == bindparam("organization_id"),
    col(OrganizationText.name) == bindparam("name"),
)


def own_text(db: Reader, organization_id: int, name: str) -> str:
    """What the organization has written under that name; empty where the cabinet's own text holds."""
    return str(db.value(_BODY, organization_id=organization_id, name=name) or "").strip()
