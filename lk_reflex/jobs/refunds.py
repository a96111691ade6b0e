"""Finishes refunds that whoever asked for them couldn't: their process died, or the bank was silent."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from lk_reflex.core.db import Database
from lk_reflex.core.unheard import unheard
from lk_reflex.domain.payments.refunding.carrying import carry_out
from lk_reflex.domain.payments.refunding.unfinished import LONGEST_REST, rest_after_try, unfinished
from lk_reflex.integrations.bank.port import Banks
from lk_reflex.jobs.sides import Sides


class Refunder:
    """Any number of processes may do this: which of them tells the bank is settled by the refund's own row.

    Each organization's refunds stand in a line of their own, so that a silent bank holds up nobody else's.
    """

    def __init__(
        self, database: Database, banks: Banks, *, clock: Callable[[], datetime], site: str,
        ending: Callable[[], bool] = lambda: False,
    ) -> None:  # fmt: skip
        self._database, self._banks, self._clock, self._site, self._ending = database, banks, clock, site, ending
        self._sides = Sides("lk-refunds")
        #: By the refund's id, how long it is left alone. Only to spare the bank: after a start each is tried at once.
        self._resting: dict[int, datetime] = {}

    def step(self) -> bool:
        """Try those unfinished refunds that aren't resting once each; what is left waits for a later round."""
        now = self._clock()
        due = self._database.read(unfinished, now=now)
        # After a jump of the clock a rest may seem to be long: none is longer than the longest.
        resting = {one.id: self._resting.get(one.id, now) for one in due}
        self._resting = {one: until for one, until in resting.items() if now < until <= now + LONGEST_REST}
        busy = self._sides.busy()
        lines: dict[int, list[Any]] = defaultdict(list)
        for refund in due:
            if refund.id not in self._resting and refund.organization_id not in busy:
                lines[refund.organization_id].append(refund)
        for organization_id, refunds in lines.items():
            self._resting |= {one.id: now + rest_after_try(one.asked_at, now=now) for one in refunds}
            self._sides.start(organization_id, self._carry_out, [one.id for one in refunds])
        self._sides.wait()
        return False

    def close(self) -> None:
        """Let what is under way come to its end."""
        self._sides.close()

    def _carry_out(self, refund_ids: Sequence[int]) -> None:
        for refund_id in refund_ids:
            if self._ending():
                return
            unheard(
                f"refund {refund_id} waits", carry_out, self._database, self._banks, refund_id, clock=self._clock,
                site=self._site,
            )  # fmt: skip
