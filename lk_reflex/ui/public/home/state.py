"""What the home page knows: where a person was going, and what was wrong with the last try to sign in."""

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

import reflex as rx

from lk_reflex.domain.identity.cookies import FLASH_COOKIE, cookie_value
from lk_reflex.domain.identity.demo import DEMO_PASSWORD, DEMO_PEOPLE
from lk_reflex.settings import get_settings
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit


@dataclass(frozen=True)
class DemoLogin:
    """A login of the demonstration, offered with one press."""

    email: str
    who: str
    password: str


class HomeState(rx.State):
    """The sign-in form is native: the password never comes here."""

    login: str = ""
    target: str = ""
    login_error: str = ""
    password_error: str = ""
    faults: list[Fault] = []
    demo_logins: list[DemoLogin] = []

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> rx.event.EventSpec | None:
        """Read the address and, after a refused try, the note about it."""
        note = self._note() if visit.query("fault") else {}
        fields: dict[str, str] = note.get("faults", {})
        shown = [Fault(name or "login", sentence) for name, sentence in fields.items()]
        publish(
            self,
            target=visit.query("next")[:500],
            login=str(note.get("login", "")),
            login_error=fields.get("login", ""),
            password_error=fields.get("password", ""),
            faults=shown,
            demo_logins=_demo_logins(),
        )
        return rx.set_focus(SUMMARY_ID) if shown else None

    def _note(self) -> dict[str, Any]:
        """The refused try's own cookie: what the same person typed a moment ago."""
        headers = self._get_root_state().router_data.get("headers") or {}
        try:
            note = json.loads(unquote(cookie_value(headers.get("cookie", ""), FLASH_COOKIE)))
        except ValueError:
            return {}
        return note if isinstance(note, dict) and isinstance(note.get("faults"), dict) else {}


def _demo_logins() -> list[DemoLogin]:
    if not get_settings().preview:
        return []
    return [DemoLogin(person.email, person.who, DEMO_PASSWORD) for person in DEMO_PEOPLE]
