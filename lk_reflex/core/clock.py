"""The only clock of the domain: aware UTC inside, the organization's local date at the edges."""

from datetime import UTC, date, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

DEFAULT_ZONE = "Asia/Yekaterinburg"


def utc_now() -> datetime:
    """The present moment, aware, in UTC."""
    return datetime.now(UTC)


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """A time zone by its IANA name; raises ZoneInfoNotFoundError."""
    return ZoneInfo(name)


def local_date(moment: datetime, zone_name: str = DEFAULT_ZONE) -> date:
    """The calendar day that people of that zone had at that moment."""
    return moment.astimezone(zone(zone_name)).date()


def local_time(moment: datetime, zone_name: str = DEFAULT_ZONE) -> datetime:
    """The wall clock of that zone at that moment."""
    return moment.astimezone(zone(zone_name))


def format_date(day: date | None) -> str:
    """«08.11.2012»; an empty string for no date."""
    return f"{day.day:02d}.{day.month:02d}.{day.year:04d}" if day else ""


def parse_date(text: str) -> date:
    """From «08.11.2012» (also with «/», «-», spaces, one-digit days, ISO order). Raises ValueError."""
    parts = text.strip().replace("/", ".").replace("-", ".").replace(" ", ".").split(".")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        raise ValueError(text)
    if len(parts[0]) == 4:
        parts.reverse()
    if len(parts[2]) not in (2, 4):
        raise ValueError(text)
    day, month, year = (int(part) for part in parts)
    return date(year + 2000 if len(parts[2]) == 2 else year, month, day)
