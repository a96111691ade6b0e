"""Reminds of readings and of verifications: a walk through all persons for each day, a portion at a time."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lk_reflex.core.db import Database
from lk_reflex.domain.mail.delivery import waiting
from lk_reflex.domain.mail.topics import REMINDER, VERIFICATION
from lk_reflex.domain.metering.reminders import readings, verification
from lk_reflex.domain.metering.reminders.persons import portion_end
from lk_reflex.domain.metering.reminders.places import HUMANE, Place, places

log = logging.getLogger(__name__)
PORTION = 100
#: So many portions without anybody to tell are passed over in one step.
STRIDE = 20
#: With so many of these letters in the outbox no more are written: a forgotten password waits behind them.
CROWD = 100


@dataclass
class _Walk:
    """One kind of reminders: how far it has come today. After a crash it begins anew and passes over those told."""

    kind: str
    errand: Callable[..., Any]
    any_of: Callable[..., bool]
    remind: Callable[..., int]
    of: tuple[Place, ...] | None = None
    todo: Any = None
    after: int = 0


class Reminders:
    """Any number of processes may do this: what has been told is known by a key in the database."""

    def __init__(self, database: Database, *, site: str, clock: Callable[[], datetime], hours: range = HUMANE) -> None:
        self._database, self._site, self._clock, self._hours = database, site, clock, hours
        self._walks = (
            _Walk(REMINDER, readings.errand, readings.any_to_remind, readings.remind_of_readings),
            _Walk(VERIFICATION, verification.errand, verification.any_to_remind, verification.remind_of_verification),
        )

    def step(self) -> bool:
        """Go on with each walk; False where all are through, or enough letters wait already."""
        now = self._clock()
        here = self._database.read(places, now=now, hours=self._hours)
        for walk in self._walks:
            if walk.of != here:
                # Another day, another organization's morning, other terms: whoever is told already is passed over.
                walk.of, walk.todo, walk.after = here, walk.errand(here), 0
        readings_left, verifications_left = (self._go_on(walk, now) for walk in self._walks)
        return readings_left or verifications_left

    def _go_on(self, walk: _Walk, now: datetime) -> bool:
        if walk.todo is None or self._database.read(waiting, walk.kind) >= CROWD:
            return False
        for _ in range(STRIDE):
            last = self._database.read(portion_end, after=walk.after, count=PORTION)
            if last is None:
                walk.todo = None
                return False
            found = {"after": walk.after, "last": last, "now": now}
            told = self._tell(walk, found)
            walk.after = last
            if told:
                return True
        return True

    def _tell(self, walk: _Walk, found: dict[str, Any]) -> int:
        """How many of a portion were told."""
        if not self._database.read(walk.any_of, walk.todo, **found):
            return 0
        told = self._database.write(walk.remind, walk.todo, site=self._site, **found)
        log.info("reminders (%s): %d persons told", walk.kind, told)
        return told
