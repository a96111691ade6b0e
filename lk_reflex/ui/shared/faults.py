"""A fault of a form, as a state publishes it: which field, and the sentence. No Reflex here."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """`field_id` is the id of the field's input; `message` is the same sentence as beside the field."""

    field_id: str
    message: str
