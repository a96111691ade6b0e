"""Calls the shop back: from the queue on disk, again after a pause where it doesn't answer 200, three times at most."""

import json
import logging
import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Any

import httpx

from lk_reflex.core.failpoints import failpoint
from lk_reflex.standins.bank.setup import Setup
from lk_reflex.standins.bank.store import Store

SENT, GIVEN_UP = "sent", "given up"
#: Other processes queue as well: nobody wakes us then.
LOOKS = 0.5
_NEXT = "SELECT id, body, due, fails FROM calls WHERE outcome = '' AND due <= ? ORDER BY due, id LIMIT 1"
_SOON = "SELECT min(due) FROM calls WHERE outcome = ''"
_CLAIM = "UPDATE calls SET due = ? WHERE id = ?"
_DONE = "UPDATE calls SET outcome = ?, fails = ?, due = ? WHERE id = ?"
log = logging.getLogger(__name__)


class Caller:
    """A thread that begins with the first need and ends with the process."""

    def __init__(self, setup: Setup, store: Store, sweep: Callable[[], None], clock: Callable[[], datetime]) -> None:
        self._setup, self._store, self._sweep, self._clock = setup, store, sweep, clock
        self._lock, self._woken = threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Look after the queue from now on: something may be left in it from before a restart."""
        with self._lock:
            if self._thread is None and self._setup.callback:
                self._thread = threading.Thread(target=self._run, name="bank-callbacks", daemon=True)
                self._thread.start()

    def wake(self) -> None:
        """Something is queued."""
        self.begin()
        self._woken.set()

    def _run(self) -> None:
        while True:
            try:
                self._sweep()
                while self.call_one():
                    pass
                pause = self._pause()
            except (sqlite3.Error, OSError):
                log.exception("callbacks")
                pause = LOOKS
            self._woken.wait(pause)
            self._woken.clear()

    def _pause(self) -> float:
        with self._store.change() as books:
            soon = books.sql.execute(_SOON).fetchone()[0]
        return LOOKS if soon is None else min(LOOKS, max(0.01, soon - self._now()))

    def call_one(self) -> bool:
        """Make the call that is due, if there is one. Whoever dies at it leaves it to be made again."""
        with self._store.change() as books:
            row = books.sql.execute(_NEXT, (self._now(),)).fetchone()
            if row is None:
                return False
            number, body, _due, fails = row
            books.sql.execute(_CLAIM, (self._now() + self._setup.patience + self._setup.pause, number))
        answered = self._call(json.loads(body))
        failpoint("callback-sent")
        fails += not answered
        outcome = SENT if answered else GIVEN_UP if fails >= self._setup.tries else ""
        with self._store.change() as books:
            books.sql.execute(_DONE, (outcome, fails, self._now() + self._setup.pause, number))
        return True

    def _call(self, call: dict[str, Any]) -> bool:
        how: dict[str, Any] = {"json": call["body"]} if "body" in call else {"params": call["fields"]}
        try:
            answer = httpx.request(
                call["method"], self._setup.callback, timeout=self._setup.patience, trust_env=False, **how
            )
        except (httpx.HTTPError, httpx.InvalidURL):
            return False
        return answer.status_code == httpx.codes.OK

    def _now(self) -> float:
        return self._clock().timestamp()
