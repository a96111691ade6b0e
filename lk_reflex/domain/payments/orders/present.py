"""How an order is written for people."""

from lk_reflex.domain.payments.tables import ADVANCE, ADVANCE_PENALTY, PENALTY


def grouped(number: str) -> str:
    """«261123 1234 5678»: the day, and the rest in fours, as people read it out; the number itself has no spaces."""
    day, rest = number[:6], number[6:]
    return "\u00a0".join([day, *(rest[at : at + 4] for at in range(0, len(rest), 4))])


def result_path(number: str) -> str:
    """The payer's page of what became of an order, as letters, the feed and the bank lead to it.

    The screens have it in their own table of addresses, which knows nothing of orders.
    """
    return f"/cart/result/{number}"


def masked_card(card: str) -> str:
    """«•••• 1111» out of what the bank masked («411111******1111»); empty where it gave none."""
    digits = "".join(char for char in card[-4:] if char.isdigit())
    return f"••••\u00a0{digits}" if len(digits) == 4 else ""


def line_called(service: str, part: str) -> str:
    """«МУП ПОВВ:ХВС», «МУП ПОВВ:ХВС, пени»; an advance is the receipt's as a whole: «Аванс», «Аванс, пени»."""
    name = "Аванс" if part in (ADVANCE, ADVANCE_PENALTY) else service
    return f"{name}, пени" if part in (PENALTY, ADVANCE_PENALTY) else name
