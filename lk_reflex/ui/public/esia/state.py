"""Вход через Госуслуги: who stands at the door, and what was wrong with the last try."""

from typing import Any

import reflex as rx

from lk_reflex.domain.identity.esia.visitors import Visitor, email_known, visitor_of
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.flash import faults_in, note_in
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

#: The form's fields in their order; a sentence of the whole form leads to the first.
FIELDS = ("login", "password", "email", "terms", "consent")


class EsiaState(rx.State):
    """Both forms are native: they end in a cookie. Only the visitor's own browser is told of the visitor."""

    ready: bool = False
    present: bool = False
    name: str = ""
    #: Whether a login for the offered e-mail comes to be at once, and whether the person's own has one already.
    sure: bool = False
    known: bool = False
    login: str = ""
    email: str = ""
    #: Where an activation letter went.
    sent_to: str = ""
    connected: bool = True
    errors: dict[str, str] = dict.fromkeys(FIELDS, "")
    faults: list[Fault] = []

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> rx.event.EventSpec | None:
        """Read the visitor behind the browser's cookie and, after a refused try, the note about it."""
        visitor = visit.database.read(visitor_of, visit.cookies, now=visit.now)
        if visit.person and not visitor:  # «Назад» after the login has come to be
            publish(self, ready=False)
            return rx.redirect(paths.OVERVIEW)
        note = note_in(visit.cookies) if visit.query("fault") or visit.query("sent") else {}
        found = faults_in(note) if visit.query("fault") and visitor else {}
        known = visitor is not None and visit.database.read(email_known, visitor)
        publish(
            self,
            **_visitor(visitor, note, known=known),
            ready=True,
            sent_to=str(note.get("email", "")) if visit.query("sent") and not visitor else "",
            connected=get_settings().esia_on,
            errors={name: found.get(name, "") for name in FIELDS},
            faults=[Fault(name or FIELDS[0], sentence) for name, sentence in found.items()],
        )
        return rx.set_focus(SUMMARY_ID) if found else None


def _visitor(visitor: Visitor | None, note: dict[str, Any], *, known: bool) -> dict[str, Any]:
    """Who it is. In the fields stands what was typed, or else the e-mail of Госуслуги where it is of use."""
    told = visitor.person.email if visitor else ""
    return {
        "present": visitor is not None,
        "name": visitor.person.short_name if visitor else "",
        "sure": bool(visitor and visitor.sure_email) and not known,
        "known": known,
        "login": str(note.get("login") or (told if known else "")),
        "email": str(note.get("email") or ("" if known else told)),
    }
