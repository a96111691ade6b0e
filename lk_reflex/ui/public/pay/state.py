"""Оплата по ссылке: what the link is worth at the moment. Opening it changes nothing: programs open links, too."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.core.clock import utc_now
from lk_reflex.core.money import format_money
from lk_reflex.domain.payments.links.behind import Behind, behind
from lk_reflex.domain.payments.links.paying import see_after
from lk_reflex.domain.payments.links.state import LinkState
from lk_reflex.domain.payments.links.tokens import key_of
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.flash import faults_in, note_in
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.public.pay.words import OVER, Told, told, until
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.faults import Fault
from lk_reflex.ui.visit import Visit
from lk_reflex.wiring import bank_threads, banks

PAYING_FOR, PAID_FOR = "Что оплачивают", "Что оплачено"
#: States that may change at the bank by themselves.
_OPEN = (LinkState.WAITING, LinkState.CHECKING)


@dataclass(frozen=True)
class Bill:
    """Whom to pay, for what and how much. `commission` is empty where there is none on top."""

    organization: str = ""
    number: str = ""
    title: str = ""
    amount: str = ""
    commission: str = ""
    total: str = ""
    until: str = ""
    phone: str = ""
    #: «Что оплачивают», or what was paid.
    heading: str = PAYING_FOR


class PayLinkState(rx.State):
    """One link; nothing of it is kept for whoever opens another one in the same tab."""

    loaded: bool = False
    heading: str = paths.TITLES[paths.PAY]
    told: Told = Told("")
    bill: Bill = Bill()
    payable: bool = False
    #: The page's own address while the bank hasn't said its last word.
    way: str = ""
    #: Somebody waits at the bank's page already: the button goes on with the same payment.
    again: bool = False
    #: The address's own last part, handed back to the form; empty where there is nothing to pay.
    carried: str = ""
    email: str = ""
    faults: list[Fault] = []
    email_fault: str = ""

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """Show what stands behind the link, and have the bank asked where a payment is open."""
        key = key_of(visit.token, get_settings().key())
        found = visit.database.read(behind, key, now=visit.now)
        said = told(found)
        payable = found is not None and found.payable
        publish(
            self,
            loaded=True,
            heading=said.title,
            told=said,
            # Whoever holds a link that is over learns nothing more by it.
            bill=_bill(found) if found and said.title != OVER else Bill(),
            payable=payable,
            way=paths.pay_link(visit.token) if found is not None and found.state in _OPEN else "",
            again=found is not None and found.state is LinkState.WAITING,
            carried=visit.token if payable else "",
        )
        self._show_faults(visit)
        if found is not None and found.state in _OPEN:
            # On a thread of the bank's: the page is there at once, and turns by the signal.
            bank_threads().submit(see_after, visit.database, banks(), key, site=get_settings().site, clock=utc_now)

    def _show_faults(self, visit: Visit) -> None:
        note = note_in(visit.cookies)
        faults = faults_in(note) if note.get("form") == "pay" and visit.opening else {}
        publish(
            self,
            email=str(note.get("email", "")) if faults else "",
            email_fault=faults.get("email", ""),
            faults=[Fault(name or "pay", sentence) for name, sentence in faults.items()],
        )


def _bill(found: Behind) -> Bill:
    return Bill(
        organization=found.organization,
        number=found.number,
        title=found.title,
        amount=format_money(found.amount),
        commission=format_money(found.commission) if found.commission else "",
        total=format_money(found.total),
        until=until(found) if found.payable else "",
        phone=found.phone,
        heading=PAID_FOR if found.state in (LinkState.PAID, LinkState.REFUNDED) else PAYING_FOR,
    )
