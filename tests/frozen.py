"""`python -m tests.frozen serve`: the cabinet's own command line, always on the same day, for pictures that stay."""

import sys
import time
from datetime import UTC, datetime, timedelta

from lk_reflex.core import clock

#: The bill is due on this day, and readings are taken: 15 November 2026, 15:00 in Yekaterinburg.
DAY = datetime(2026, 11, 15, 10, 0, tzinfo=UTC)
#: Whoever serves does it after all has been filled in.
LATER = timedelta(minutes=1 if "serve" in sys.argv else 0)
BEGAN = time.monotonic()


def now() -> datetime:
    """Goes on from that moment, so that what is done later is later."""
    return DAY + LATER + timedelta(seconds=time.monotonic() - BEGAN)


# Before anything takes the clock by its name; a served process is forked from this one and has it, too.
clock.utc_now = now

from lk_reflex.__main__ import app  # noqa: E402

if __name__ == "__main__":
    app()
