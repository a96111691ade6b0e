"""Work with banks, each organization's in a line of its own: a silent bank holds up nobody else's."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from typing import ParamSpec

P = ParamSpec("P")
#: So many banks are waited for at once.
SIDES = 4
#: A step waits so long for its banks, in seconds; those that take longer go on by themselves.
PATIENCE = 2.0


class Sides:
    """Threads of one job, at most one of them at an organization's work."""

    def __init__(self, name: str) -> None:
        self._threads = ThreadPoolExecutor(SIDES, thread_name_prefix=name)
        self._busy: dict[int, Future[None]] = {}

    def busy(self) -> set[int]:
        """The organizations whose work of an earlier step isn't over yet."""
        self._busy = {one: work for one, work in self._busy.items() if not work.done()}
        return set(self._busy)

    def start(self, organization_id: int, work: Callable[P, None], *args: P.args, **kwargs: P.kwargs) -> None:
        """Do the work on a thread. It must not raise: nobody would hear."""
        self._busy[organization_id] = self._threads.submit(work, *args, **kwargs)

    def wait(self) -> None:
        """Give everybody's work a short while to be done."""
        wait(self._busy.values(), timeout=PATIENCE)

    def close(self) -> None:
        """Let what is under way come to its end."""
        self._threads.shutdown()
