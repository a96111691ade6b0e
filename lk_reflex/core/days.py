"""Days of an organization as moments: from its midnight to its next one."""

from datetime import UTC, date, datetime, time, timedelta

from lk_reflex.core.clock import zone

#: Before anything that is dated here, and after all of it.
BEGINNING, END = datetime(2000, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


def span(first: date | None, last: date | None, time_zone: str) -> tuple[datetime, datetime]:
    """The first moment of `first` and the first one after `last`; an open end where a day is None."""
    begins = midnight(first, time_zone) if first else BEGINNING
    return begins, midnight(min(last, END.date()) + timedelta(days=1), time_zone) if last else END


def midnight(day: date, time_zone: str) -> datetime:
    """When that day began in that zone, in UTC; days that no calendar of ours reaches are brought to its ends."""
    known = min(max(day, BEGINNING.date()), END.date())
    return datetime.combine(known, time(), tzinfo=zone(time_zone)).astimezone(UTC)
