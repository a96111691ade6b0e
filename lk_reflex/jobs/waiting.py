"""Sends the forms that have waited for their window, a few at a time, in the morning of its first day."""

import logging
from collections.abc import Callable
from datetime import datetime

from lk_reflex.core.db import Database
from lk_reflex.core.errors import Unavailable
from lk_reflex.domain.metering.sending.waiting_send import due_forms, send_waiting

log = logging.getLogger(__name__)
PORTION = 20


class WaitingForms:
    """Goes through the due forms by number and begins anew behind the last; one that fails holds up nobody."""

    def __init__(self, database: Database, *, site: str, clock: Callable[[], datetime]) -> None:
        self._database, self._site, self._clock = database, site, clock
        self._after = 0

    def step(self) -> bool:
        """Send a portion; False where none is left in this round."""
        due = self._database.read(due_forms, after=self._after, count=PORTION, now=self._clock())
        for form_id in due:
            self._send(form_id)
            self._after = form_id
        if not due:
            self._after = 0
        return bool(due)

    def _send(self, form_id: int) -> None:
        try:
            outcome = send_waiting(self._database, form_id, site=self._site, now=self._clock())
        except Unavailable:
            raise
        except Exception as fault:  # noqa: BLE001  one form that can't be sent must not stop the rest
            log.error("waiting form %d: %s", form_id, type(fault).__name__)
        else:
            log.info("waiting form %d: %s", form_id, outcome or "gone")
