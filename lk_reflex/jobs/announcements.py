"""Tells people of announcements and outages, a portion of accounts at a time; each person once."""

from collections.abc import Callable
from datetime import datetime

from lk_reflex.core.db import Database
from lk_reflex.domain.announcements.telling import FEED_KIND, tell_announcements
from lk_reflex.domain.mail.delivery import waiting

PORTION = 100
#: With so many of these letters in the outbox no more are written: a forgotten password waits behind them.
CROWD = 200


class Herald:
    """After a crash it goes on where the last transaction ended."""

    def __init__(self, database: Database, *, site: str, clock: Callable[[], datetime]) -> None:
        self._database, self._site, self._clock = database, site, clock

    def step(self) -> bool:
        """Tell a portion; False where nobody is to be told, or enough letters wait already."""
        if self._database.read(waiting, FEED_KIND) >= CROWD:
            return False
        return self._database.write(tell_announcements, self._site, count=PORTION, now=self._clock())
