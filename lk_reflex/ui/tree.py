"""A tab's states in one process's memory, each made when it is first asked for.

Reflex makes an object of every state of the application for each tab: some ninety kilobytes, of which an open page
uses a tenth, and two milliseconds for reading them all whenever somebody connects. In Redis a state lies under a key
of its own and is read when needed; this does the same for memory.
"""

from typing import Any
from weakref import ref

from reflex.istate.manager.memory import StateManagerMemory
from reflex.istate.manager.token import BaseStateToken
from reflex.state import BaseState


class _Substates(dict[str, BaseState]):
    """The states below `above`, by name."""

    __slots__ = ("_above",)

    def __init__(self, above: BaseState) -> None:
        super().__init__()
        # A circle would wait for the collector, which comes rarely: a tab that has gone is to be gone at once.
        self._above = ref(above)

    def __missing__(self, name: str) -> BaseState:
        above = self._above()
        for below in above.get_substates() if above is not None else ():
            if below.get_name() == name:
                self[name] = made = _made(below, above)
                return made
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        """Also of those that are still to be made: whoever asks takes it next."""
        if super().__contains__(name):
            return True
        above = self._above()
        return above is not None and any(below.get_name() == name for below in above.get_substates())


class StatesInMemory(StateManagerMemory):
    """Reflex's manager, but for when states are made."""

    def _get_or_create_state(self, token: Any) -> Any:
        if isinstance(token, BaseStateToken) and token.cache_key not in self.states:
            self.states[token.cache_key] = _made(token.cls.get_root_state())
        return super()._get_or_create_state(token)


def complete(state: BaseState) -> None:
    """Make all states of the tab: what has never been used on it is sent to it as well, as it is at the beginning."""
    if isinstance(state.substates, _Substates):
        for below in state.get_substates():
            complete(state.substates[below.get_name()])


def thin_out(state: BaseState) -> None:
    """Drop the tab's states that nobody has written to; to be called under its lock."""
    if isinstance(state.substates, _Substates):
        for name, below in list(state.substates.items()):
            thin_out(below)
            if not below._was_touched and not below.substates and name not in state.dirty_substates:
                del state.substates[name]


def _made(of: type[BaseState], above: BaseState | None = None) -> BaseState:
    state = of(above, init_substates=False, _reflex_internal_init=True)
    object.__setattr__(state, "substates", _Substates(state))
    return state
