"""What the instruction knows: how to reach the organizations."""

from dataclasses import dataclass

import reflex as rx

from lk_reflex.domain.accounts.contacts import contacts
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit


@dataclass(frozen=True)
class ContactCard:
    """One organization; `call` is the address behind its phone, and both are empty where none is known."""

    name: str
    phone: str
    call: str
    address: str


class HelpState(rx.State):
    """Public: names, phones and addresses of organizations, as they stand on every receipt."""

    loaded: bool = False
    contacts: list[ContactCard] = []

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """Read the organizations of this installation."""
        found = visit.database.read(contacts)
        cards = [ContactCard(one.name, one.phone, call_address(one.phone), one.address) for one in found]
        publish(self, loaded=True, contacts=cards)


def call_address(phone: str) -> str:
    """«tel:+73512140014» of «+7 (351) 214-00-14»; an empty string of what holds no number."""
    digits = "".join(char for char in phone if char in "+0123456789")
    return f"tel:{digits}" if digits else ""
