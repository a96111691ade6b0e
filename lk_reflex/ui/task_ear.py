"""Hears how far the tasks of the exchange are: what the worker writes down beside the database, which it has locked."""

from lk_reflex.core.signals import EVERY_DESK, EXCHANGE, Heard
from lk_reflex.wiring import task_files


class TaskEar:
    """Tells of a task whose word has changed since the last time."""

    def __init__(self) -> None:
        self._known: dict[str, int] = {}

    def __call__(self) -> list[Heard]:
        """One line for each task with news."""
        now = task_files().changes()
        changed = [name for name, when in now.items() if self._known.get(name) != when]
        self._known = now
        return [Heard(EVERY_DESK, EXCHANGE, name) for name in changed]
