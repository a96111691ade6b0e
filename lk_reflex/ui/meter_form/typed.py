"""What stands in the fields of a form of readings and was not sent, as it is kept for a reload. No Reflex here."""

from collections.abc import Iterable, Mapping

from lk_reflex.domain.metering.sending.entries import TAKEN_ON
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.meter_form.rows import reading_id, volume_id

_LONGEST = 100


def typed_fields(form: object, rows: Iterable[str], day: str) -> dict[str, str]:
    """By field, what the browser says stands in it: of a row the reading, or else the volume alone.

    `day` is the one that the cabinet itself has put in: it isn't typed.
    """
    found: dict[str, str] = {}
    for row in rows:
        name = next((name for name in (reading_id(row), volume_id(row)) if _text(form, name)), "")
        if name:
            found[name] = _text(form, name)
    taken_on = _text(form, TAKEN_ON)
    return {**found, TAKEN_ON: taken_on} if taken_on and taken_on != day else found


def retyped(texts: Mapping[str, str], row: str, name: str, text: str) -> dict[str, str]:
    """The same with one more text; it stands for both fields of its row, since the other one follows it."""
    others = {known: one for known, one in texts.items() if known not in (reading_id(row), volume_id(row))}
    return {**others, name: text.strip()} if text.strip() else others


def _text(form: object, name: str) -> str:
    return field_text(form, name, longest=_LONGEST).strip()
