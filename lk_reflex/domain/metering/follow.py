"""«Новое показание» and «Объем изменения» follow each other: from what is typed in one, the text of the other."""

from lk_reflex.core.exact import NBSP
from lk_reflex.domain.metering.average import volume_between
from lk_reflex.domain.metering.rules import Scale, value_after
from lk_reflex.domain.metering.typed import Unreadable, parse_number
from lk_reflex.domain.metering.units import number


def volume_for(reading: str, scale: Scale, decimals: int) -> str:
    """«2,090» for a reading; empty where it can't be read or is lower than the last one."""
    try:
        value = parse_number(reading, digits=scale.digits, decimals=decimals)
    except Unreadable:
        return ""
    volume = volume_between(scale.last or 0, value, scale.digits)
    return "" if volume < 0 else _plain(volume)


def reading_for(volume: str, scale: Scale, decimals: int) -> str:
    """«86,210» for a volume; empty where it can't be read."""
    try:
        return _plain(value_after(parse_number(volume, digits=scale.digits, decimals=decimals), scale))
    except Unreadable:
        return ""


def _plain(value: int) -> str:
    """Without the spaces between thousands, as a person would type it."""
    return number(value).replace(NBSP, "")
