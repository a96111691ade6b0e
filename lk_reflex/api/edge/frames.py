"""What a browser's socket may say: engine.io's frames as our front end writes them, and nothing else.

Whatever else comes would end in Reflex's own code as a traceback in the log, once for each frame.
Source: the socket.io protocol, revision 5, and Reflex 0.10.1's utils/state.js.
"""

import json
from collections.abc import Callable
from enum import Enum
from typing import Any

#: The answer to a ping, and the end of the connection.
_PONG, _END = "3", "1"
_CONNECT, _LEAVE, _EVENT = "40/_event,", "41/_event,", "42/_event,"
#: A handler's full name is far shorter; so are the addresses of pages.
_LONGEST_NAME, _LONGEST_PATH = 300, 4000
#: JSON may nest deeper than Python's own recursion goes.
_DEEPEST = 60


class Frame(Enum):
    """What a frame is: the greeting, something sensible, or what no page of ours sends."""

    GREETING = "greeting"
    SENSIBLE = "sensible"
    STRANGE = "strange"


def judge(frame: str | bytes | None, known: Callable[[str], bool]) -> Frame:
    """What this frame is; `known` tells whether a handler of that name exists."""
    if not isinstance(frame, str):
        return Frame.STRANGE  # no page of ours sends bytes over the socket
    if frame in (_PONG, _END, _LEAVE, _LEAVE.rstrip(",")):
        return Frame.SENSIBLE
    if frame.startswith(_CONNECT):
        return Frame.GREETING if _greets(frame[len(_CONNECT) :], known) else Frame.STRANGE
    if frame.startswith(_EVENT):
        return Frame.SENSIBLE if _says(_read(frame[len(_EVENT) :]), known) else Frame.STRANGE
    return Frame.STRANGE


def _greets(text: str, known: Callable[[str], bool]) -> bool:
    """The page's address and what it wants first may come along."""
    if not text:
        return True
    said = _read(text)
    return isinstance(said, dict) and ("event" not in said or _is_event(said["event"], known))


def _says(said: Any, known: Callable[[str], bool]) -> bool:
    match said:
        case ["event", event]:
            return _is_event(event, known)
        case ["client_error", {}] | ["ping"]:
            return True
    return False


def _is_event(event: Any, known: Callable[[str], bool]) -> bool:
    if not isinstance(event, dict):
        return False
    name, payload, router = event.get("name"), event.get("payload", {}), event.get("router_data", {})
    return (
        isinstance(name, str)
        and len(name) <= _LONGEST_NAME
        and known(name)
        and isinstance(payload, dict)
        and isinstance(router, dict)
        and all(_is_path(router.get(key, "")) for key in ("pathname", "asPath"))
        and _is_query(router.get("query", {}))
    )


def _is_path(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= _LONGEST_PATH


def _is_query(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(text, str | list) for text in value.values())


def _read(text: str) -> Any:
    """The JSON, or None where it is none, or is nested beyond sense."""
    if text.count("[") + text.count("{") > _DEEPEST and _depth(text) > _DEEPEST:
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _depth(text: str) -> int:
    """How deep the brackets go, those inside of texts counted with: more than enough is refused, never too little."""
    deepest = level = 0
    for char in text:
        if char in "[{":
            level += 1
            deepest = max(deepest, level)
        elif char in "]}":
            level -= 1
    return deepest
