"""Orders and cards for the tests of the bank's inside."""

from dataclasses import replace

from lk_reflex.standins.bank.desk import drafted
from lk_reflex.standins.bank.machine import Change, try_card
from lk_reflex.standins.bank.model import RBS, Order

T = 1_795_000_000.0
LIVES = 1200.0
AMOUNT = 291146


def new(wire: str = RBS, **changes) -> Order:
    """One just registered at `T`."""
    fields = {
        "number": "26112300000001", "description": "Квартплата", "return_url": "http://localhost/back",
        "fail_url": "http://localhost/fail", "extra": "{}",
    }  # fmt: skip
    order = drafted(fields, merchant="", wire=wire, amount=AMOUNT, lives=LIVES, now=T)
    return replace(order, **changes)


def tried(order: Order, way, now: float = T + 1) -> Change:
    """After that card."""
    return try_card(order, way, "411111**1111", "203112", "123456", now=now)
