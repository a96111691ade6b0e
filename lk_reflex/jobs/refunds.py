"""Finishes refunds that whoever asked for them couldn't: their process died, or the bank was silent."""

import logging
from collections.abc import Callable
from datetime import datetime

from lk_reflex.core.db import Database
from lk_reflex.core.errors import DomainError
from lk_reflex.domain.payments.refunding.carrying import carry_out
from lk_reflex.domain.payments.refunding.unfinished import unfinished
from lk_reflex.integrations.bank.port import Banks

log = logging.getLogger(__name__)


class Refunder:
    """Any number of processes may do this: which of them tells the bank is settled by the refund's own row."""

    def __init__(self, database: Database, banks: Banks, *, clock: Callable[[], datetime], site: str) -> None:
        self._database, self._banks, self._clock, self._site = database, banks, clock, site

    def step(self) -> bool:
        """Try each unfinished refund once; what is left waits for the next round."""
        for refund_id in self._database.read(unfinished, now=self._clock()):
            try:
                carry_out(self._database, self._banks, refund_id, clock=self._clock, site=self._site)
            except DomainError as fault:  # one organization's gateway must not hold up another's refunds
                log.warning("refund %d waits: %s", refund_id, fault.message)
        return False
