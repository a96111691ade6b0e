"""Tells people of billing's answers to their readings, some sendings at a time; each answer once."""

from collections.abc import Callable
from datetime import datetime

from lk_reflex.core.db import Database
from lk_reflex.domain.mail.delivery import waiting
from lk_reflex.domain.metering.answering.answer_news import KIND, tell_answers

PORTION = 50
#: With so many of these letters in the outbox no more are written: a forgotten password waits behind them.
CROWD = 100


class Answerer:
    """After a crash it goes on where the last transaction ended."""

    def __init__(self, database: Database, *, site: str, clock: Callable[[], datetime]) -> None:
        self._database, self._site, self._clock = database, site, clock

    def step(self) -> bool:
        """Tell a portion; False where nobody is to be told, or enough letters wait already."""
        if self._database.read(waiting, KIND) >= CROWD:
            return False
        return self._database.write(tell_answers, self._site, count=PORTION, now=self._clock()) > 0
