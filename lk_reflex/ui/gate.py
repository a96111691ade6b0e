"""What every event passes before any handler: deny by default, identity bound to the cookie, pages loaded in place."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx
from reflex.event import Event
from reflex.istate.delta import _resolve_delta
from reflex.middleware.middleware import Middleware
from reflex.state import BaseState, FrontendEventExceptionState, OnLoadInternalState, StateUpdate
from reflex_base.registry import RegistrationContext
from reflex_base.utils.format import format_event_handler

from lk_reflex.core.clock import utc_now
from lk_reflex.core.ending import ending
from lk_reflex.core.errors import Unavailable
from lk_reflex.core.metrics import turned_away
from lk_reflex.core.strain import Strain
from lk_reflex.core.traces import Outcome, came_to
from lk_reflex.domain.accounts.contacts import only_contact
from lk_reflex.domain.identity.access import Actor
from lk_reflex.ui.address import address_of, path_of
from lk_reflex.ui.guard import level_of
from lk_reflex.ui.lifetime import forget, is_whole, renew
from lk_reflex.ui.live import open_tabs
from lk_reflex.ui.new_version import BUILD
from lk_reflex.ui.publish import publish
from lk_reflex.ui.session import SessionState
from lk_reflex.ui.traced import its_turn
from lk_reflex.ui.tree import complete, thin_out
from lk_reflex.ui.who import cookie_hash, guest_behind, guest_cookie_hash, loaded, person_of, tab_of
from lk_reflex.wiring import database, gauge, uploads

#: Reflex's own events that a browser needs; all others of its own, and every handler without a guard, are refused.
HYDRATE = format_event_handler(rx.State.hydrate_and_load)  # pyright: ignore[reportArgumentType]
ON_LOAD = format_event_handler(OnLoadInternalState.on_load_internal)  # pyright: ignore[reportArgumentType]
SCRIPT_FAULT = format_event_handler(FrontendEventExceptionState.handle_frontend_exception)  # pyright: ignore
log = logging.getLogger(__name__)
NOTHING = StateUpdate(delta={}, events=[])
#: After so many seconds a tab whose database doesn't answer is asked to come again.
AWAY = 1.0
#: Of a press that came to a tab whose states are gone.
ANEW = (
    "Связь с этой страницей прерывалась, и мы прочли её заново. Проверьте введённое и нажмите кнопку ещё раз: дважды "
    "ничего не отправится."
)
BUSY = "Сейчас много обращений, сначала мы принимаем показания. Откройте раздел ещё раз через минуту."

Loader = tuple[type[rx.State], Callable[..., Any]]


class Gate(Middleware):
    """Runs under the tab's lock. `loaders` maps a page's route to the state and handler that fill it.

    `followers` maps it to the event that the browser sends when it has what the page shows first: for what may come
    a moment later, like charts. `ranks` are those of the routes that are filled while others are put off.
    """

    def __init__(
        self, loaders: Mapping[str, Loader], followers: Mapping[str, Any] | None = None, *,
        ranks: Mapping[str, Strain] | None = None,
    ) -> None:  # fmt: skip
        self.loaders, self.followers, self.ranks = loaders, followers or {}, ranks or {}

    async def preprocess(self, app: Any, state: BaseState, event: Event) -> StateUpdate | None:
        """Let an event through (None), answer it here, or refuse it in silence.

        Whoever opens a page waits until it is filled; whoever presses something, until the work on it is begun.
        """
        if event.name not in (HYDRATE, ON_LOAD):
            its_turn()
        try:
            return await self._answer(state, event)
        finally:
            its_turn()

    async def _answer(self, state: BaseState, event: Event) -> StateUpdate | None:
        root = state._get_root_state()
        session = await loaded(root, SessionState)
        if event.name == HYDRATE:
            return await self._connected(root, session, knows=bool(event.payload.get("hashes")))
        if session._whole_at is None:
            complete(root)  # the tab is older than its states here; all that it shows may be gone
        if _is_somebodys(root) and not _has_files(event):
            if not is_whole(session, now=utc_now()):
                return await self._begin_anew(root, session, event)
            await renew(session, now=utc_now())
        if (session._session_hash, session._guest_hash) != (cookie_hash(root), guest_cookie_hash(root)):
            # Another cookie than the one this state was made for: only a new handshake may change hands.
            return _refused(event, "another cookie")
        if event.name == ON_LOAD:
            return await self._load_page(root)
        if event.name == SCRIPT_FAULT:
            return None
        registered = RegistrationContext.get().event_handlers.get(event.name)
        if registered is None or event.name.endswith(".setvar") or level_of(registered.handler.fn) is None:
            return _refused(event, "no guard")
        if _has_files(event) and not uploads().brought_by(tab_of(root), session._session_hash):
            # Files don't come over the tab's socket: whoever knows its name could send them with a cookie of their own.
            return _refused(event, "another's files")
        return None

    def _opened(self, root: BaseState, person: Actor | None) -> None:
        staff = person is not None and person.is_staff()
        open_tabs().opened(tab_of(root), person.user_id if person else None, path_of(root), staff=staff)

    async def _connected(self, root: BaseState, session: SessionState, *, knows: bool) -> StateUpdate | None:
        """A connection begins. One whose page can't be read for now comes again by itself; nobody waits for nothing.

        A page just loaded `knows` how all states are at the beginning. One that has been open may show what is gone.
        """
        try:
            person = await _bind(root, session)
        except Unavailable:
            came_to(Outcome.BUSY)
            asyncio.get_running_loop().call_later(AWAY, ending().send_one_away, tab_of(root))
            return NOTHING
        self._opened(root, person)
        await self._fill_before_snapshot(root, session)
        if not knows:
            complete(root)
        return None

    async def _fill_before_snapshot(self, root: BaseState, session: SessionState) -> None:
        """A new connection gets its page's data with the very snapshot of the states.

        An empty snapshot first would take the rows off a screen that has merely lost its connection for a moment,
        and with them the fields in which somebody is typing.
        """
        session._page = session._filled = ""
        if not self._put_off(root, session) and await self._fill(root, session) is None:
            session._filled = address_of(root)

    async def _begin_anew(self, root: BaseState, session: SessionState, event: Event) -> StateUpdate:
        """Redis has lost what this tab's states held: fill its page as for a new connection, which it isn't.

        What was pressed isn't done: it may have been meant for what isn't there any longer. Where it was a link, its
        page is there now; all else is told to be pressed again.
        """
        person = await _bind(root, session)
        self._opened(root, person)
        outcome = await self._fill(root, session)
        if event.name != ON_LOAD and outcome is None:
            publish(session, fault=ANEW)
        came_to(Outcome.REFUSED)
        turned_away("event: states gone")
        root.is_hydrated = True  # pyright: ignore[reportAttributeAccessIssue]
        delta = await _resolve_delta(root.dict())
        root._clean()
        outcome = outcome or self._follower(path_of(root))
        return StateUpdate(delta=delta, events=Event.from_event_type(outcome) if outcome else [])

    async def _load_page(self, root: BaseState) -> StateUpdate:
        """Fill a page within this one event, instead of a chain of three."""
        open_tabs().moved(tab_of(root), path_of(root))
        thin_out(root)
        session = await loaded(root, SessionState)  # nobody's may have been dropped with the others
        path, filled, outcome = path_of(root), session._filled == address_of(root), None
        session._filled = ""
        if filled or not self._put_off(root, session):
            outcome = None if filled else await self._fill(root, session)
            outcome = outcome or self._follower(path)
        # Said each time: the browser takes it back by itself whenever its address changes.
        root.is_hydrated = True  # pyright: ignore[reportAttributeAccessIssue]
        delta = await root._get_resolved_delta()
        root._clean()
        return StateUpdate(delta=delta, events=Event.from_event_type(outcome) if outcome else [])

    def _follower(self, path: str) -> Any:
        return self.followers.get(path) or self.followers.get(_dynamic(path))

    def _put_off(self, root: BaseState, session: SessionState) -> bool:
        """Whether this page has to wait for calmer minutes; what is on the screen stays, and the page says so."""
        path = path_of(root)
        rank = self.ranks.get(path) or self.ranks.get(_dynamic(path)) or Strain.SECTIONS
        # Whoever is inside already goes before those at the doors: of a tab's pages only sections are ever put off.
        if rank > Strain.SECTIONS or not gauge().turns_away(rank):
            return False
        came_to(Outcome.BUSY)
        publish(session, fault=BUSY)
        return True

    async def _fill(self, root: BaseState, session: SessionState) -> Any:
        """Run the loader of the page at the browser's address; returns its event for the browser, if any."""
        path = path_of(root)
        loader = self.loaders.get(path) or self.loaders.get(_dynamic(path))
        if loader is None:
            return None
        owner, load = loader
        outcome = await load(await loaded(root, owner))
        session._page = path
        return outcome


def _dynamic(path: str) -> str:
    """The route of a page whose address ends in a token: «/activate/x» is «/activate/[token]»."""
    return f"{path.rpartition('/')[0]}/[token]"


def _is_somebodys(root: BaseState) -> bool:
    return bool(cookie_hash(root) or guest_cookie_hash(root))


def _has_files(event: Event) -> bool:
    lists = [value for value in event.payload.values() if isinstance(value, list)]
    return any(isinstance(item, rx.UploadFile) for value in lists for item in value)


def _refused(event: Event, reason: str) -> StateUpdate:
    came_to(Outcome.REFUSED)
    turned_away(f"event: {reason}")
    log.info("event refused (%s): %.200s", reason, event.name)
    return NOTHING


async def _bind(root: BaseState, session: SessionState) -> Actor | None:
    """A connection begins: whose cookies are they? What another person (or nobody) left in this tab is forgotten.

    A guest's visit is as much somebody's as a session: the next guest at the same screen sees nothing of the last one.
    """
    hashed, guest_hashed, now = cookie_hash(root), guest_cookie_hash(root), utc_now()
    if not is_whole(session, now=now):
        await forget(root)  # whose it was is gone: what is left may be anybody's
    person = await database().in_reading_thread(person_of, hashed, now=now) if hashed else None
    guest = await database().in_reading_thread(guest_behind, guest_hashed, now=now) if guest_hashed else None
    another = session._session_hash and (person is None or session._session_hash != hashed)
    another_guest = session._guest_hash and (guest is None or session._guest_hash != guest_hashed)
    if another or another_guest:
        draft = session._draft
        root.reset()
        session._draft = draft
    session._session_hash, session._guest_hash = hashed, guest_hashed
    await renew(session, now=now, at_once=True)
    _introduce(session, person)
    if person is None:
        await _tell_whom_to_ask(session)
    return person


def _introduce(session: SessionState, person: Actor | None) -> None:
    publish(session, email=person.email if person else "", role=person.role if person else "", build=BUILD)


async def _tell_whom_to_ask(session: SessionState) -> None:
    only = await database().in_reading_thread(database().read, only_contact)
    publish(session, help_name=only.name if only else "", help_phone=only.phone if only else "")
