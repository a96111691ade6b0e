"""A refused form's note to its page: what the same person typed a moment ago, out of a cookie for a minute."""

import json
from typing import Any
from urllib.parse import unquote

from lk_reflex.domain.identity.cookies import FLASH_COOKIE, cookie_value


def note_in(cookies: str) -> dict[str, Any]:
    """The note of `api.flash.noted`; empty where there is none, or where it isn't ours."""
    try:
        note = json.loads(unquote(cookie_value(cookies, FLASH_COOKIE)))
    except ValueError:
        return {}
    return note if isinstance(note, dict) and isinstance(note.get("faults"), dict) else {}


def faults_in(note: dict[str, Any]) -> dict[str, str]:
    """Field → sentence; the sentence of the whole form stands under an empty name."""
    return {str(name): str(sentence) for name, sentence in note.get("faults", {}).items()}
