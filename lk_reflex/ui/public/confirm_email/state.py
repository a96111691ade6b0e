"""Подтверждение адреса: the press that makes the new e-mail the login."""

from datetime import datetime
from typing import Any

import reflex as rx

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import DomainError
from lk_reflex.domain.accounts.grants import take_up
from lk_reflex.domain.accounts.reading_links import end_links
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.confirm_email import Changed, change_behind, confirm_change
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit

ASKS, DONE, STALE = "asks", "done", "stale"
OUTCOME_ID = "outcome"


class ConfirmEmailState(rx.State):
    """Opening the page changes nothing: mail programs open links, too."""

    #: «asks» before the press, then «done»; «stale» for a link that is worth nothing.
    stage: str = ""
    email: str = ""
    signed_in: bool = False

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """Show what a press would do. After the press a lost connection comes here again, and finds it done."""
        if self.stage == DONE and not visit.opening:
            return
        email = visit.database.read(change_behind, visit.token, now=visit.now)
        publish(self, stage=ASKS if email else STALE, email=email or "", signed_in=visit.person is not None)

    @rx.event
    @anonymous(writes=True)
    def confirm(self, visit: Visit) -> Any:
        """«Подтвердить адрес»."""
        try:
            changed = visit.database.write(_confirm, visit.token, client=visit.client, now=visit.now)
        except DomainError:
            if self.stage != DONE:  # the second press of an impatient finger
                publish(self, stage=STALE, email="")
        else:
            publish(self, stage=DONE, email=changed.email, signed_in=visit.person is not None)
        return rx.set_focus(OUTCOME_ID)


def _confirm(db: Writer, token: str, *, client: Client, now: datetime) -> Changed:
    """The new address, and in the same transaction what others have granted to it."""
    changed = confirm_change(db, token, client=client, now=now)
    take_up(db, changed.user_id, now=now)
    end_links(db, changed.user_id, now=now)  # those in the old mailbox, which may be somebody else's by now
    return changed
