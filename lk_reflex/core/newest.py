"""Work of which only the newest of its kind counts: what is typed at a form, whose next word holds this one, too."""

import threading
from collections.abc import Callable, Hashable

Job = Callable[[], object]


class Newest:
    """A line that keeps one job a key and takes one thread at a time, however many people type behind an import.

    `submit` puts a job on the threads; a job that fails is let go, as the next one holds what it held.
    """

    def __init__(self, submit: Callable[[Job], None]) -> None:
        self._submit = submit
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, Job] = {}
        self._works = False

    def put(self, key: Hashable, job: Job) -> None:
        """Have `job` done soon, in the place of one that waits under the same key."""
        with self._lock:
            self._waiting[key] = job
            if self._works:
                return
            self._works = True
        self._submit(self._work)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._works = False
                    return
                job = self._waiting.pop(next(iter(self._waiting)))
            try:
                job()
            except BaseException:
                # The threads' own edge takes what is raised; the others in line shall not wait for the next to come.
                with self._lock:
                    self._works = bool(self._waiting)
                if self._works:
                    self._submit(self._work)
                raise
