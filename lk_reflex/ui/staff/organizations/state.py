"""Организации: the list."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.domain.administration.organizations import Listed, organizations
from lk_reflex.domain.identity.access import ADMIN
from lk_reflex.ui import paths
from lk_reflex.ui.guard import staff
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit


@dataclass(frozen=True)
class OrganizationRow:
    """One line."""

    key: str
    name: str
    href: str
    inn: str
    phone: str
    payments: str
    window: str


class OrganizationsState(rx.State):
    """The list; an administrator's alone."""

    loaded: bool = False
    rows: list[OrganizationRow] = []

    @rx.event
    @staff(ADMIN)
    def load(self, visit: Visit) -> None:
        """Show all of them."""
        publish(visit.account, known=True)
        publish(self, loaded=True, rows=[_row(one) for one in visit.read(organizations)])


def _row(one: Listed) -> OrganizationRow:
    always = (one.window_opens, one.window_closes) == (1, 31)
    return OrganizationRow(
        str(one.organization_id),
        one.name,
        paths.staff_organization(one.organization_id),
        one.inn,
        one.phone,
        "через кабинет" if one.takes_payments else "нет",
        "всегда" if always else f"с {one.window_opens} по {one.window_closes} число",
    )
