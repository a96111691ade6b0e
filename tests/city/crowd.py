"""People who come all the while: each does one kind of thing again and again, and writes down what it was told.

Whatever is killed meanwhile, they press on. What they have been told is held against the database, the bank's books and
the mailbox by `tests/city/books.py`; what they do is in `tests/city/customers.py`.
"""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal

from tests.city.lines import Way

#: Between two presses of the same person, in seconds.
REST = 0.5

Outcome = Literal["told", "refused", "silent"]
SAID: tuple[Outcome, ...] = ("told", "refused", "silent")
Said = tuple[Outcome, str]
Habit = Callable[[Way, Any, list[str]], Awaitable[Said]]


@dataclass(frozen=True)
class Press:
    """One press of `kind`: `key` finds it in the database; `at` says after which kill it was begun."""

    kind: str
    key: str
    outcome: Outcome
    at: int
    saw: str = ""


@dataclass
class Crowd:
    """`presses` is all that was pressed until now, `pressing` the habits that are at it just now.

    `killed` counts what has been done to the city: after each such thing every habit goes on until it is told once that
    what was pressed is taken. More presses would run into the limits that people have.
    """

    way: Way
    presses: list[Press] = field(default_factory=list)
    pressing: set[Habit] = field(default_factory=set)
    killed: int = 0

    @contextmanager
    def busy(self, habits: dict[Habit, Iterator[Any]]) -> Iterator[None]:
        """While the block runs, each of these habits is somebody's; in a loop of their own, for the block may wait."""
        ending = threading.Event()
        with ThreadPoolExecutor(1) as thread:
            living = thread.submit(lambda: asyncio.run(self._all(ending, habits)))
            try:
                yield
            finally:
                ending.set()
        living.result()

    async def _all(self, ending: threading.Event, habits: dict[Habit, Iterator[Any]]) -> None:
        await asyncio.gather(*(self._live(ending, habit, people) for habit, people in habits.items()))

    async def _live(self, ending: threading.Event, habit: Habit, people: Iterator[Any]) -> None:
        while not ending.is_set():
            if not self.of(habit, "told", since=self.killed):
                self.pressing.add(habit)
                self.presses.append(await self._pressed(habit, next(people), self.killed))
                self.pressing.discard(habit)
            await asyncio.sleep(REST)

    async def _pressed(self, habit: Habit, who: Any, at: int) -> Press:
        key: list[str] = []
        outcome: Outcome
        try:
            outcome, saw = await habit(self.way, who, key)
        except Exception as fault:  # noqa: BLE001  whatever it was, nothing was said
            outcome, saw = "silent", f"{type(fault).__name__} {fault}"
        return Press(habit.__name__, key[0] if key else "", outcome, at, saw)

    def pressed(self) -> bool:
        """Whether any press since the last of that is over."""
        return any(one.at == self.killed for one in self.presses)

    def of(self, habit: Habit, *outcomes: Outcome, since: int = 0) -> list[Press]:
        """The presses of a habit that came to this, begun after that kill; those without a key have stored nothing."""
        found = [one for one in self.presses if one.kind == habit.__name__ and one.at >= since]
        return [one for one in found if one.outcome in outcomes and one.key]
