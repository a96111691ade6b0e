"""Регистрация: the form's faults, the picture of the code, and where the letter went."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.identity.registering.application import Application, application_faults
from lk_reflex.domain.identity.registering.captcha import may_be_shown, new_captcha
from lk_reflex.domain.identity.registering.emails import clean_email, likely_slip
from lk_reflex.domain.identity.registering.registration import register, resend
from lk_reflex.settings import get_settings
from lk_reflex.ui.form_texts import field_text, secret_text, ticked
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.shared.forms import SUMMARY_ID
from lk_reflex.ui.visit import Visit

FIELDS = ("email", "password", "again", "phone", "captcha", "terms", "consent")
SENT_ID = "sent"
DOUBT = "Проверьте адрес: может быть, {}? Если адрес верный, отправьте форму ещё раз"
ONCE_MORE = "Мы отправили письмо ещё раз."


class RegisterState(rx.State):
    """Passwords pass through and are never kept here; the fields keep what was typed by themselves."""

    captcha_token: str = ""
    errors: dict[str, str] = dict.fromkeys(FIELDS, "")
    faults: list[Fault] = []
    #: The address to which a letter went; with it the page shows that instead of the form.
    sent_to: str = ""
    said: str = ""

    #: The address about which the person was asked whether it is right.
    _doubted: str = ""
    #: The form behind the letter: somebody else may fill in another one with the same address.
    _form_id: int = 0

    @rx.event
    @anonymous(writes=True)
    def load(self, visit: Visit) -> None:
        """An empty form. Who reloads the page after sending it still reads where the letter went."""
        publish(self, errors=dict.fromkeys(FIELDS, ""), faults=[], said="")
        if visit.came_from:
            publish(self, sent_to="")
        if not self.sent_to:
            self._show_code(visit)

    @rx.event
    @anonymous(writes=True, slow=True)
    def submit(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Отправить письмо для активации аккаунта»."""
        if self.sent_to:
            return rx.set_focus(SENT_ID)  # the second press of an impatient finger
        filled = _application(form)
        try:
            self._ask_about_slip(filled)
            settings = get_settings()
            sent = register(visit.database, filled, visit.client, key=settings.key(), site=settings.site, now=visit.now)
        except Invalid as fault:
            return self._refuse(visit, fault.fields)
        except Refused as refusal:
            return self._refuse(visit, {"email": refusal.message})
        self._form_id = sent.form_id
        publish(self, sent_to=sent.email, captcha_token="", errors=dict.fromkeys(FIELDS, ""), faults=[], said="")
        return rx.set_focus(SENT_ID)

    @rx.event
    @anonymous(writes=True)
    def another_code(self, visit: Visit) -> None:
        """«Изменить код»: another picture; what is typed elsewhere stays."""
        self.captcha_token = visit.database.write(new_captcha, now=visit.now, client=visit.client)

    @rx.event
    @anonymous(writes=True)
    def send_again(self, visit: Visit) -> Any:
        """«Отправить письмо ещё раз»."""
        if not self.sent_to:
            return None
        try:
            visit.database.write(
                resend,
                self.sent_to,
                client=visit.client,
                site=get_settings().site,
                now=visit.now,
                form_id=self._form_id,
            )
        except Refused as refusal:
            publish(self, said=refusal.message)
        else:
            publish(self, said=ONCE_MORE)
        return rx.set_focus(SENT_ID)

    @rx.event
    @anonymous(writes=True)
    def another_address(self, visit: Visit) -> None:
        """Back to an empty form."""
        publish(self, sent_to="", said="")
        self._show_code(visit)

    def _show_code(self, visit: Visit) -> None:
        """A picture whose code can still be typed: the same one as long as it can."""
        if not self.captcha_token or not visit.database.read(may_be_shown, self.captcha_token, now=visit.now):
            self.captcha_token = visit.database.write(new_captcha, now=visit.now, client=visit.client)

    def _ask_about_slip(self, filled: Application) -> None:
        """Once for each address; only where nothing else is wrong. Raises Invalid."""
        email = clean_email(filled.email)
        meant = likely_slip(email)
        if meant and email != self._doubted and not application_faults(filled):
            self._doubted = email
            raise Invalid({"email": DOUBT.format(meant)})

    def _refuse(self, visit: Visit, fields: dict[str, str]) -> Any:
        publish(
            self,
            errors={name: fields.get(name, "") for name in FIELDS},
            faults=[Fault(name, fields[name]) for name in FIELDS if name in fields],
        )
        if fields.keys() == {"captcha"}:
            self.captcha_token = ""  # the wrong code was typed: it gets another picture
        self._show_code(visit)
        return rx.set_focus(SUMMARY_ID)


def _application(form: object) -> Application:
    return Application(
        email=field_text(form, "email"),
        password=secret_text(form, "password"),
        again=secret_text(form, "again"),
        phone=field_text(form, "phone"),
        captcha=field_text(form, "captcha"),
        captcha_token=field_text(form, "captcha_token"),
        terms=ticked(form, "terms"),
        consent=ticked(form, "consent"),
    )
