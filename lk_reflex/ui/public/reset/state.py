"""Новый пароль: what the link in the letter is worth, and the new password behind it."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.domain.identity.passwords.reset import STALE, link_works, reset_password
from lk_reflex.domain.identity.tokens import token_hash
from lk_reflex.settings import get_settings
from lk_reflex.ui.form_texts import secret_text
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

OUTCOME_ID = "outcome"


class ResetState(rx.State):
    """Opening the page changes nothing: programs that check mail open links, too. The password never stays here."""

    loaded: bool = False
    works: bool = False
    done: bool = False
    #: Whether Госуслуги were unbound with the old password.
    unbound: bool = False
    reason: str = ""
    password_error: str = ""
    faults: list[Fault] = []
    #: Grows with each answer, by which the button knows that it came.
    answers: int = 0

    #: The link behind which this tab has set a password: it is worth nothing any more, and yet all is well.
    _used: str = ""

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """Look what the link is worth."""
        done = self._used != "" and self._used == token_hash(visit.token)
        works = visit.database.read(link_works, visit.token, now=visit.now)
        publish(
            self,
            loaded=True,
            works=works,
            done=done,
            reason="" if works or done else STALE,
            password_error="",
            faults=[],
        )

    @rx.event
    @anonymous(writes=True, slow=True)
    def save(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Сохранить новый пароль»."""
        settings, password = get_settings(), secret_text(form, "password")
        try:
            unbound = reset_password(
                visit.database,
                visit.token,
                password,
                key=settings.key(),
                site=settings.site,
                client=visit.client,
                now=visit.now,
            )
        except Invalid as fault:
            sentence = fault.fields["password"]
            publish(self, answers=self.answers + 1, password_error=sentence, faults=[Fault("password", sentence)])
            return rx.set_focus(SUMMARY_ID)
        except NotFound:
            self._settle(done=self._used == token_hash(visit.token))  # an impatient second press finds it used
            return rx.set_focus(OUTCOME_ID)
        self._used = token_hash(visit.token)
        publish(self, unbound=unbound)
        self._settle(done=True)
        return rx.set_focus(OUTCOME_ID)

    def _settle(self, *, done: bool) -> None:
        reason = "" if done else STALE
        publish(self, answers=self.answers + 1, works=False, done=done, reason=reason, password_error="", faults=[])
