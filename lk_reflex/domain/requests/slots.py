"""The places of a request's files: which kinds of requests have them, and how many files each takes."""

import re

from lk_reflex.domain.requests.kinds import Kind

PHOTO, FILE, MESSAGE = "photo", "file", "message"
PASSPORT, ACT = "passport", "act"
MOST = 10
_METER = re.compile(rf"(m[1-9][0-9]{{0,3}}):({PASSPORT}|{ACT})")
_OF_KIND = {Kind.EMERGENCY: PHOTO, Kind.APPEAL: FILE}


def meter_slot(row_key: str, document: str) -> str:
    """The place of a meter's document: «m1:passport»."""
    return f"{row_key}:{document}"


def row_of(slot: str) -> str:
    """The key of the meter's row that a place belongs to; empty where it is no meter's."""
    found = _METER.fullmatch(slot)
    return found[1] if found else ""


def knows_slot(kind: Kind, slot: str) -> bool:
    """Whether a request of this kind has such a place. Messages have one in all of them."""
    return slot == MESSAGE or slot == _OF_KIND.get(kind) or (kind is Kind.SEALING and bool(row_of(slot)))


def room_of(slot: str) -> int:
    """How many files a place takes at most: one for a meter's document, where a new one replaces it."""
    return 1 if row_of(slot) else MOST
