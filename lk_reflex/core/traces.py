"""What is being done just now: the ids under which its lines stand in the log, and what came of it.

A request, a socket's event or a job begins one; it goes along into the threads that work for it.
"""

import re
import secrets
from contextvars import ContextVar, Token
from dataclasses import dataclass
from enum import StrEnum

#: What other programs may have called a request: nothing that could forge a line, or speak of a person.
_ID = re.compile(r"[0-9A-Za-z-]{8,64}")
#: So much of an id is said on the phone.
SAID = 6


class Outcome(StrEnum):
    """What came of an event."""

    OK = "ok"
    DECLINED = "declined"  # a rule of ours said no, in a sentence
    REFUSED = "refused"  # whoever asked had no right to
    BUSY = "busy"  # put off for want of time or room, or something outside is away
    FAILED = "failed"  # our fault
    LEFT = "left"  # whoever asked has gone meanwhile


@dataclass(slots=True)
class Trace:
    """One piece of work. Only one of `request`, `event` and `job` begins it; `handler` is the event's."""

    request: str = ""
    event: str = ""
    handler: str = ""
    job: str = ""
    outcome: Outcome = Outcome.OK

    @property
    def number(self) -> str:
        """What a person is told of it: the beginning of its id, in capitals."""
        return (self.request or self.event or new_id())[:SAID].upper()


_present: ContextVar[Trace | None] = ContextVar("lk_trace", default=None)


def new_id() -> str:
    """An id for a request."""
    return secrets.token_hex(8)


def given_id(text: str) -> str:
    """The id that a trusted proxy has given; a new one where it is none."""
    return text if _ID.fullmatch(text) else new_id()


def begin(trace: Trace) -> Token[Trace | None]:
    """From here on, in this context, all that is done belongs to it."""
    return _present.set(trace)


def end(token: Token[Trace | None]) -> None:
    """What is done from here on doesn't."""
    _present.reset(token)


def present() -> Trace | None:
    """What is being done, if it is known."""
    return _present.get()


def came_to(outcome: Outcome) -> None:
    """Note what became of the present work."""
    trace = _present.get()
    if trace is not None:
        trace.outcome = outcome


def number() -> str:
    """The number under which a person may ask about the present work; a new one where nothing is known of it."""
    trace = _present.get()
    return (trace or Trace()).number
