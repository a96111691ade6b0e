"""Does jobs until told to end: each on a thread of its own, again and again, however often it fails."""

import logging
import secrets
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lk_reflex.core import leases, traces
from lk_reflex.core.db import Database
from lk_reflex.core.errors import Unavailable

log = logging.getLogger(__name__)
#: Where a job fails its pauses double up to this.
LONGEST_PAUSE = timedelta(minutes=1)
SHORTEST_LEASE = timedelta(minutes=1)
#: How long a job in hand may take to come to its end, in seconds; then its lease speaks for it.
PATIENCE = 25.0


@dataclass(frozen=True, slots=True)
class Job:
    """`work` does a portion and tells whether more waits; without more it is called again after `every`.

    What only one process may do at a time is done `alone`, under a lease by the job's name.
    """

    name: str
    work: Callable[[], bool]
    every: timedelta
    alone: bool = False


class Worker:
    """Any number of these may work on one database."""

    def __init__(self, database: Database, jobs: Sequence[Job], *, clock: Callable[[], datetime]) -> None:
        self._database, self._jobs, self._clock = database, jobs, clock
        self._holder = secrets.token_hex(8)
        self.ending = threading.Event()

    def run(self, alive: Callable[[], bool] = lambda: True) -> None:
        """Work until `ending` is set or `alive`, asked once a second, says no; finish what is in hand."""
        threads = [
            threading.Thread(target=self._keep_doing, args=(job,), name=f"lk-job-{job.name}", daemon=True)
            for job in self._jobs
        ]
        for thread in threads:
            thread.start()
        while not self.ending.wait(1):
            if not alive():
                self.ending.set()
        until = time.monotonic() + PATIENCE
        for thread in threads:
            thread.join(max(0.0, until - time.monotonic()))
        if not any(thread.is_alive() for thread in threads):
            self._give_back()

    def _give_back(self) -> None:
        """Another worker needn't wait for the leases to run out."""
        try:
            leases.give_back(self._database, self._holder, now=self._clock())
        except Exception as fault:  # noqa: BLE001  they run out by themselves
            log.warning("leases weren't given back: %s", type(fault).__name__)

    def _keep_doing(self, job: Job) -> None:
        traces.begin(traces.Trace(job=job.name))  # this thread does nothing else
        pause = job.every
        while not self.ending.is_set():
            try:
                more, pause = self._once(job), job.every
            except Unavailable as fault:
                log.warning("job %s waits: %s", job.name, fault.message)
                more, pause = False, self._longer(pause, job)
            except Exception as fault:  # noqa: BLE001  the outer edge of the worker: logged and tried again
                # Without the fault's own words: a database repeats addresses and texts in them.
                where = "".join(traceback.format_tb(fault.__traceback__))
                log.error("job %s failed: %s\n%s", job.name, type(fault).__name__, where)
                more, pause = False, self._longer(pause, job)
            if not more:
                self.ending.wait(pause.total_seconds())

    def _once(self, job: Job) -> bool:
        length = max(2 * job.every, SHORTEST_LEASE)
        if job.alone and not leases.take(self._database, job.name, self._holder, now=self._clock(), length=length):
            return False
        return job.work()

    @staticmethod
    def _longer(pause: timedelta, job: Job) -> timedelta:
        return max(min(pause * 2, LONGEST_PAUSE), job.every)
