"""What the frame around every page shows of the person and the account, handed over by the page."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

Text = str | rx.Var[str]


@dataclass(frozen=True)
class Frame:
    """Ready strings or state vars; the widgets themselves know no state.

    `ready` turns true when the private data have come: until then the page shows a skeleton, since the prepared HTML
    holds nobody's data. An empty `account_number` then means that no account is linked.
    `message` is the one banner of the page, said aloud when it changes; `message_kind`: good, due, bad or info.
    """

    account_number: Text = ""
    address: Text = ""
    email: Text = ""
    cart_count: int | rx.Var[int] = 0
    #: Whether the person works here, and has a desk beside the cabinet.
    staff: bool | rx.Var[bool] = False
    #: Whether they administer it, too.
    admin: bool | rx.Var[bool] = False
    unread_count: int | rx.Var[int] = 0
    #: The addresses of the sections that the account's organization does without.
    off: Any = None
    help_phone: Text = ""
    help_name: Text = ""
    ready: bool | rx.Var[bool] = True
    message: Text = ""
    message_kind: Text = "good"


def lacking(frame: Frame, path: str) -> rx.Var[bool]:
    """Whether the account's organization does without the section at that address."""
    return rx.Var.create(False) if frame.off is None else frame.off.contains(path)


def present(text: Text) -> rx.Var[bool]:
    """Whether a text, known now or only in the browser, isn't empty."""
    # Of a field that a state's dict doesn't name the browser knows nothing, which isn't a text either.
    return rx.Var.create(text).bool()


def joined(*parts: Text) -> Any:
    """One text of several, each known now or only in the browser."""
    whole: Any = rx.Var.create("")
    for part in parts:
        whole = whole + part
    return whole
