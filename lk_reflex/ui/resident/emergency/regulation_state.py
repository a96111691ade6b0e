"""Whom to call about an accident, and «Получить услугу +»."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError
from lk_reflex.domain.accounts.linked import LinkedAccount
from lk_reflex.domain.accounts.switches import EMERGENCY, switches
from lk_reflex.domain.accounts.texts import EMERGENCY_REGULATION, own_text
from lk_reflex.domain.requests.emergency.addressees import Addressee, addressee, addressees
from lk_reflex.domain.requests.emergency.opening import NOBODY, open_emergency
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.ui import paths
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.prose import Block, blocks_of
from lk_reflex.ui.visit import Visit

REFUSAL_ID = "refused"
OFF = "{name} не принимает такие заявки через личный кабинет. Позвоните"
#: Without an account nobody knows whose pipes these are: so many numbers are named.
MOST = 10


@dataclass(frozen=True)
class Call:
    """Whom to call: the number as written, and as a telephone dials it."""

    name: str
    phone: str
    href: str


class EmergencyRegulation(rx.State):
    """The chosen account's organization, or all that take reports."""

    loaded: bool = False
    calls: list[Call] = []
    #: The organization's own text; empty where the manual's holds.
    blocks: list[Block] = []
    #: Why no report can be sent; empty where it can.
    refusal: str = ""

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Numbers first: who is in a hurry calls."""
        account = visit.chosen()
        told, refusal = _told(visit, account)
        body = visit.database.read(own_text, account.organization_id, EMERGENCY_REGULATION) if account else ""
        publish(
            self, loaded=True, calls=[call_of(one) for one in told[:MOST] if one.phone], blocks=blocks_of(body),
            refusal=refusal,
        )  # fmt: skip

    @rx.event
    @resident(writes=True)
    def get_service(self, visit: Visit) -> Any:
        """«Получить услугу +»: to the form of a draft; one that nobody has touched is used again."""
        try:
            number = visit.write(open_emergency, now=visit.now)
        except DomainError as fault:
            publish(self, refusal=fault.message)
            return rx.set_focus(REFUSAL_ID)
        return rx.redirect(paths.request_form(Kind.EMERGENCY.value, number))


def call_of(one: Addressee) -> Call:
    """An organization with its number."""
    dialled = "".join(char for char in one.phone if char.isdigit() or char == "+")
    return Call(one.name, one.phone, f"tel:{dialled}")


def _told(visit: Visit, account: LinkedAccount | None) -> tuple[tuple[Addressee, ...], str]:
    """Whom to call, and why no report can be sent."""
    if account is None:
        found = visit.database.read(addressees)
        return found, "" if found else NOBODY
    one = visit.database.read(addressee, account.organization_id)
    on = visit.database.read(switches, account.organization_id)[EMERGENCY]
    return (one,), "" if on else OFF.format(name=one.name)
