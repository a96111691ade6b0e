"""Settles orders whose payer never came back: asks the banks about those that are due."""

import logging
import traceback
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from lk_reflex.core.db import Database
from lk_reflex.domain.payments.orders.due import due_orders, heal_schedule
from lk_reflex.domain.payments.orders.journal import Cause
from lk_reflex.domain.payments.orders.looking import look
from lk_reflex.integrations.bank.port import Banks
from lk_reflex.jobs.sides import Sides

log = logging.getLogger(__name__)
PORTION = 40
#: After silence a bank has so long a rest.
REST = timedelta(seconds=30)
#: How often it is made sure that no jump of the clock has put anything off.
HEALING = timedelta(hours=1)
#: Clocks are set right by so much without anybody's noticing.
JITTER = timedelta(seconds=30)


class Reconciler:
    """Any number of processes may do this: an order is asked about by whoever takes its turn first.

    Each organization's orders stand in a line of their own, so that a silent bank holds up nobody else's.
    """

    def __init__(
        self, database: Database, banks: Banks, *, site: str, clock: Callable[[], datetime],
        ending: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._database, self._banks, self._site, self._clock, self._ending = database, banks, site, clock, ending
        self._sides = Sides("lk-orders")
        self._resting: dict[int, datetime] = {}
        self._healed_at = self._stepped_at = clock() - HEALING

    def step(self) -> bool:
        """Ask about a portion; False where no more is due, or only of banks that rest or take their time."""
        now = self._clock()
        self._heal(now)
        # After a jump of the clock a rest may seem to be long: none is longer than its length.
        self._resting = {one: until for one, until in self._resting.items() if now < until <= now + REST}
        due = self._database.read(due_orders, without={*self._sides.busy(), *self._resting}, count=PORTION, now=now)
        lines: dict[int, list[str]] = defaultdict(list)
        for number, organization_id in due:
            lines[organization_id].append(number)
        for organization_id, numbers in lines.items():
            self._sides.start(organization_id, self._ask_about, organization_id, numbers)
        self._sides.wait()
        return len(due) == PORTION

    def close(self) -> None:
        """Let what is under way come to its end."""
        self._sides.close()

    def _ask_about(self, organization_id: int, numbers: list[str]) -> None:
        for number in numbers:
            if self._ending():
                return
            try:
                looked = look(
                    self._database, self._banks, number, cause=Cause.SCHEDULE, clock=self._clock, site=self._site
                )
            except Exception as fault:  # noqa: BLE001  the outer edge of a thread; its turn keeps the order off a while
                # Without the fault's own words: a database repeats addresses and texts in them.
                where = "".join(traceback.format_tb(fault.__traceback__))
                log.error("order %s: %s\n%s", number, type(fault).__name__, where)
                continue
            log.info("order %s: %s", number, looked.status)
            if looked.silent:
                self._resting[organization_id] = self._clock() + REST
                return

    def _heal(self, now: datetime) -> None:
        """Hourly, and when the clock has gone back."""
        went_back = now < self._stepped_at - JITTER
        self._stepped_at = now
        if not went_back and now < self._healed_at + HEALING:
            return
        self._healed_at = now
        healed = self._database.write(heal_schedule, went_back=went_back, now=now)
        if healed:
            log.warning("%d orders had been put off by a clock that was ahead", healed)
