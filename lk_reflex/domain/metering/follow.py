"""«Новое показание» and «Объем изменения» follow each other: from what is typed in one, the text of the other."""

from lk_reflex.core.exact import NBSP
from lk_reflex.domain.metering.average import volume_between
from lk_reflex.domain.metering.rules import Scale, value_after
from lk_reflex.domain.metering.typed import Unreadable, parse_number
from lk_reflex.domain.metering.units import number


def volume_for(reading: str, scale: Scale, decimals: int) -> str:
    """«2,090» for a reading; empty where it can't be read or is lower than the last one."""
    volume = volume_made(reading, scale, decimals)
    return "" if volume is None else _plain(volume, decimals)


def volume_made(reading: str, scale: Scale, decimals: int) -> int | None:
    """The volume in thousandths that a reading makes; None where it can't be read or is lower than the last one."""
    value = volume_typed(reading, scale, decimals)
    volume = -1 if value is None else volume_between(scale.last or 0, value, scale.digits)
    return None if volume < 0 else volume


def volume_typed(volume: str, scale: Scale, decimals: int) -> int | None:
    """A typed figure in thousandths; None where it can't be read."""
    try:
        return parse_number(volume, digits=scale.digits, decimals=decimals)
    except Unreadable:
        return None


def reading_for(volume: str, scale: Scale, decimals: int) -> str:
    """«86,210» for a volume; empty where it can't be read."""
    typed = volume_typed(volume, scale, decimals)
    return "" if typed is None else _plain(value_after(typed, scale), decimals)


def _plain(value: int, decimals: int) -> str:
    """Without the spaces between thousands, as a person would type it."""
    return number(value, decimals).replace(NBSP, "")
