"""The only door of a handler: who may call it is declared, checked at each call, and denied by default.

A guarded handler is an ordinary function `(self, visit, …)`. The guard runs it whole on a database thread, after it
has read the session's row there; the event loop is never held up, and a handler can't forget to check.
"""

import inspect
import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar, get_type_hints

import reflex as rx
from reflex.state import BaseState

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import DomainError, Refused
from lk_reflex.domain.accounts.linked import LinkedAccount, chosen_account
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.cookies import session_hash
from lk_reflex.domain.identity.sessions import RENEW_AFTER, identify, renew
from lk_reflex.domain.payments.cart import cart_count
from lk_reflex.ui.account import AccountState, show_account
from lk_reflex.ui.address import parameter, path_of
from lk_reflex.ui.cart import CartState
from lk_reflex.ui.month import MonthState
from lk_reflex.ui.publish import publish
from lk_reflex.ui.session import SessionState
from lk_reflex.wiring import database

log = logging.getLogger(__name__)
MARK = "__lk_guard__"
HOME = "/"
P = ParamSpec("P")
T = TypeVar("T")
StateType = TypeVar("StateType", bound=BaseState)
Work = Callable[..., Any]


@dataclass(slots=True)
class Visit:
    """What a handler works with during one call: the person, the database, the moment, the shared states."""

    person: Actor | None
    database: Database
    now: datetime
    session: SessionState
    account: AccountState
    month: MonthState
    cart: CartState
    writes: bool

    @property
    def actor(self) -> Actor:
        """The signed-in person; only where the guard let nobody else in."""
        if self.person is None:
            raise Refused("Войдите в личный кабинет")
        return self.person

    def read(self, service: Callable[Concatenate[Reader, Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a reading service as this person."""
        return self.database.read(service, self.actor, *args, **kwargs)

    def write(self, service: Callable[Concatenate[Writer, Actor, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Call a service in one transaction as this person; committed when this returns."""
        if not self.writes:
            raise TypeError("declare the handler with writes=True: it would block a reader's thread")
        return self.database.write(service, self.actor, *args, **kwargs)

    def chosen(self) -> LinkedAccount | None:
        """The account that all sections show; it and the cart's counter are published to the header."""
        account = self.read(chosen_account)
        show_account(self.account, account)
        publish(self.cart, count=self.read(cart_count))
        return account

    @property
    def opening(self) -> bool:
        """Whether the page is being opened, and not merely turned to another month or row of itself."""
        return self.session._page != path_of(self.session._get_root_state())

    def query(self, name: str) -> str:
        """A parameter of the page's address; whatever the browser claims, so check it."""
        return parameter(self.session._get_root_state(), name)


@dataclass(frozen=True, slots=True)
class Level:
    """Who may call: anyone, any signed-in person, or one of some roles."""

    name: str
    roles: frozenset[str] | None = None

    def admits(self, actor: Actor | None) -> bool:
        """Whether this person may."""
        if self.roles is None:
            return True
        return actor is not None and (not self.roles or actor.role in self.roles)


ANYONE = Level("anonymous")
SIGNED_IN = Level("resident", frozenset())


def anonymous(work: Work) -> Any:
    """Anyone may call, signed in or not."""
    return _guarded(work, ANYONE, writes=False)


def resident(work: Work | None = None, *, writes: bool = False) -> Any:
    """Any signed-in person may call; what they see and change is theirs by the services' own queries."""
    if work is None:
        return lambda real: _guarded(real, SIGNED_IN, writes=writes)
    return _guarded(work, SIGNED_IN, writes=writes)


def staff(*roles: str, writes: bool = False) -> Callable[[Work], Any]:
    """Only people with one of these roles may call."""
    return lambda work: _guarded(work, Level("staff", frozenset(roles)), writes=writes)


def level_of(handler: object) -> Level | None:
    """The declared level of a handler's function, or None where it was forgotten."""
    return getattr(handler, MARK, None)


def _guarded(work: Work, level: Level, *, writes: bool) -> Any:
    given = inspect.signature(work)
    rest = [parameter for parameter in given.parameters.values() if parameter.name != "visit"]
    expected = {parameter.name for parameter in rest[1:]}
    needed = {parameter.name for parameter in rest[1:] if parameter.default is inspect.Parameter.empty}

    async def handler(self: rx.State, **kwargs: Any) -> Any:
        if not needed <= kwargs.keys() <= expected:
            log.info("call refused (arguments): %s", work.__qualname__)
            return None
        shared = await _shared(self)
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


Shared = tuple[SessionState, AccountState, MonthState, CartState]


async def _shared(state: rx.State) -> Shared:
    root = state._get_root_state()
    return (
        await loaded(root, SessionState),
        await loaded(root, AccountState),
        await loaded(root, MonthState),
        await loaded(root, CartState),
    )


async def loaded(root: BaseState, state_class: type[StateType]) -> StateType:
    """A state of the same tab; from the tree where it is there already, which is the usual case in one process."""
    found = root.substates.get(state_class.get_name())
    return found if found is not None else await root.get_state(state_class)  # pyright: ignore[reportReturnType]


def cookie_hash(state: BaseState) -> str:
    """The session hash of the socket's own handshake: headers come from the connection, not from the event."""
    headers = vars(state._get_root_state()).get("router_data", {}).get("headers") or {}
    return session_hash(headers.get("cookie", ""))


def _enter(
    work: Work,
    level: Level,
    writes: bool,
    state: rx.State,
    shared: Shared,
    given: dict[str, Any],
) -> Any:
    """Check, run, and turn what goes wrong into a sentence. Runs on a database thread."""
    session = shared[0]
    try:
        now = utc_now()
        person = person_of(cookie_hash(state), now=now)
        if not level.admits(person):
            return rx.redirect(HOME)
        visit = Visit(person, database(), now, *shared, writes)
        outcome = work(state, visit, **given)
    except DomainError as fault:
        publish(session, fault=fault.message)
        return None
    except Exception:  # noqa: BLE001  the outer edge: whatever it was, the person gets a sentence and we get a log
        publish(session, fault=apology(work.__qualname__))
        return None
    publish(session, fault="")
    return outcome


def person_of(hashed: str, *, now: datetime) -> Actor | None:
    """Read the session's row; renews its «last seen» now and then, without waiting for it."""
    person = database().read(identify, hashed, now=now)
    if person is not None and now - person.seen_at > RENEW_AFTER:
        database().write_later(renew, person, now=now)
    return person


def apology(where: str) -> str:
    """Log the exception at hand under a number, and say that number."""
    number = secrets.token_hex(3).upper()
    log.exception("error %s in %s", number, where)
    return (
        f"Что-то пошло не так, мы уже записали ошибку под номером {number}. Повторите через минуту; "
        "если не поможет, назовите этот номер по телефону организации."
    )
