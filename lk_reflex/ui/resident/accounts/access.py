"""Доступ для близкого человека: given on the card of one's own account, taken back at one press."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.domain.accounts.giving import give_access
from lk_reflex.domain.accounts.wishes import Wish
from lk_reflex.domain.payments.leaving import take_back
from lk_reflex.settings import get_settings
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.form_texts import field_text, ticked
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.accounts.listing import AccountsList, Said
from lk_reflex.ui.visit import Visit

GIVEN = (
    "Мы отправили письмо. Если у человека ещё нет личного кабинета, доступ откроется, когда он зарегистрируется с этим "
    "адресом."
)
NOT_GIVEN = "Доступ пока не открыт"


class AccessPart(AccountsList, mixin=True):
    """The form stands on the card of the account that `giving` names."""

    @rx.event
    @resident
    def open_access(self, visit: Visit, key: str) -> None:
        """«Открыть доступ»; its first field takes the focus by itself."""
        self._forget()
        publish(self, giving=str(row_id(key) or ""), step="")

    @rx.event
    @resident
    def close_access(self, visit: Visit) -> None:
        """«Отмена»."""
        self._forget()
        publish(self, giving="")

    @rx.event
    @resident(writes=True)
    def give(self, visit: Visit, form: dict[str, Any]) -> rx.event.EventSpec | None:
        """Send the form; faults go to their fields, and everything typed stays."""
        if not self.giving:
            return None  # the second press of an impatient finger
        texts = (field_text(form, name) for name in ("email", "name", "ends_on"))
        wish = Wish(*texts, may_send=ticked(form, "may_send"), may_pay=ticked(form, "may_pay"))
        try:
            visit.write(
                give_access, row_id(self.giving), wish, client=visit.client, site=get_settings().site, now=visit.now
            )
        except Invalid as fault:
            return self._refuse(fault.fields, NOT_GIVEN)
        except Refused as refusal:
            return self._refuse({"email": refusal.message}, NOT_GIVEN)
        publish(self, giving="")
        self._show(visit)
        return self._say(Said(f"Доступ для {wish.email.strip()} открыт.", GIVEN))

    @rx.event
    @resident(writes=True)
    def revoke(self, visit: Visit, grant: str) -> rx.event.EventSpec:
        """«Закрыть доступ»: it ends at once, in open tabs as well."""
        visit.write(take_back, row_id(grant), client=visit.client, site=get_settings().site, now=visit.now)
        self._show(visit)
        return self._say(Said("Доступ закрыт.", "Человек больше не видит этот лицевой счет."))
