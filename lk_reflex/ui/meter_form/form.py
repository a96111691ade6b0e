"""The form of readings as a browser sends it: anything may be missing or of another type. No Reflex here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lk_reflex.domain.metering.entries import Entry
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.meter_form.rows import reading_id, volume_id, yes_id

_LONGEST = 100


@dataclass(frozen=True)
class Pair:
    """The texts of both fields as the server knows them: one typed, the other filled in from it."""

    reading: str = ""
    volume: str = ""


def text_of(value: object) -> str:
    """What was typed, cut to a sensible length; an empty string for anything that isn't text."""
    return value[:_LONGEST] if isinstance(value, str) else ""


def entries_of(form: Mapping[str, Any], rows: Iterable[str], pairs: Mapping[str, Pair]) -> dict[str, Entry]:
    """What was typed by row. Where only one of the two fields changed since they agreed, it alone speaks."""
    found = {}
    for row in rows:
        pair = pairs.get(row, Pair())
        reading, volume = _typed(form, reading_id(row)), _typed(form, volume_id(row))
        if reading.strip() == pair.reading.strip() and volume.strip() != pair.volume.strip():
            reading = "" if volume.strip() else reading
        elif reading.strip() != pair.reading.strip() and volume.strip() == pair.volume.strip():
            volume = "" if reading.strip() else volume
        found[row] = Entry(reading, volume)
    return found


def _typed(form: Mapping[str, Any], name: str) -> str:
    return field_text(form, name, longest=_LONGEST)


def confirmed(form: Mapping[str, Any], tokens: Mapping[str, str]) -> list[str]:
    """The tokens of the questions whose «Да, показание верное» is ticked."""
    return [token for row, token in tokens.items() if field_text(form, yes_id(row))]
