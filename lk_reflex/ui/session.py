"""The first of the four shared states: who is signed in, and the sentence about what went wrong."""

from dataclasses import dataclass, field
from datetime import datetime

import reflex as rx


@dataclass(frozen=True)
class Draft:
    """What a guest had typed when the half hour ended, by row; for whoever proves the same account in this tab."""

    account_id: int = 0
    texts: dict[str, str] = field(default_factory=dict)
    at: datetime | None = None


class SessionState(rx.State):
    """Filled by the guard alone. Nothing here decides what a person may: the session's row does, at each call."""

    email: str = ""
    role: str = ""
    #: Why the last action failed, where no field is to blame; shown above the page's content.
    fault: str = ""
    #: Whom a stranger asks: the installation's only organization. A resident's own one is in the account's state.
    help_name: str = ""
    help_phone: str = ""
    #: The build that the server of this connection serves: a page of another one says that there is a newer version.
    #: Open pages of all earlier versions look for it under this name.
    build: str = ""

    #: The hash of the cookie for which this tab's state was made; another cookie finds an empty state.
    _session_hash: str = ""
    #: The same of a visit without registration.
    _guest_hash: str = ""
    #: When all of the tab's states were last known to be there; see ui/lifetime.py. None where this one is a new one.
    _whole_at: datetime | None = None
    #: It outlives the change of a guest's cookie; see `Draft`.
    _draft: Draft = Draft()
    #: The address whose data went with the snapshot just sent, so that its load has nothing left to do.
    _filled: str = ""
    #: Where a press leads that comes after this session's end; empty for the home page.
    _way_out: str = ""
    #: The path of the page that is filled: a load for the same path is a step within the page, like another month.
    _page: str = ""
