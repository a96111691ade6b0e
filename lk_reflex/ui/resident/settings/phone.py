"""«Сотовый телефон»: confirmed by a code where SMS are delivered, and honestly unconfirmed where they aren't."""

from typing import Any

import reflex as rx

from lk_reflex.domain.identity.contacts.phone_codes import confirm_phone, give_up, waiting_phone
from lk_reflex.domain.identity.contacts.phones import format_phone, mobile_of
from lk_reflex.domain.identity.contacts.profile import profile_of
from lk_reflex.domain.identity.contacts.send_code import change_phone, resend_code
from lk_reflex.settings import get_settings
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.settings.telling import answered
from lk_reflex.ui.resident.settings.words import CODE, PHONE
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import sms


class PhoneCard(rx.State, mixin=True):
    """The login's phone, and the one to which a code has gone."""

    phone: str = ""
    phone_confirmed: bool = False
    phone_waiting: str = ""
    #: Whether SMS are delivered here at all.
    sms_on: bool = True

    @rx.event
    @resident(writes=True, calls=True)
    def change_phone(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Изменить»: send a code, or keep the phone as unconfirmed where no SMS are delivered."""
        return answered(self, PHONE, lambda: _change(self, visit, field_text(form, "phone")))

    @rx.event
    @resident(writes=True, calls=True)
    def resend_code(self, visit: Visit) -> Any:
        """«Отправить код ещё раз»."""
        return answered(self, CODE, lambda: _resend(self, visit))

    @rx.event
    @resident(writes=True)
    def confirm_phone(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Подтвердить»: the code was typed in."""
        return answered(self, CODE, lambda: _confirm(self, visit, field_text(form, "code")))

    @rx.event
    @resident(writes=True)
    def give_up_phone(self, visit: Visit) -> Any:
        """«Не менять номер»."""
        return answered(self, CODE, lambda: _give_up(self, visit))


def show_phone(state: Any, visit: Visit) -> None:
    """The phone as it is, and as it may become."""
    profile = visit.read(profile_of)
    publish(
        state,
        phone=format_phone(profile.phone),
        phone_confirmed=profile.phone_confirmed,
        phone_waiting=format_phone(visit.read(waiting_phone, now=visit.now)),
        sms_on=sms() is not None,
    )


def _change(state: Any, visit: Visit, typed: str) -> str:
    phone = mobile_of(typed)
    sent = change_phone(
        visit.database, sms(), visit.actor, phone, key=get_settings().key(), client=visit.client, now=visit.now
    )
    show_phone(state, visit)
    publish(state, code_form=state.code_form + 1)
    if not sent:
        return (
            f"Телефон изменён: {format_phone(phone)}. Он не подтверждён: отправка СМС в этой организации не подключена."
        )
    return f"Мы отправили СМС с кодом на {format_phone(phone)}. Введите код, и номер изменится."


def _resend(state: Any, visit: Visit) -> str:
    phone = resend_code(
        visit.database, sms(), visit.actor, key=get_settings().key(), client=visit.client, now=visit.now
    )
    show_phone(state, visit)
    return f"Новый код отправлен на {format_phone(phone)}. Прежний больше не действует."


def _confirm(state: Any, visit: Visit, typed: str) -> str:
    key = get_settings().key()
    phone = confirm_phone(visit.database, visit.actor, typed, key=key, client=visit.client, now=visit.now)
    show_phone(state, visit)
    publish(state, phone_form=state.phone_form + 1)
    return f"Телефон изменён и подтверждён: {format_phone(phone)}."


def _give_up(state: Any, visit: Visit) -> str:
    visit.write(give_up, now=visit.now)
    show_phone(state, visit)
    publish(state, phone_form=state.phone_form + 1)
    return "Номер телефона остался прежним."
