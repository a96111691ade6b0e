"""«Логин/Email»: a new address by its own link, the old one told."""

from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.domain.identity.contacts.change_email import ask_change, cancel_change, pending_change
from lk_reflex.settings import get_settings
from lk_reflex.ui.form_texts import field_text, secret_text
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.settings.telling import answered
from lk_reflex.ui.resident.settings.words import EMAIL
from lk_reflex.ui.visit import Visit

CANCELLED = "Смена логина отменена. Ссылка из письма больше не действует."
NOT_WAITING = "Смены логина никто не ждёт: она уже отменена или завершена."


class EmailCard(rx.State, mixin=True):
    """The address that waits for its link."""

    pending_email: str = ""
    pending_until: str = ""

    @rx.event
    @resident(writes=True, slow=True)
    def change_email(self, visit: Visit, form: dict[str, Any]) -> Any:
        """«Изменить»: send the link to the new mailbox."""
        return answered(self, EMAIL, lambda: _ask(self, visit, form))

    @rx.event
    @resident(writes=True)
    def cancel_email(self, visit: Visit) -> Any:
        """«Отменить смену логина»."""
        return answered(self, EMAIL, lambda: _cancel(self, visit))


def show_email(state: Any, visit: Visit) -> None:
    """What waits to be confirmed."""
    pending = visit.read(pending_change, now=visit.now)
    until = local_time(pending.expires_at, get_settings().time_zone) if pending else None
    publish(
        state,
        pending_email=pending.email if pending else "",
        pending_until=f"{format_date(until.date())}, {until:%H:%M}" if until else "",
    )


def _ask(state: Any, visit: Visit, form: object) -> str:
    settings = get_settings()
    email = ask_change(
        visit.database, visit.actor, field_text(form, "email"), secret_text(form, "password"),
        key=settings.key(), site=settings.site, client=visit.client, now=visit.now,
    )  # fmt: skip
    show_email(state, visit)
    publish(state, email_form=state.email_form + 1)
    return (
        f"Необходимо активировать новую почту: мы отправили письмо на {email}. Откройте ссылку из него в течение "
        "72 часов. До этого входите с прежним логином."
    )


def _cancel(state: Any, visit: Visit) -> str:
    done = visit.write(cancel_change, client=visit.client, now=visit.now)
    show_email(state, visit)
    return CANCELLED if done else NOT_WAITING
