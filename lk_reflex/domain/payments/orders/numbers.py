"""The numbers of orders: what the bank knows a payment by, and what people read out to an operator."""

import re
import secrets
from datetime import datetime

from lk_reflex.core.clock import local_date

RANDOM_DIGITS, DIGITS = 8, 14
#: As letters and screens spell it, with the words that people paste along: «Заказ № 261123 1234 5678».
_SPELLED = re.compile(r"(?:(?:заказа?|плат[её]жа?)\b)?[\s:]*№?\s*((?:[0-9][\s-]*){14})", re.IGNORECASE)


def new_number(now: datetime, zone: str) -> str:
    """14 digits: the organization's day as yymmdd, and eight random ones, so that no number tells of another."""
    return f"{local_date(now, zone):%y%m%d}{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"


def bare_number(spelled: str) -> str:
    """The 14 digits of a number however it is spelled; an empty text where it isn't one."""
    found = _SPELLED.fullmatch(spelled.strip())
    return re.sub(r"[\s-]", "", found[1]) if found else ""
