"""What an announcement must have, as typed by staff. Pure: no database and no clock."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from lk_reflex.core.clock import local_time, parse_date, zone
from lk_reflex.core.errors import Invalid
from lk_reflex.core.text import visible

NEWS, OUTAGE = "news", "outage"
KINDS: Final = (NEWS, OUTAGE)
#: Whom it concerns: everybody, or the houses chosen.
EVERYBODY, HOUSES = "all", "houses"
KIND, TITLE, BODY, WHERE, PLACES = "kind", "title", "body", "where", "places"
FROM_DAY, FROM_TIME, TO_DAY, TO_TIME = "from_day", "from_time", "to_day", "to_time"
LONGEST_TITLE, LONGEST_BODY, MOST_HOUSES = 120, 2000, 2000
#: Nobody plans further ahead, and nothing is off for longer.
LONGEST: Final = timedelta(days=366)
NO_TITLE = "Напишите заголовок, например «Отключение холодной воды»"
NO_HOUSES = "Выберите хотя бы один дом или отметьте «Всем»"
BOTH = "Дома выбраны, а показать отмечено всем. Отметьте «Только выбранным домам» или уберите дома"
NO_DAY, NO_TIME = "Введите день так: 20.11.2026", "Введите время так: 09:30"
NO_START = "Введите, с какого дня и часа отключение"
ENDS_FIRST = "Конец раньше начала. Проверьте дни и часы"
PAST = "Это время уже прошло: такое отключение никто не увидит. Проверьте день и час"
TOO_FAR = "До этого дня больше года. Проверьте год"


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was typed. Days «20.11.2026», times «09:30»."""

    kind: str
    title: str
    body: str
    where: str
    houses: frozenset[int] = frozenset()
    from_day: str = ""
    from_time: str = ""
    to_day: str = ""
    to_time: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """What was meant: moments in UTC, houses empty for everybody."""

    kind: str
    title: str
    body: str
    houses: frozenset[int]
    starts_at: datetime | None
    ends_at: datetime | None


def meant_by(typed: Typed, *, time_zone: str, now: datetime) -> Meant:
    """What the form means by the organization's clock. Raises Invalid with every fault."""
    faults: dict[str, str] = {}
    kind = typed.kind if typed.kind in KINDS else NEWS
    title, body = " ".join(visible(typed.title).split()), visible(typed.body).strip()
    if not title:
        faults[TITLE] = NO_TITLE
    elif len(title) > LONGEST_TITLE:
        faults[TITLE] = f"Не больше {LONGEST_TITLE} знаков, сейчас {len(title)}"
    if len(body) > LONGEST_BODY:
        faults[BODY] = f"Не больше {LONGEST_BODY} знаков, сейчас {len(body)}"
    starts_at = ends_at = None
    if kind == OUTAGE:
        starts_at = _moment(typed.from_day, typed.from_time, FROM_DAY, FROM_TIME, time_zone, faults)
        ends_at = _moment(typed.to_day, typed.to_time, TO_DAY, TO_TIME, time_zone, faults)
        _check_order(starts_at, ends_at, now, faults)
    if typed.where != EVERYBODY and not typed.houses:
        faults[PLACES] = NO_HOUSES
    if typed.where == EVERYBODY and typed.houses:
        faults[PLACES] = BOTH
    if len(typed.houses) > MOST_HOUSES:
        faults[PLACES] = f"Выбрано больше {MOST_HOUSES} домов. Отметьте «Всем» или сделайте несколько объявлений"
    if faults:
        order = (TITLE, FROM_DAY, FROM_TIME, TO_DAY, TO_TIME, BODY, PLACES)
        raise Invalid({name: faults[name] for name in order if name in faults})
    return Meant(kind, title, body, frozenset() if typed.where == EVERYBODY else typed.houses, starts_at, ends_at)


def _moment(
    day: str, at: str, day_name: str, time_name: str, time_zone: str, faults: dict[str, str]
) -> datetime | None:  # fmt: skip
    """A day and an hour by the organization's clock; nothing for two empty fields."""
    if not day.strip() and not at.strip():
        return None
    clock = _time(at)
    if clock is None:
        faults[time_name] = NO_TIME
    try:
        known: date | None = parse_date(day)
    except ValueError:
        known, faults[day_name] = None, NO_DAY
    if known is None or clock is None:
        return None
    if not date(2020, 1, 1) <= known <= date(2199, 1, 1):
        faults[day_name] = NO_DAY
        return None
    return datetime.combine(known, clock, tzinfo=zone(time_zone)).astimezone(UTC)


def _time(text: str) -> time | None:
    parts = text.strip().replace(".", ":").replace("-", ":").split(":")
    if len(parts) == 1:
        parts.append("00")
    if len(parts) != 2 or not all(part.isascii() and part.isdigit() and len(part) <= 2 for part in parts):
        return None
    hour, minute = map(int, parts)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _check_order(starts_at: datetime | None, ends_at: datetime | None, now: datetime, faults: dict[str, str]) -> None:
    if starts_at is None:
        if FROM_DAY not in faults and FROM_TIME not in faults:
            faults[FROM_DAY] = NO_START
        return
    if starts_at - now > LONGEST:
        faults[FROM_DAY] = TOO_FAR
    if ends_at is None:
        return
    if ends_at <= starts_at:
        faults[TO_DAY] = ENDS_FIRST
    elif ends_at <= now:
        faults[TO_DAY] = PAST
    elif ends_at - starts_at > LONGEST:
        faults[TO_DAY] = TOO_FAR


def when_words(starts_at: datetime | None, ends_at: datetime | None, time_zone: str) -> str:
    """«с 20.11.2026 09:30 до 21.11.2026 18:00», or without an end while it isn't known."""
    if starts_at is None:
        return ""
    begins = f"с {local_time(starts_at, time_zone):%d.%m.%Y %H:%M}"
    if ends_at is None:
        return f"{begins}, срок окончания уточняется"
    return f"{begins} до {local_time(ends_at, time_zone):%d.%m.%Y %H:%M}"
