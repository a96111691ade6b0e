"""The numbers of orders: what the bank knows a payment by, and what people read out to an operator."""

import secrets
from datetime import datetime

from lk_reflex.core.clock import local_date

RANDOM_DIGITS = 8


def new_number(now: datetime, zone: str) -> str:
    """14 digits: the organization's day as yymmdd, and eight random ones, so that no number tells of another."""
    return f"{local_date(now, zone):%y%m%d}{secrets.randbelow(10**RANDOM_DIGITS):0{RANDOM_DIGITS}d}"
