"""«Пароль»: changed by who knows the present one; who has none gets a link by mail."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.identity.contacts.profile import profile_of
from lk_reflex.domain.identity.passwords.asked_again import NO_PASSWORD
from lk_reflex.domain.identity.passwords.change import change_password
from lk_reflex.domain.identity.passwords.reset import ask_reset
from lk_reflex.settings import get_settings
from lk_reflex.ui.form_texts import secret_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.settings.devices import show_devices
from lk_reflex.ui.resident.settings.telling import answered
from lk_reflex.ui.resident.settings.words import PASSWORD
from lk_reflex.ui.visit import Visit

NOT_TWICE = "Пароли не совпадают. Введите новый пароль ещё раз"
AGAIN = "Введите новый пароль ещё раз"


class PasswordCard(rx.State, mixin=True):
    """Whether there is a password to ask for; passwords themselves never come here."""

    has_password: bool = True

    @rx.event
    @resident(writes=True, slow=True)
    def change_password(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Изменить пароль»: signs out everywhere but here."""
        return answered(self, PASSWORD, lambda: _change(self, visit, form))

    @rx.event
    @resident(writes=True)
    def ask_password(self, visit: Visit) -> Any:
        """«Задать пароль»: a link to the login's own mailbox, so that a borrowed session can't set one."""
        return answered(self, PASSWORD, lambda: _ask(visit))


def _change(state: Any, visit: Visit, form: object) -> str:
    new, again = secret_text(form, "new"), secret_text(form, "again")
    if not visit.read(profile_of).has_password:
        raise Refused(NO_PASSWORD)
    if new and new != again:
        raise Invalid({"again": NOT_TWICE if again else AGAIN})
    settings = get_settings()
    ended = change_password(
        visit.database, visit.actor, secret_text(form, "current"), new,
        key=settings.key(), site=settings.site, client=visit.client, now=visit.now,
    )  # fmt: skip
    publish(state, password_form=state.password_form + 1)
    show_devices(state, visit)
    others = f" Завершено сеансов на других устройствах: {ended}." if ended else ""
    return f"Пароль изменён.{others}"


def _ask(visit: Visit) -> str:
    if visit.read(profile_of).has_password:
        raise Refused("У вашей учётной записи уже есть пароль: измените его здесь.")
    email = visit.actor.email
    visit.database.write(ask_reset, email, client=visit.client, site=get_settings().site, now=visit.now)
    return f"Мы отправили письмо на {email}. Откройте ссылку из него в течение часа и задайте пароль."
