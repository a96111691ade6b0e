"""Announcements as staff see them, as ready strings. No Reflex here."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from lk_reflex.core.clock import local_time
from lk_reflex.domain.announcements.houses import House, Street
from lk_reflex.domain.announcements.rules import EVERYBODY, HOUSES, NEWS, OUTAGE, Typed, when_words
from lk_reflex.domain.announcements.writing import Announced
from lk_reflex.domain.metering.units import plural
from lk_reflex.ui.form_texts import field_text

KINDS = {OUTAGE: "Отключение", NEWS: "Объявление"}


@dataclass(frozen=True)
class Choice:
    """One option of a list to choose from."""

    key: str
    title: str


@dataclass(frozen=True)
class StreetRow:
    """A street that was found; `key` is its place among those found."""

    key: str
    title: str


@dataclass(frozen=True)
class HouseRow:
    """A house: of the street that is open, or chosen already."""

    key: str
    address: str
    chosen: bool = False


@dataclass(frozen=True)
class AnnouncedRow:
    """One announcement. `alive`: it is shown still; `outage` may be ended early."""

    key: str
    title: str
    kind: str
    when: str
    where: str
    organization: str
    published: str
    state: str
    state_kind: str
    alive: bool
    outage: bool


@dataclass(frozen=True)
class Fields:
    """What the form's fields begin with."""

    kind: str = OUTAGE
    title: str = ""
    body: str = ""
    where: str = HOUSES
    from_day: str = ""
    from_time: str = ""
    to_day: str = ""
    to_time: str = ""


def fields_of(form: Mapping[str, object]) -> Fields:
    """The form as it was typed."""
    return Fields(
        kind=field_text(form, "kind"),
        title=field_text(form, "title"),
        body=field_text(form, "body", longest=20_000),
        where=EVERYBODY if field_text(form, "where") == EVERYBODY else HOUSES,
        from_day=field_text(form, "from_day")[:40],
        from_time=field_text(form, "from_time")[:40],
        to_day=field_text(form, "to_day")[:40],
        to_time=field_text(form, "to_time")[:40],
    )


def typed(fields: Fields, houses: Iterable[int]) -> Typed:
    """The same with the houses chosen, as the domain takes it."""
    return Typed(
        fields.kind, fields.title, fields.body, fields.where, frozenset(houses), fields.from_day, fields.from_time,
        fields.to_day, fields.to_time,
    )  # fmt: skip


def fields_again(one: Announced) -> Fields:
    """A published announcement as its form."""
    return Fields(
        one.kind, one.title, one.body, HOUSES if one.houses else EVERYBODY,
        *_day_and_time(one.starts_at, one.time_zone), *_day_and_time(one.ends_at, one.time_zone),
    )  # fmt: skip


def street_row(place: int, one: Street) -> StreetRow:
    """A street with the number of its houses."""
    name = ", ".join(part for part in (one.city, one.name) if part)
    return StreetRow(str(place), f"{name}: {plural(one.houses, 'дом', 'дома', 'домов')}")


def house_rows(houses: Iterable[House], chosen: Iterable[int]) -> list[HouseRow]:
    """Houses with a mark at those chosen."""
    known = set(chosen)
    return [HouseRow(str(one.building_id), one.address, one.building_id in known) for one in houses]


def announced_row(one: Announced, now: datetime) -> AnnouncedRow:
    """A line of the list."""
    state, kind = _state(one, now)
    return AnnouncedRow(
        key=str(one.announcement_id),
        title=one.title,
        kind=KINDS.get(one.kind, ""),
        when=when_words(one.starts_at, one.ends_at, one.time_zone),
        where=plural(len(one.houses), "дом", "дома", "домов") if one.houses else "всем",
        organization=one.organization,
        published=f"{local_time(one.published_at, one.time_zone):%d.%m.%Y %H:%M}",
        state=state,
        state_kind=kind,
        alive=not one.over,
        outage=one.kind == OUTAGE,
    )


def concerned_words(accounts: int) -> str:
    """«Увидят жители 12 лицевых счетов»."""
    return f"Увидят жители {plural(accounts, 'лицевого счета', 'лицевых счетов', 'лицевых счетов')}"


def streets_words(houses: Iterable[House]) -> str:
    """«УЛ. КЫШТЫМСКАЯ: 3 дома; …»."""
    streets = Counter(one.address.rpartition(", ")[0] for one in houses)
    return "; ".join(f"{street}: {plural(count, 'дом', 'дома', 'домов')}" for street, count in streets.items())


def _state(one: Announced, now: datetime) -> tuple[str, str]:
    if one.hidden:
        return "скрыто", "info"
    if one.over:
        return "завершено", "info"
    begun = one.starts_at is not None and one.starts_at <= now
    return ("идёт", "due") if begun else ("показывается", "good")


def _day_and_time(at: datetime | None, time_zone: str) -> tuple[str, str]:
    if at is None:
        return "", ""
    local = local_time(at, time_zone)
    return f"{local:%d.%m.%Y}", f"{local:%H:%M}"
