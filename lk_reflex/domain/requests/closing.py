"""Until when the two sides speak about a request. Pure: no database and no clock."""

from datetime import datetime, timedelta

from lk_reflex.domain.requests.machine import ENDED, Status

#: After the end of a request its person may still write and rate it for so long; then they make a new one.
OPEN_AFTER_END = timedelta(days=30)


def may_write(status: Status, ended_at: datetime | None, now: datetime) -> bool:
    """Whether the thread takes messages: from the sending until 30 days after the end."""
    if status in ENDED:
        return ended_at is not None and now < ended_at + OPEN_AFTER_END
    return status is not Status.DRAFT
