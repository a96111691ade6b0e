"""How the cards answer: one sentence above the page, or faults above the form and at its fields."""

from collections.abc import Callable, Mapping
from typing import Any

import reflex as rx

from lk_reflex.core.errors import DomainError, Invalid
from lk_reflex.ui.publish import publish
from lk_reflex.ui.resident.settings.words import FIELDS, NO_FAULTS, SAID_ID, field_id, summary_id
from lk_reflex.ui.shared.faults import Fault


def answered(state: rx.State, card: str, work: Callable[[], str]) -> Any:
    """Do the work and say its sentence; what is wrong is said at the fields of the card's form."""
    try:
        return tell(state, work())
    except Invalid as fault:
        return refuse(state, card, fault.fields)
    except DomainError as fault:
        return tell(state, fault.message, "bad")


def tell(state: rx.State, sentence: str, kind: str = "good") -> Any:
    """Put the sentence into the page's one message and the focus on it: the page is long."""
    publish(state, said=sentence, said_kind=kind, faulty="", faults=[], errors=NO_FAULTS)
    return rx.set_focus(SAID_ID)


def refuse(state: rx.State, card: str, fields: Mapping[str, str]) -> Any:
    """Show the faults of a form, in the order of its fields."""
    given = [(field_id(card, name), fields[name]) for name in FIELDS[card] if name in fields]
    publish(
        state,
        said="",
        faulty=card,
        faults=[Fault(place, sentence) for place, sentence in given],
        errors={**NO_FAULTS, **dict(given)},
    )
    return rx.set_focus(summary_id(card))
