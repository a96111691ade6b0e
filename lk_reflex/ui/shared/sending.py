"""A form that says that it is under way, from the press to the answer; known to the browser alone."""

from dataclasses import dataclass
from typing import Any

import reflex as rx
from reflex.experimental.client_state import ClientStateVar


@dataclass(frozen=True)
class Sending:
    """`pressed` goes into the form's `on_submit`, before its handler; `now` tells whether the answer is awaited."""

    pressed: Any
    now: rx.Var[bool]


def sending(name: str, answers: rx.Var[int] | int = 0) -> Sending:
    """`answers` is a var that the handler raises with each answer; a native form needs none, since the page goes.

    The button is never disabled by it: after a lost connection a person may press again.
    """
    sent = ClientStateVar.create(f"sent_{name}", default=-1)
    return Sending(sent.set_value(answers), sent.value == answers)
