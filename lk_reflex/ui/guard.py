"""The only door of a handler: who may call it is declared, checked at each call, and denied by default.

A guarded handler is an ordinary function `(self, visit, …)`. The guard runs it whole on a database thread, after it
has read the session's row there; the event loop is never held up, and a handler can't forget to check.
"""

import functools
import inspect
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_type_hints

import reflex as rx

from lk_reflex.core.clock import utc_now
from lk_reflex.core.errors import DomainError, Unavailable
from lk_reflex.core.executors import on
from lk_reflex.core.strain import Strain
from lk_reflex.core.traces import Outcome, came_to, number
from lk_reflex.domain.accounts.guest import Guest
from lk_reflex.domain.identity.access import Actor
from lk_reflex.ui.account import AccountState
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.feed import FeedState
from lk_reflex.ui.month import MonthState
from lk_reflex.ui.publish import publish
from lk_reflex.ui.session import Draft, SessionState
from lk_reflex.ui.visit import Visit
from lk_reflex.ui.who import cookie_hash, guest_behind, guest_cookie_hash, loaded, person_of
from lk_reflex.wiring import bank_threads, database, gauge, network_threads, password_threads, picture_threads

log = logging.getLogger(__name__)
MARK = "__lk_guard__"
BUSY = "Сейчас много обращений, сначала мы принимаем показания. Введённое осталось в полях, повторите через минуту."
HOME = "/"
#: Where a guest goes whose half hour is over, and is told so.
GUEST_OVER, GUEST_KEPT = "/?guest=over", "/?guest=kept"
Work = Callable[..., Any]
Pool = Callable[[], ThreadPoolExecutor]


@dataclass(frozen=True, slots=True)
class Level:
    """Who may call: anyone, any signed-in person, one of some roles, or a guest at one account's readings."""

    name: str
    roles: frozenset[str] | None = None
    visiting: bool = False

    def admits(self, actor: Actor | None, guest: Guest | None = None) -> bool:
        """Whether this person may."""
        if self.visiting:
            return guest is not None
        if self.roles is None:
            return True
        return actor is not None and (not self.roles or actor.role in self.roles)


@dataclass(frozen=True, slots=True)
class Turn:
    """When a handler is put off for want of time: from which strain on, and what is said in its place.

    `instead` gets the state and may return an event; None says BUSY above the page. It runs on the event loop, with
    no database, and leaves the fields and the form's key alone: the same press a minute later is the first one.
    """

    rank: Strain = Strain.FORMS
    instead: Callable[[Any], Any] | None = None


ORDINARY = Turn()
#: What always has its turn: a payment's result.
ALWAYS = Turn(Strain.NEVER)
#: A help while typing, that the form can do without.
WHILE_CALM = Turn(Strain.SECTIONS, lambda _state: None)

ANYONE = Level("anonymous")
SIGNED_IN = Level("resident", frozenset())
VISITING = Level("guest", visiting=True)


def anonymous(work: Work | None = None, *, writes: bool = False, slow: bool = False) -> Any:
    """Anyone may call, signed in or not. `slow` is for passwords: a thread apart from the database's own."""
    return _declared(work, ANYONE, writes, password_threads if slow else None)


def resident(
    work: Work | None = None, *, writes: bool = False, slow: bool = False, calls: bool = False, draws: bool = False,
    asks_bank: bool = False, turn: Turn = ORDINARY,
) -> Any:  # fmt: skip
    """Any signed-in person may call; what they see and change is theirs by the services' own queries.

    `calls` is for work that waits for an outside system, `asks_bank` for a bank, `draws` for people's photos: each
    on threads of their own, so that a slow bank keeps no code from being sent.
    """
    pool = password_threads if slow else _outside(calls, asks_bank) or (picture_threads if draws else None)
    return _declared(work, SIGNED_IN, writes, pool, turn)


def guest(work: Work | None = None, *, writes: bool = False, turn: Turn = ORDINARY) -> Any:
    """Only whoever has a live visit without registration may call; `visit.guest` is the proof of its account."""
    return _declared(work, VISITING, writes, None, turn)


def staff(
    *roles: str, writes: bool = False, calls: bool = False, asks_bank: bool = False, draws: bool = False
) -> Callable[[Work], Any]:  # fmt: skip
    """Only people with one of these roles may call; `calls`, `asks_bank` and `draws` as for residents."""
    pool = _outside(calls, asks_bank) or (picture_threads if draws else None)
    return lambda work: _guarded(work, Level("staff", frozenset(roles)), writes, pool)


def level_of(handler: object) -> Level | None:
    """The declared level of a handler's function, or None where it was forgotten."""
    return getattr(handler, MARK, None)


def _outside(calls: bool, asks_bank: bool) -> Pool | None:
    return bank_threads if asks_bank else network_threads if calls else None


def _declared(work: Work | None, level: Level, writes: bool, pool: Pool | None, turn: Turn = ORDINARY) -> Any:
    """With or without brackets: `@resident` and `@resident(writes=True)`."""
    if work is None:
        return lambda real: _guarded(real, level, writes, pool, turn)
    return _guarded(work, level, writes, pool, turn)


def _guarded(work: Work, level: Level, writes: bool, pool: Pool | None, turn: Turn = ORDINARY) -> Any:
    given = inspect.signature(work)
    rest = [parameter for parameter in given.parameters.values() if parameter.name != "visit"]
    expected = {parameter.name for parameter in rest[1:]}
    needed = {parameter.name for parameter in rest[1:] if parameter.default is inspect.Parameter.empty}

    async def handler(self: rx.State, **kwargs: Any) -> Any:
        if not needed <= kwargs.keys() <= expected:
            came_to(Outcome.REFUSED)
            log.info("call refused (arguments): %s", work.__qualname__)
            return None
        if gauge().turns_away(turn.rank):
            return await _put_off(self, turn)
        shared = await _shared(self)
        if pool is not None:
            job = functools.partial(_enter, work, level, writes, self, shared, kwargs)
            try:
                return await on(pool(), job)
            except Unavailable as full:
                came_to(Outcome.BUSY)
                return publish(shared[0], fault=full.message)
        run = database().in_writing_thread if writes else database().in_reading_thread
        return await run(_enter, work, level, writes, self, shared, kwargs)

    handler.__name__, handler.__qualname__ = work.__name__, work.__qualname__
    handler.__module__, handler.__doc__ = work.__module__, work.__doc__
    # Reflex reads the signature to match a page's arguments; `visit` is the guard's own.
    hints = get_type_hints(work)
    handler.__annotations__ = {name: hint for name, hint in hints.items() if name not in ("visit", "return")}
    handler.__signature__ = given.replace(parameters=rest, return_annotation=inspect.Signature.empty)  # pyright: ignore
    setattr(handler, MARK, level)
    return handler


Shared = tuple[SessionState, AccountState, MonthState, CartState, FeedState]


async def _shared(state: rx.State) -> Shared:
    root = state._get_root_state()
    return (
        await loaded(root, SessionState),
        await loaded(root, AccountState),
        await loaded(root, MonthState),
        await loaded(root, CartState),
        await loaded(root, FeedState),
    )


async def _put_off(state: rx.State, turn: Turn) -> Any:
    """There is no time for it now: said where the handler would have spoken, or above the page."""
    came_to(Outcome.BUSY)
    if turn.instead is not None:
        return turn.instead(state)
    publish(await loaded(state._get_root_state(), SessionState), fault=BUSY)
    return None


def _enter(
    work: Work,
    level: Level,
    writes: bool,
    state: rx.State,
    shared: Shared,
    given: dict[str, Any],
) -> Any:
    """Check, run, and turn what goes wrong into a sentence. Runs on a database thread."""
    session, person = shared[0], None
    try:
        now = utc_now()
        person = person_of(cookie_hash(state), now=now)
        guested = guest_behind(guest_cookie_hash(state), now=now) if level.visiting else None
        if not level.admits(person, guested):
            came_to(Outcome.REFUSED)
            return _guest_home(state, session, given, now) if level.visiting else rx.redirect(session._way_out or HOME)
        visit = Visit(person, database(), now, *shared, writes, guested)
        outcome = work(state, visit, **given)
    except DomainError as fault:
        came_to(Outcome.BUSY if isinstance(fault, Unavailable) else Outcome.DECLINED)
        publish(session, fault=fault.message)
        return None
    except Exception:  # noqa: BLE001  the outer edge: whatever it was, the person gets a sentence and we get a log
        came_to(Outcome.FAILED)
        publish(session, fault=apology(work.__qualname__, person.user_id if person else None))
        return None
    publish(session, fault="")
    return outcome


def _guest_home(state: rx.State, session: SessionState, given: dict[str, Any], now: datetime) -> Any:
    """To the home page, which says that the half hour is over; what was typed waits for the next one."""
    typed = getattr(state, "_typed_in", None)
    draft = typed(given, now) if typed else Draft()
    if not draft.texts:
        return rx.redirect(GUEST_OVER)
    session._draft = draft
    return rx.redirect(GUEST_KEPT)


def apology(where: str, user_id: int | None = None) -> str:
    """Log the exception at hand under a number, and say that number; `user_id` is whose event it was."""
    said = number()
    log.exception("error %s in %s", said, where, extra={} if user_id is None else {"user": user_id})
    return (
        f"Что-то пошло не так, мы уже записали ошибку под номером {said}. Повторите через минуту; "
        "если не поможет, назовите этот номер по телефону организации."
    )
