"""Profiles of outside registers: kept by name, one organization and one register each."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.exchange_log.tables import ExchangeProfile
from lk_reflex.exchange.registers.options import BANK, BankOptions, CityOptions, ProfileFile, check_options

_ALL = (
    select(
        col(ExchangeProfile.name), col(ExchangeProfile.register_kind), col(ExchangeProfile.options),
        col(Organization.id), col(Organization.inn), col(Organization.name).label("organization"),
        col(Organization.time_zone),
    )
    .join(Organization, col(Organization.id) == col(ExchangeProfile.organization_id))
    .order_by(col(ExchangeProfile.name))
)  # fmt: skip
_BY_NAME = _ALL.where(col(ExchangeProfile.name) == bindparam("name"))
_ORGANIZATION = select(col(Organization.id)).where(col(Organization.inn) == bindparam("inn"))
KINDS = {BANK: "реестр банка", "city": "реестр «Город»"}


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile as it is used."""

    name: str
    register: str
    organization_id: int
    inn: str
    organization: str
    time_zone: str
    options: BankOptions | CityOptions

    @property
    def bank(self) -> BankOptions:
        """The options of a bank's register. Raises Refused for another register."""
        if not isinstance(self.options, BankOptions):
            raise Refused(f"Профиль «{self.name}» описывает {KINDS[self.register]}, а не реестр банка.")
        return self.options

    @property
    def city(self) -> CityOptions:
        """The options of a «Город» register. Raises Refused for another register."""
        if not isinstance(self.options, CityOptions):
            raise Refused(f"Профиль «{self.name}» описывает {KINDS[self.register]}, а не реестр «Город».")
        return self.options


def put(db: Writer, given: ProfileFile, options: BankOptions | CityOptions, *, now: datetime) -> None:
    """Keep a profile under its name, instead of an earlier one. Raises NotFound for an unknown organization."""
    organization_id = db.value(_ORGANIZATION, inn=given.organization)
    if organization_id is None:
        raise NotFound(f"Организация с ИНН {given.organization} в кабинет не загружена.")
    kept = db.session.scalars(select(ExchangeProfile).where(col(ExchangeProfile.name) == given.name)).first()
    profile = kept or ExchangeProfile(name=given.name, register_kind="", organization_id=0, changed_at=now)
    profile.register_kind, profile.organization_id, profile.changed_at = given.register_kind, organization_id, now
    profile.options = options.model_dump(mode="json", exclude_defaults=True)
    db.add(profile)
    note(db, "exchange-profile-put", now=now, profile=profile.id)


def find(db: Reader, name: str) -> Profile:
    """The profile of this name. Raises NotFound with the names that there are."""
    row = db.connection.execute(_BY_NAME, {"name": name}).first()
    if row is None:
        names = ", ".join(f"«{profile.name}»" for profile in list_profiles(db))
        raise NotFound(f"Профиля «{name}» нет. {f'Есть: {names}.' if names else 'Сохраните его: profile put ФАЙЛ.'}")
    return _profile(row)


def list_profiles(db: Reader) -> list[Profile]:
    """All profiles by name."""
    return [_profile(row) for row in db.connection.execute(_ALL)]


def _profile(row: object) -> Profile:
    name, register, options, organization_id, inn, organization, zone = row  # type: ignore[misc]
    return Profile(name, register, organization_id, inn, organization, zone, check_options(register, options))
