"""The regulation of applications for sealing, and «Получить услугу +»."""

from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError
from lk_reflex.domain.accounts.linked import LinkedAccount
from lk_reflex.domain.accounts.switches import OFF, SEALING, switches
from lk_reflex.domain.accounts.texts import SEALING_REGULATION, own_text
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.sealing.rows import open_sealing
from lk_reflex.ui import paths
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.prose import Block, blocks_of
from lk_reflex.ui.visit import Visit

REFUSAL_ID = "refused"
NO_ACCOUNT = "Чтобы подать заявку, привяжите лицевой счет: заявка подаётся по нему"
OF_WHOM = "МУП ПОВВ"


class SealingRegulation(rx.State):
    """What the chosen account's organization says of the service."""

    loaded: bool = False
    heading: str = paths.TITLES[paths.SEALING]
    #: As the text names the organization: «Личный кабинет …».
    organization: str = OF_WHOM
    #: The organization's own text; empty where the manual's holds.
    blocks: list[Block] = []
    #: Why the service can't be got; empty where it can.
    refusal: str = ""
    account: str = ""
    linked: bool = False

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """The regulation of the chosen account's organization."""
        account = visit.chosen()
        name = _short_name(account)
        body = visit.database.read(own_text, account.organization_id, SEALING_REGULATION) if account else ""
        publish(
            self,
            loaded=True,
            heading=f"Регламент обработки электронной заявки на опломбировку счётчиков в «Личном кабинете {name}»",
            organization=name,
            blocks=blocks_of(body),
            refusal=_refusal(visit, account),
            linked=account is not None,
            account=f"{account.number}, {account.address}" if account else "",
        )

    @rx.event
    @resident(writes=True)
    def get_service(self, visit: Visit) -> Any:
        """«Получить услугу +»: to the form of a draft; one that nobody has touched is used again."""
        account = visit.chosen()
        refusal = _refusal(visit, account)
        if account is None or refusal:
            publish(self, refusal=refusal)
            return rx.set_focus(REFUSAL_ID)
        try:
            number = visit.write(open_sealing, now=visit.now)
        except DomainError as fault:
            publish(self, refusal=fault.message)
            return rx.set_focus(REFUSAL_ID)
        return rx.redirect(paths.request_form(Kind.SEALING.value, number))


def _refusal(visit: Visit, account: LinkedAccount | None) -> str:
    if account is None:
        return NO_ACCOUNT
    return "" if visit.database.read(switches, account.organization_id)[SEALING] else OFF


def _short_name(account: LinkedAccount | None) -> str:
    """Without quotes of its own: it stands within some, as the manual has it."""
    return account.organization.replace("«", "").replace("»", "") if account else OF_WHOM
