"""Two days between which a list of the desk is looked through: how they are typed, read and refused."""

from collections.abc import MutableMapping
from datetime import date
from typing import Any, Final

import reflex as rx

from lk_reflex.core.clock import parse_date
from lk_reflex.ui.shared.forms import form_field

FIRST, LAST = "first", "last"
NO_DAY: Final = {
    FIRST: "Введите первый день так: 20.11.2026",
    LAST: "Введите последний день так: 20.11.2026",
}


def read_day(
    text: str, name: str, errors: MutableMapping[str, str], *, earliest: date = date.min, latest: date = date.max
) -> date | None:
    """A day as it was typed, None for an empty text; what can't be read is among the errors then."""
    if not text:
        return None
    try:
        day = parse_date(text)
        if not earliest <= day <= latest:
            raise ValueError(text)
    except ValueError:
        errors[name] = NO_DAY[name]
        return None
    return day


def day_field(label: str, name: str, value: Any, error: Any) -> rx.Component:
    """The field of one of them."""
    return form_field(
        label, name, error=error, hint="Например, 20.11.2026", default_value=value, input_mode="numeric",
        auto_complete="off",
    )  # fmt: skip
