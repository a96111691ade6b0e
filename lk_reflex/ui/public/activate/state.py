"""Активация аккаунта: the press that makes a login of a waiting form; and where the link is dead, a new one."""

from datetime import datetime
from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Refused
from lk_reflex.domain.accounts.grants import take_up
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.phones import masked_phone
from lk_reflex.domain.identity.registering import registration
from lk_reflex.domain.identity.registering.emails import clean_email, email_fault
from lk_reflex.domain.identity.registering.waiting import Waiting
from lk_reflex.domain.identity.users import user_id_of
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

ACTIVATED = f"{paths.HOME}?done=activated"
ACTIVATED_BY_ESIA = f"{paths.HOME}?done=esia"
OUTCOME_ID = "outcome"
#: Whoever holds the link holds the mailbox: it may be told of its login.
ACTIVE = "Аккаунт уже активирован. Войдите с логином и паролем; если пароль забыт, получите новый."
NO_EMAIL = "Введите адрес электронной почты, с которым вы регистрировались"


class ActivateState(rx.State):
    """Opening the page changes nothing: programs that check mail open links, too."""

    loaded: bool = False
    #: Whose form waits behind the link; empty where the link is dead.
    login: str = ""
    phone: str = ""
    #: Whose identity at Госуслуги will open the login; empty where a password will.
    profile: str = ""
    filled: str = ""
    #: Whether the address behind the link has its login already, by an earlier or later letter.
    active: bool = False
    reason: str = ""
    email_error: str = ""
    faults: list[Fault] = []
    sent_to: str = ""

    #: The link that was pressed here with success: a second press goes the same way.
    _pressed: str = ""

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """Look what waits behind the link."""
        form = visit.database.read(registration.opened, visit.token, now=visit.now)
        if active := _has_login(visit, form):
            form = None
        publish(
            self,
            loaded=True,
            login=form.email if form else "",
            phone=masked_phone(form.phone) if form else "",
            profile=_profile(form.esia) if form else "",
            filled=_filled(form.created_at) if form else "",
            active=active,
            reason="" if form else ACTIVE if active else registration.DEAD,
            email_error="",
            faults=[],
            sent_to="",
        )

    @rx.event
    @anonymous(writes=True)
    def activate(self, visit: Visit) -> Any:
        """«Активировать аккаунт»."""
        if not visit.token or visit.token != self._pressed:
            try:
                visit.database.write(_make_login, visit.token, client=visit.client, now=visit.now)
            except Refused as refusal:
                active = _has_login(visit, visit.database.read(registration.opened, visit.token, now=visit.now))
                publish(self, login="", active=active, reason=ACTIVE if active else refusal.message)
                return rx.set_focus(OUTCOME_ID)
            self._pressed = visit.token
        return rx.redirect(ACTIVATED_BY_ESIA if self.profile else ACTIVATED)

    @rx.event
    @anonymous(writes=True)
    def send_new(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Получить новую ссылку»: the same answer whatever the address is to us."""
        email = clean_email(field_text(form, "email"))
        fault = email_fault(email) if email else NO_EMAIL
        if fault is None:
            try:
                site, zone = get_settings().site, get_settings().time_zone
                visit.database.write(
                    registration.resend, email, client=visit.client, site=site, now=visit.now, time_zone=zone
                )
            except Refused as refusal:
                fault = refusal.message
        publish(
            self,
            email_error=fault or "",
            faults=[Fault("email", fault)] if fault else [],
            sent_to="" if fault else email,
        )
        return rx.set_focus(SUMMARY_ID if fault else OUTCOME_ID)


def _make_login(db: Writer, token: str, *, client: Client, now: datetime) -> None:
    """The login, and in the same transaction the accounts that others have granted to its address."""
    take_up(db, registration.activate(db, token, client=client, now=now), now=now)


def _has_login(visit: Visit, form: Waiting | None) -> bool:
    return form is not None and visit.database.read(user_id_of, form.email) is not None


def _profile(esia: dict[str, object] | None) -> str:
    """A stranger who gave this address would have their own name here, and the owner of the address sees it."""
    return str(esia.get("name") or "да") if esia else ""


def _filled(moment: datetime) -> str:
    local = local_time(moment, get_settings().time_zone)
    return f"{format_date(local.date())} в {local:%H:%M}"
