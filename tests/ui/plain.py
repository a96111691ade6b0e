"""Reading a tab's vars in tests: no-break spaces as plain ones, so that expectations can be typed."""

from dataclasses import fields, is_dataclass
from typing import Any


def plain(value: Any) -> Any:
    """The same value with every no-break space made a plain one, through lists and dataclasses."""
    if isinstance(value, str):
        return value.replace("\u00a0", " ")
    if isinstance(value, (list, tuple)):
        return type(value)(plain(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        return type(value)(**{field.name: plain(getattr(value, field.name)) for field in fields(value)})
    return value
