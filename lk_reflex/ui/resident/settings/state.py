"""Настройки: one state of many cards, and what they share: the page's sentence and the faults of the form sent."""

from typing import Any

import reflex as rx

from lk_reflex.domain.identity.contacts.profile import profile_of
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.settings.data import DataCard, show_data
from lk_reflex.ui.resident.settings.deletion import DeletionCard
from lk_reflex.ui.resident.settings.devices import DevicesCard, show_devices
from lk_reflex.ui.resident.settings.email import EmailCard, show_email
from lk_reflex.ui.resident.settings.gosuslugi import GosuslugiCard, outcome_of_binding, show_gosuslugi
from lk_reflex.ui.resident.settings.mail import MailCard, show_mail
from lk_reflex.ui.resident.settings.password import PasswordCard
from lk_reflex.ui.resident.settings.phone import PhoneCard, show_phone
from lk_reflex.ui.resident.settings.push import PushCard, show_push
from lk_reflex.ui.resident.settings.words import NO_FAULTS, SAID_ID
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.visit import Visit


class SettingsState(
    EmailCard, PhoneCard, PasswordCard, GosuslugiCard, MailCard, PushCard, DevicesCard, DataCard, DeletionCard, rx.State
):
    """One state and not eight: each costs every tab of the cabinet, on whichever page it is."""

    loaded: bool = False
    email: str = ""
    said: str = ""
    said_kind: str = "good"
    #: Whose form was refused, and what was wrong with it.
    faulty: str = ""
    faults: list[Fault] = []
    errors: dict[str, str] = NO_FAULTS
    #: Another number is another form: what was typed goes once it has been taken, and not before.
    email_form: int = 0
    phone_form: int = 0
    code_form: int = 0
    password_form: int = 0

    @rx.event
    @resident
    def load(self, visit: Visit) -> Any:
        """Show everything, and what came back from Госуслуги."""
        visit.chosen()
        profile = visit.read(profile_of)
        said, kind = outcome_of_binding(visit) if visit.opening else (self.said, self.said_kind)
        publish(self, email=profile.email, has_password=profile.has_password, said=said, said_kind=kind)
        publish(self, faulty="", faults=[], errors=NO_FAULTS)
        for show in (show_email, show_phone, show_gosuslugi, show_mail, show_push, show_devices, show_data):
            show(self, visit)
        publish(self, loaded=True)
        return rx.set_focus(SAID_ID) if said else None
