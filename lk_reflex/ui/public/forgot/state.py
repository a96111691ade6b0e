"""Забыли пароль?: the same answer whatever the address is to us."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Refused
from lk_reflex.domain.identity.passwords.reset import ask_reset
from lk_reflex.domain.identity.registering.emails import clean_email, email_fault
from lk_reflex.settings import get_settings
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

SENT_ID = "sent"
EMPTY = "Введите логин: адрес электронной почты, указанный при регистрации"


class ForgotState(rx.State):
    """The form, or where the letter went."""

    email_error: str = ""
    faults: list[Fault] = []
    #: Grows with each answer, by which the button knows that it came.
    answers: int = 0
    sent_to: str = ""

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """An empty form for who comes by a link; after a reload or a lost connection the answer still stands."""
        publish(self, email_error="", faults=[], sent_to="" if visit.by_link else self.sent_to)

    @rx.event
    @anonymous(writes=True)
    def ask(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Отправить ссылку»."""
        email = clean_email(field_text(form, "email"))
        fault = email_fault(email) if email else EMPTY
        if fault is None:
            try:
                site = get_settings().site
                visit.database.write(ask_reset, email, client=visit.client, site=site, now=visit.now)
            except Refused as refusal:
                fault = refusal.message
        publish(
            self,
            answers=self.answers + 1,
            email_error=fault or "",
            faults=[Fault("email", fault)] if fault else [],
            sent_to="" if fault else email,
        )
        return rx.set_focus(SUMMARY_ID if fault else SENT_ID)

    @rx.event
    @anonymous
    def again(self, visit: Visit) -> Any:
        """«Указать другой адрес»."""
        publish(self, email_error="", faults=[], sent_to="")
        return rx.set_focus("email")
