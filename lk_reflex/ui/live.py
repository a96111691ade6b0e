"""What changes elsewhere shows in the open tabs within a second: their counters, and pages that follow something.

Every web process keeps the tabs that are connected to it and listens to the database's signals for them; it matters
not which process, worker or callback has caused the change.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import reflex as rx

from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.signals import CART, EVERY_DESK, FEED, Ear, Heard
from lk_reflex.domain.payments.counters import counters
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.feed import FeedState
from lk_reflex.ui.publish import publish
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.who import loaded, person_of
from lk_reflex.wiring import database

log = logging.getLogger(__name__)
#: How often the signals are read while anybody is connected, in seconds.
EVERY = 0.5
#: After a fault of the database.
PAUSE = 5.0
#: What a page is first filled with goes out after its lock is given back, and would overwrite what was told meanwhile.
#: So nothing is told to a page in its first moments, in seconds; it waits.
SETTLES = 1.0
#: The topics that change a counter around every page.
COUNTED = frozenset({CART, FEED})

Loader = tuple[type[rx.State], Any]
#: Tells what has been heard since the last time; runs on a thread.
Listener = Callable[[], Sequence[Heard]]


@dataclass(slots=True)
class Tab:
    """One connected tab: whose it is (None for nobody's), the path of its page, and since when that is there.

    `waiting` are the topics that it hasn't been told of yet.
    """

    user_id: int | None
    path: str
    since: float
    staff: bool = False
    waiting: set[str] = field(default_factory=set)


class OpenTabs:
    """The tabs that this process serves."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._tabs: dict[str, Tab] = {}
        self._clock = clock

    def __len__(self) -> int:
        return len(self._tabs)

    def counted(self) -> tuple[int, int]:
        """How many there are, and how many of them are somebody's who has signed in."""
        return len(self._tabs), sum(tab.user_id is not None for tab in self._tabs.values())

    def opened(self, token: str, user_id: int | None, path: str, *, staff: bool = False) -> None:
        """A connection begins; the same tab may have become somebody else's."""
        if token:
            self._tabs[token] = Tab(user_id, path, self._clock(), staff)

    def moved(self, token: str, path: str) -> None:
        """The tab has gone to another page."""
        if token in self._tabs:
            self._tabs[token].path, self._tabs[token].since = path, self._clock()

    def keep(self, connected: Collection[str]) -> None:
        """Forget the tabs that are gone."""
        for token in [token for token in self._tabs if token not in connected]:
            del self._tabs[token]

    def concerned(self, heard: Sequence[Heard]) -> dict[str, set[str]]:
        """By tab, the topics that concern it: its person's, or those whose subject its address names.

        Those of a page that has only just come are kept for it, and are among a later call's.
        """
        found: dict[str, set[str]] = {}
        settled = self._clock() - SETTLES
        for token, tab in self._tabs.items():
            tab.waiting.update(one.topic for one in heard if _concerns(one, tab))
            if tab.waiting and tab.since <= settled:
                found[token], tab.waiting = tab.waiting, set()
        return found

    def path(self, token: str) -> str:
        """The path of a tab's page."""
        tab = self._tabs.get(token)
        return tab.path if tab else ""


def _concerns(one: Heard, tab: Tab) -> bool:
    if one.user_id == EVERY_DESK:
        return tab.staff
    return tab.user_id == one.user_id or bool(one.subject and one.subject in tab.path)


@lru_cache(maxsize=1)
def open_tabs() -> OpenTabs:
    """Those of this process."""
    return OpenTabs()


class Live:
    """Passes signals on. `followed` maps a page's route to its loader and the topics that make it load anew.

    `others` hear what doesn't stand in the database.
    """

    def __init__(
        self,
        app: rx.App,
        followed: Mapping[str, tuple[Loader, frozenset[str]]],
        others: Sequence[Listener] = (),
    ) -> None:
        self._app, self._followed = app, followed
        self._ear, self._others = Ear(), others

    async def run(self) -> None:
        """Until the server ends."""
        while True:
            try:
                await self.step()
                await asyncio.sleep(EVERY)
            except Unavailable:
                await asyncio.sleep(PAUSE)
            except Exception:
                log.exception("signals couldn't be passed on")
                await asyncio.sleep(PAUSE)

    async def step(self) -> None:
        """Listen once, and tell the tabs concerned; quiet where nobody is connected."""
        if self._app.event_namespace is not None:
            open_tabs().keep(self._app.event_namespace.token_to_sid)
        if not open_tabs():
            return
        heard = await database().in_reading_thread(self._listen)
        for token, topics in open_tabs().concerned(heard).items():
            try:
                await self._tell(token, topics)
            except Unavailable:
                raise
            except Exception:  # one tab's fault is no other's
                log.exception("a tab couldn't be told")

    def _listen(self) -> list[Heard]:
        return [*database().read(self._ear.listen), *(one for other in self._others for one in other())]

    async def _tell(self, token: str, topics: set[str]) -> None:
        follows = self._follows(open_tabs().path(token), topics)
        if follows is None and not topics & COUNTED:
            return
        async with self._app.modify_state(rx.BaseStateToken(ident=token, cls=SessionState)) as state:
            root = state._get_root_state()
            if topics & COUNTED:
                await _count(root)
            if follows is not None:
                owner, load = follows
                await load(await loaded(root, owner))

    def _follows(self, path: str, topics: set[str]) -> Loader | None:
        """The loader of the page, if the topics make it load anew."""
        found = self._followed.get(path) or self._followed.get(f"{path.rpartition('/')[0]}/[token]")
        return found[0] if found and found[1] & topics else None


async def _count(root: Any) -> None:
    """Count anew for whoever the tab's session is now; nothing for one that has ended."""
    session = await loaded(root, SessionState)
    person = await database().in_reading_thread(person_of, session._session_hash, now=utc_now())
    if person is not None:
        counted = await database().in_reading_thread(database().read, counters, person)
        publish(await loaded(root, CartState), count=counted.cart)
        publish(await loaded(root, FeedState), unread=counted.unread)
