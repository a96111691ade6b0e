"""The numbers of requests: what addresses hold, and what people read out to an operator."""

import re
import secrets
from datetime import datetime

from lk_reflex.core.clock import local_date

RANDOM_DIGITS, DIGITS = 6, 12
_SPELLED = re.compile(r"(?:(?:заявк\w*|обращени\w*)\b)?[\s:]*№?\s*((?:[0-9][\s-]*){12})", re.IGNORECASE)


def new_number(now: datetime, zone: str) -> str:
    """12 digits: the organization's day as yymmdd, and six random ones, so that no number tells of another."""
    return f"{local_date(now, zone):%y%m%d}{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"


def grouped(number: str) -> str:
    """«261123-482-913», as screens and letters show it."""
    return f"{number[:6]}-{number[6:9]}-{number[9:]}"


def bare_number(spelled: str) -> str:
    """The 12 digits of a number however it is spelled; an empty text where it isn't one."""
    found = _SPELLED.fullmatch(spelled.strip())
    return re.sub(r"[\s-]", "", found[1]) if found else ""
