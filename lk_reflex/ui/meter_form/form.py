"""The form of readings as a browser sends it: anything may be missing or of another type. No Reflex here."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.ui.form_texts import field_text
from lk_reflex.ui.meter_form.rows import reading_id, volume_id, yes_id

_LONGEST = 100


#: So many earlier texts of a field are remembered.
_REMEMBERED = 20


@dataclass(frozen=True)
class Pair:
    """The texts of both fields as the server knows them: one typed (`by_volume`: that one), the other made from it.

    The browser may still show what a field held before: the answer to the last word typed travels while the button is
    pressed. `readings` and `volumes` are those earlier texts.
    """

    reading: str = ""
    volume: str = ""
    by_volume: bool = False
    readings: tuple[str, ...] = ("",)
    volumes: tuple[str, ...] = ("",)

    def turned(self, reading: str, volume: str, *, by_volume: bool = False) -> "Pair":
        """The next pair, with this one's texts among the earlier ones."""
        readings = (*self.readings, self.reading.strip())[-_REMEMBERED:]
        volumes = (*self.volumes, self.volume.strip())[-_REMEMBERED:]
        return Pair(reading, volume, by_volume, readings, volumes)

    def meant(self, reading: str, volume: str) -> Entry:
        """What a form that holds these texts means."""
        leading, following = (volume, reading) if self.by_volume else (reading, volume)
        known, made = (self.volume, self.reading) if self.by_volume else (self.reading, self.volume)
        earlier = self.readings if self.by_volume else self.volumes
        anew = leading.strip() != known.strip()
        untouched = following.strip() == made.strip()
        if (untouched and not anew) or not leading.strip() or not following.strip():
            return Entry(reading, volume)
        # What is typed last never lags behind the server; what was made from it may.
        if untouched or following.strip() in earlier:
            return self._alone(leading, by_volume=self.by_volume)
        return Entry(reading, volume) if anew else self._alone(following, by_volume=not self.by_volume)

    @staticmethod
    def _alone(text: str, *, by_volume: bool) -> Entry:
        return Entry("", text) if by_volume else Entry(text)


def text_of(value: object) -> str:
    """What was typed, cut to a sensible length; an empty string for anything that isn't text."""
    return value[:_LONGEST] if isinstance(value, str) else ""


def entries_of(form: Mapping[str, Any], rows: Iterable[str], pairs: Mapping[str, Pair]) -> dict[str, Entry]:
    """What was typed by row, told apart from what only followed it."""
    return {
        row: pairs.get(row, Pair()).meant(_typed(form, reading_id(row)), _typed(form, volume_id(row))) for row in rows
    }


def _typed(form: Mapping[str, Any], name: str) -> str:
    return field_text(form, name, longest=_LONGEST)


def confirmed(form: Mapping[str, Any], tokens: Mapping[str, str]) -> list[str]:
    """The tokens of the questions whose «Да, показание верное» is ticked."""
    return [token for row, token in tokens.items() if field_text(form, yes_id(row))]
