"""What an appeal is for, and «Получить услугу +»."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError
from lk_reflex.domain.accounts.linked import LinkedAccount
from lk_reflex.domain.accounts.switches import APPEAL, OFF, switches
from lk_reflex.domain.identity.contacts.phones import format_phone
from lk_reflex.domain.identity.contacts.profile import profile_of
from lk_reflex.domain.requests.appeal.rules import PHONE
from lk_reflex.domain.requests.drafts import open_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.ui import paths
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit

REFUSAL_ID = "refused"
NO_ACCOUNT = "Чтобы написать обращение, привяжите лицевой счет: отвечает организация, которая его ведёт"


class AppealRegulation(rx.State):
    """To whom an appeal of the chosen account goes."""

    loaded: bool = False
    organization: str = ""
    account: str = ""
    linked: bool = False
    #: Why the service can't be got; empty where it can.
    refusal: str = ""

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """The organization of the chosen account."""
        account = visit.chosen()
        publish(
            self,
            loaded=True,
            organization=account.organization if account else "",
            account=f"{account.number}, {account.address}" if account else "",
            linked=account is not None,
            refusal=_refusal(visit, account),
        )

    @rx.event
    @resident(writes=True)
    def get_service(self, visit: Visit) -> Any:
        """«Получить услугу +»: to the form of a draft; one that nobody has touched is used again."""
        account = visit.chosen()
        refusal = _refusal(visit, account)
        if account is None or refusal:
            return self._refuse(refusal)
        form = {PHONE: format_phone(visit.read(profile_of).phone)}
        try:
            number = visit.write(
                open_draft, Kind.APPEAL, organization_id=account.organization_id, account_id=account.account_id,
                now=visit.now, form=form,
            )  # fmt: skip
        except DomainError as fault:
            return self._refuse(fault.message)
        return rx.redirect(paths.request_form(Kind.APPEAL.value, number))

    def _refuse(self, sentence: str) -> Any:
        publish(self, refusal=sentence)
        return rx.set_focus(REFUSAL_ID)


def _refusal(visit: Visit, account: LinkedAccount | None) -> str:
    if account is None:
        return NO_ACCOUNT
    return "" if visit.database.read(switches, account.organization_id)[APPEAL] else OFF
