"""Uploads under way: whose cookies bring them for which tab, and no more of them than there is room for.

A file comes by a request of its own and its event runs later, as the tab's person; who sent it only the request tells.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from lk_reflex.core.errors import Unavailable

FULL = "Сейчас загружается много файлов, и ваш не загрузился. Выберите его ещё раз через минуту"


class Uploads:
    """At most `room` at a time, `room_each` of one session. Belongs to one loop."""

    def __init__(self, *, room: int, room_each: int) -> None:
        self._room, self._room_each = room, room_each
        self._under_way: Counter[tuple[str, str]] = Counter()

    @contextmanager
    def place(self, tab: str, session: str) -> Iterator[None]:
        """Hold a place for an upload into `tab` that the cookie `session` (a hash) brings. Raises Unavailable."""
        of_session = sum(count for (_, whose), count in self._under_way.items() if whose == session)
        if self._under_way.total() >= self._room or of_session >= self._room_each:
            raise Unavailable(FULL)
        self._under_way[tab, session] += 1
        try:
            yield
        finally:
            self._under_way[tab, session] -= 1
            if not self._under_way[tab, session]:
                del self._under_way[tab, session]

    @property
    def under_way(self) -> int:
        """How many there are at present."""
        return self._under_way.total()

    def brought_by(self, tab: str, session: str) -> bool:
        """Whether all that is on its way into `tab` comes from this session; no where nothing is."""
        return {whose for known, whose in self._under_way if known == tab} == {session}
