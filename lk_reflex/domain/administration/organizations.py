"""Organizations as an administrator sees and changes them: details, windows, commission, switches, texts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.core.text import fold, visible
from lk_reflex.domain.accounts.switches import SWITCHES, switches
from lk_reflex.domain.accounts.tables import Organization, OrganizationSwitch, OrganizationText
from lk_reflex.domain.accounts.texts import EMERGENCY_PHONE, EMERGENCY_REGULATION, SEALING_REGULATION
from lk_reflex.domain.administration.organization_fields import FIELDS, SECTIONS, of_section, read_section
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import ADMIN, Actor

NOT_YOURS = "Организации меняет администратор"
NO_ORGANIZATION = "Такой организации нет. Откройте её из списка ещё раз"
CHANGED = "Тем временем это поменял кто-то другой. Посмотрите, что стоит теперь, и повторите"
LONGEST_TEXT: Final = 20_000
TOO_LONG = "Слишком длинно: не больше 20 000 знаков"
#: Which texts an organization may have of its own: those that some page shows.
TEXTS: Final = (EMERGENCY_PHONE, SEALING_REGULATION, EMERGENCY_REGULATION)

_ONE = select(Organization.__table__).where(col(Organization.id) == bindparam("organization_id"))  # type: ignore[attr-defined]
_LIST = select(
    col(Organization.id), col(Organization.inn), col(Organization.name), col(Organization.short_name),
    col(Organization.phone), col(Organization.takes_payments), col(Organization.window_opens),
    col(Organization.window_closes),
)  # fmt: skip
_TEXTS = select(col(OrganizationText.name), col(OrganizationText.body)).where(
    col(OrganizationText.organization_id) == bindparam("organization_id")
)
_DROP_TEXT = delete(OrganizationText).where(
    col(OrganizationText.organization_id) == bindparam("of_organization"),
    col(OrganizationText.name) == bindparam("of_name"),
)


def _put(table: Any, value: str) -> Mapping[str, Any]:
    row = {
        "organization_id": bindparam("of_organization"),
        "name": bindparam("of_name"),
        value: bindparam("of_value"),
    }

    def made(maker: Any) -> Any:
        insert = maker.insert(table).values(row)
        new = {value: insert.excluded[value]}
        return insert.on_conflict_do_update(index_elements=["organization_id", "name"], set_=new)

    return {"sqlite": made(sqlite), "postgresql": made(postgresql)}


_PUT_SWITCH, _PUT_TEXT = _put(OrganizationSwitch, "is_on"), _put(OrganizationText, "body")


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of the list."""

    organization_id: int
    inn: str
    name: str
    phone: str
    takes_payments: bool
    window_opens: int
    window_closes: int


@dataclass(frozen=True, slots=True)
class Card:
    """One organization: `fields` as they are shown in their inputs, `switches` and `texts` by name.

    `seen` tells one state of a section's fields from another, so that two administrators don't overwrite each other.
    """

    organization_id: int
    inn: str
    name: str
    fields: Mapping[str, str]
    switches: Mapping[str, bool]
    texts: Mapping[str, str]


def organizations(db: Reader, actor: Actor) -> tuple[Listed, ...]:
    """All of them, by name. Raises Refused for whoever isn't an administrator."""
    _require_admin(actor)
    rows = db.rows(_LIST)
    found = (
        Listed(row.id, row.inn, row.short_name or row.name, row.phone, bool(row.takes_payments), row.window_opens,
               row.window_closes)
        for row in rows
    )  # fmt: skip
    return tuple(sorted(found, key=lambda one: fold(one.name)))


def organization_card(db: Reader, actor: Actor, organization_id: int) -> Card:
    """Everything of one. Raises NotFound."""
    row = _row(db, actor, organization_id)
    texts = {text.name: text.body for text in db.rows(_TEXTS, organization_id=organization_id)}
    return Card(
        organization_id,
        row.inn,
        row.short_name or row.name,
        {field.name: field.show(getattr(row, field.name)) for field in FIELDS},
        switches(db, organization_id),
        {name: texts.get(name, "") for name in TEXTS},
    )


def save_section(
    db: Writer, actor: Actor, organization_id: int, section: str, typed: Mapping[str, str],
    seen: Mapping[str, str], *, now: datetime,
) -> tuple[str, ...]:  # fmt: skip
    """Keep one form of the page; returns the labels of what has changed.

    `seen` is what stood in the fields when the form was drawn. Raises Invalid with a sentence a field, Conflict where
    one of the fields changed here has been changed by somebody else since, NotFound.
    """
    if section not in SECTIONS:
        raise NotFound(NO_ORGANIZATION)
    row = _row(db, actor, organization_id)
    values, faults = read_section(section, typed)
    if faults:
        raise Invalid(faults)
    changed = [field for field in of_section(section) if getattr(row, field.name) != values[field.name]]
    if any(field.show(getattr(row, field.name)) != seen.get(field.name) for field in changed):
        raise Conflict(CHANGED)
    if changed:
        new = {field.name: values[field.name] for field in changed}
        db.change(update(Organization).where(col(Organization.id) == organization_id).values(**new))
        names = ", ".join(sorted(new))
        note(db, "organization-changed", now=now, actor_id=actor.user_id, organization=organization_id, fields=names)
    return tuple(field.label for field in changed)


def turn_switches(
    db: Writer, actor: Actor, organization_id: int, on: Mapping[str, bool], *, now: datetime
) -> tuple[str, ...]:  # fmt: skip
    """Keep the positions of the switches; returns the names of those that were turned."""
    _row(db, actor, organization_id)
    known = switches(db, organization_id)
    turned = tuple(name for name in SWITCHES if bool(on.get(name)) != known[name])
    for name in turned:
        statement = _PUT_SWITCH[db.connection.dialect.name]
        db.change(statement, of_organization=organization_id, of_name=name, of_value=bool(on.get(name)))
    if turned:
        positions = ", ".join(f"{name}={'on' if on.get(name) else 'off'}" for name in turned)
        note(db, "switches-turned", now=now, actor_id=actor.user_id, organization=organization_id, switches=positions)
    return turned


def put_text(db: Writer, actor: Actor, organization_id: int, name: str, typed: str, *, now: datetime) -> None:
    """Keep a text of the organization's own; an empty one gives the cabinet's back. Raises Invalid, NotFound."""
    _row(db, actor, organization_id)
    if name not in TEXTS:
        raise NotFound(NO_ORGANIZATION)
    body = "\n".join(visible(line).rstrip() for line in typed.replace("\r\n", "\n").split("\n")).strip()
    if len(body) > LONGEST_TEXT:
        raise Invalid({name: TOO_LONG})
    if body:
        statement = _PUT_TEXT[db.connection.dialect.name]
        db.change(statement, of_organization=organization_id, of_name=name, of_value=body)
    else:
        db.change(_DROP_TEXT, of_organization=organization_id, of_name=name)
    note(db, "text-changed", now=now, actor_id=actor.user_id, organization=organization_id, name=name)


def _require_admin(actor: Actor) -> None:
    if actor.role != ADMIN:
        raise Refused(NOT_YOURS)


def _row(db: Reader, actor: Actor, organization_id: int) -> Any:
    row = db.first(_ONE, organization_id=organization_id) if actor.role == ADMIN else None
    if row is None:
        raise NotFound(NO_ORGANIZATION)
    return row
