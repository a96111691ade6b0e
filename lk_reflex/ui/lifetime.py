"""What a tab's states hold lives and goes as one, though each of them lies in Redis under a key of its own.

Such a key goes half an hour after its state's last change, or when Redis is flushed or short of memory: a tab that is
being used may lose who it belongs to and keep the rest. So all of a tab's keys are given their time anew together, and
where the state of the session is gone or too old, nothing of the rest is used. In one process's memory a tab's states
are one thing; there is nothing to renew.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import reflex as rx
from reflex.istate.manager.redis import StateManagerRedis
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState
from reflex_base.event.context import EventContext

from lk_reflex.ui.session import SessionState

#: All of a tab's keys get their time anew so often at most, while it is used.
RENEW_EVERY = timedelta(minutes=2)
#: Before the end of the time that the keys were given.
MARGIN = timedelta(minutes=1)
_RENEW = "for _, key in ipairs(KEYS) do redis.call('EXPIRE', key, ARGV[1]) end"


def is_whole(session: SessionState, *, now: datetime) -> bool:
    """Whether all that the tab's states held is still there; not so for one that has never been connected."""
    manager = EventContext.get().state_manager
    if session._whole_at is None or not isinstance(manager, StateManagerRedis):
        return session._whole_at is not None
    return now - session._whole_at < timedelta(seconds=manager.token_expiration) - MARGIN


async def renew(session: SessionState, *, now: datetime, at_once: bool = False) -> None:
    """Give all of the tab's states their time anew, if it is time."""
    if session._whole_at and not at_once and timedelta() <= now - session._whole_at < RENEW_EVERY:
        return
    session._whole_at = now
    manager, token = EventContext.get().state_manager, EventContext.get().token
    if isinstance(manager, StateManagerRedis):
        keys = _keys(token)
        call: Any = manager.redis.eval
        await call(_RENEW, len(keys), *keys, manager.token_expiration)


async def forget(root: BaseState) -> None:
    """Leave nothing of what the tab's states held, also of those that nobody has read; all of them are there then."""
    manager, token = EventContext.get().state_manager, EventContext.get().token
    if isinstance(manager, StateManagerRedis):
        left = await manager.redis.delete(*_keys(token))
        await manager.get_state(BaseStateToken(ident=token, cls=rx.State), for_state_instance=root)
        if left:
            root.reset()


def _keys(token: str) -> list[str]:
    of_tab = BaseStateToken(ident=token, cls=rx.State)
    return [of_tab._state_key(state) for state in _states(rx.State)]


def _states(state: type[BaseState]) -> Iterator[type[BaseState]]:
    yield state
    for below in state.get_substates():
        yield from _states(below)
