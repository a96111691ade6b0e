"""The earlier readings of a meter as ready strings. No Reflex here."""

from collections.abc import Iterable
from dataclasses import dataclass

from lk_reflex.core.clock import format_date
from lk_reflex.domain.metering.history import ACCOUNTED, PastReading
from lk_reflex.domain.metering.units import number
from lk_reflex.ui.paths import FILES

SHOWN = 13
NOT_YET, NOT_COUNTED, UNTOLD = "Ещё не учтено", "Не учитывается", "Дата ещё не пришла"


@dataclass(frozen=True)
class PastRow:
    """One earlier reading; `fate` is «Передано», «Учтено», «Заменено …» or empty for billing's own."""

    key: str
    accounted: str
    taken: str
    source: str
    value: str
    fate: str
    #: Where the picture that went with it is looked at; empty without one.
    photo: str = ""
    has_photo: bool = False


@dataclass(frozen=True)
class PastList:
    """The newest readings, and the earlier ones kept folded: a meter lives for many years."""

    rows: list[PastRow]
    earlier: list[PastRow]
    earlier_title: str
    photos: bool = False


NOTHING = PastList([], [], "")


def past_list(readings: Iterable[PastReading]) -> PastList:
    """The readings in the order they come, newest first."""
    rows = [_row(str(place), reading) for place, reading in enumerate(readings)]
    earlier = rows[SHOWN:]
    title = f"Более ранние показания: {len(earlier)}"
    return PastList(rows[:SHOWN], earlier, title, any(row.has_photo for row in rows))


def _row(key: str, reading: PastReading) -> PastRow:
    value = number(reading.value, reading.decimals)
    # Billing answers «учтено» first; its own reading, with the day, comes with the next export.
    undated = UNTOLD if reading.fate == ACCOUNTED else NOT_COUNTED if reading.replaced else NOT_YET
    accounted = format_date(reading.accounted_on) or undated
    return PastRow(
        key,
        accounted,
        format_date(reading.taken_on),
        reading.source,
        f"{reading.label}: {value}" if reading.label else value,
        reading.fate,
        f"{FILES}/{reading.photo}" if reading.photo else "",
        bool(reading.photo),
    )
