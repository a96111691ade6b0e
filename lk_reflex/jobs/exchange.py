"""The worker's part of the exchange: what was ordered in the browser, one task after the other."""

from collections.abc import Callable
from datetime import datetime

from lk_reflex.core.db import Database
from lk_reflex.core.task_files import TaskFiles
from lk_reflex.domain.exchange_log.tasks import forget_file, open_tasks, stale_tasks
from lk_reflex.exchange.tasks import carry_out


class Exchanger:
    """Any number of processes may step; one task is done at a time, and one that was broken off is done anew."""

    def __init__(self, database: Database, files: TaskFiles, *, clock: Callable[[], datetime]) -> None:
        self._database, self._files, self._clock = database, files, clock

    def step(self) -> bool:
        """Do the oldest task; True where one was done and another may wait."""
        waiting = self._database.read(open_tasks)
        if not waiting:
            return self._forget()
        return carry_out(self._database, self._files, waiting[0], clock=self._clock)

    def _forget(self) -> bool:
        """What has had its time goes while nothing else is to do."""
        for task in self._database.read(stale_tasks, now=self._clock()):
            self._files.remove(task.result_path)
            self._database.write(forget_file, task.task_id)
        return False
