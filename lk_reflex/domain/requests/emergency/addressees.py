"""Who is told of an accident: the account's organization, or the one that serves the house, or whoever is chosen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict
from lk_reflex.domain.accounts.switches import EMERGENCY
from lk_reflex.domain.accounts.tables import Account, Organization, OrganizationSwitch, OrganizationText
from lk_reflex.domain.accounts.texts import EMERGENCY_PHONE
from lk_reflex.domain.requests.counting import recount
from lk_reflex.domain.requests.drafts import Draft
from lk_reflex.domain.requests.emergency.rules import BUILDING, ORGANIZATION, plain, whole
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import CHANGED
from lk_reflex.domain.requests.tables import Request

_OWN_NUMBER = (
    select(col(OrganizationText.body))
    .where(col(OrganizationText.organization_id) == col(Organization.id), col(OrganizationText.name) == EMERGENCY_PHONE)
    .correlate(Organization)
    .scalar_subquery()
)
_NAMED = (
    col(Organization.id), col(Organization.name), col(Organization.short_name), col(Organization.phone),
    col(Organization.inn), _OWN_NUMBER.label("own_number"),
)  # fmt: skip
_OFF = (
    select(col(OrganizationSwitch.name))
    .where(
        col(OrganizationSwitch.organization_id) == col(Organization.id),
        col(OrganizationSwitch.name) == EMERGENCY,
        col(OrganizationSwitch.is_on).is_(False),
    )
    .correlate(Organization)
    .exists()
)
_SERVES = (
    select(col(Account.id))
    .where(
        col(Account.organization_id) == col(Organization.id),
        col(Account.building_id) == bindparam("building_id"),
        col(Account.closed_on).is_(None),
    )
    .correlate(Organization)
    .exists()
)
_ALL = select(*_NAMED).where(~_OFF).order_by(col(Organization.id))
_OF_HOUSE = select(*_NAMED).where(~_OFF, _SERVES).order_by(col(Organization.id))
_ONE = select(*_NAMED).where(col(Organization.id) == bindparam("organization_id"))
_DIRECT = (
    update(Request)
    .where(
        col(Request.id) == bindparam("of_request"),
        col(Request.status) == Status.DRAFT.value,
        col(Request.account_id).is_(None),
    )
    .values(organization_id=bindparam("to_organization"))
)


@dataclass(frozen=True, slots=True)
class Addressee:
    """An organization as people choose it; `phone` is its own number for accidents, else its common one."""

    organization_id: int
    name: str
    phone: str


def addressee(db: Reader, organization_id: int) -> Addressee:
    """One organization, whether it takes reports here or not."""
    return _addressees(db.rows(_ONE, organization_id=organization_id))[0]


def addressees(db: Reader, building_id: int | None = None) -> tuple[Addressee, ...]:
    """Those that take reports and serve the house; where nobody does, or no house is known, all that take any."""
    found = db.rows(_OF_HOUSE, building_id=building_id) if building_id is not None else []
    return _addressees(found or db.rows(_ALL))


def choice_of(db: Reader, draft: Draft) -> tuple[Addressee, ...]:
    """Whom the person has to choose among; empty where there is no choice: an account's organization, or one alone."""
    return _choice(db, draft.account_id, draft.status, draft.form)


def goes_to(db: Reader, draft: Draft) -> Addressee:
    """Who is told: the organization of the account, of the house, or the one chosen; else whom the draft stands at."""
    if draft.account_id is None and draft.status is Status.DRAFT:
        found = addressees(db, whole(draft.form, BUILDING))
        chosen = [one for one in found if one.name == plain(draft.form, ORGANIZATION)]
        if len(found) == 1 or chosen:
            return (chosen or list(found))[0]
    return addressee(db, draft.organization_id)


def direct(db: Writer, draft: Draft, organization_id: int) -> None:
    """Give a draft without an account to another organization, before it is sent. Raises Conflict where it was sent."""
    if organization_id == draft.organization_id:
        return
    if db.change(_DIRECT, of_request=draft.request_id, to_organization=organization_id) != 1:
        raise Conflict(CHANGED)
    recount(db, draft.organization_id, Kind.EMERGENCY.value, Status.DRAFT, None)
    recount(db, organization_id, Kind.EMERGENCY.value, None, Status.DRAFT)


def _choice(
    db: Reader, account_id: int | None, status: Status, form: Mapping[str, object]
) -> tuple[Addressee, ...]:  # fmt: skip
    if account_id is not None or status is not Status.DRAFT:
        return ()
    found = addressees(db, whole(form, BUILDING))
    return found if len(found) > 1 else ()


def _addressees(rows: list[Any]) -> tuple[Addressee, ...]:
    """Namesakes are told apart by their tax numbers."""
    names = [row.short_name or row.name for row in rows]
    return tuple(
        Addressee(
            row.id,
            name if names.count(name) == 1 else f"{name} (ИНН {row.inn})",
            (row.own_number or "").strip() or row.phone,
        )
        for row, name in zip(rows, names, strict=True)
    )
