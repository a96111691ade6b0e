"""The fields of a form as a browser sends it: anything may be missing or of another type."""

from collections.abc import Mapping
from typing import Any

#: Longer than anything a person types into one line; a password is never cut.
LONGEST = 1000


def field_text(form: object, name: str, *, longest: int = LONGEST) -> str:
    """A field's text, cut to a sensible length; an empty string for anything that isn't text."""
    value = _given(form).get(name)
    return _whole(value[:longest]) if isinstance(value, str) else ""


def secret_text(form: object, name: str) -> str:
    """A password as typed, whatever its length."""
    value = _given(form).get(name)
    return _whole(value) if isinstance(value, str) else ""


def ticked(form: object, name: str) -> bool:
    """Whether a box was ticked."""
    return _given(form).get(name) in ("yes", "on", True)


def _given(form: object) -> Mapping[str, Any]:
    return form if isinstance(form, Mapping) else {}


def _whole(text: str) -> str:
    # Half of a character, which JSON can carry, can be neither hashed nor stored.
    return text.encode("utf-8", "replace").decode()
