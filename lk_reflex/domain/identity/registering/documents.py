"""What people agree to: texts in files named by the day from which they hold; older ones stay readable."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

TERMS: Final = "terms"
PRIVACY: Final = "privacy"
#: Consent to the processing of personal data: since 2025-09-01 a document of its own (152-ФЗ, ст. 9).
CONSENT: Final = "consent"
#: The two of a sealing application: data for this one request, and the promise to let its workers in.
SEALING_CONSENT: Final = "sealing-consent"
SEALING_ACCESS: Final = "sealing-access"
#: The one of a report of an accident, shown within its form.
EMERGENCY_CONSENT: Final = "emergency-consent"
#: Each version is `<document>/<day>.md`; a text once published is never changed, a new one is added.
TEXTS = Path(__file__).parents[3] / "texts"


@dataclass(frozen=True, slots=True)
class Document:
    """One version of a text; `version` is the day from which it holds, as «2026-11-01»."""

    name: str
    version: str
    text: str


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Mapping[str, Document]]:
    found: dict[str, dict[str, Document]] = {}
    for name in (TERMS, PRIVACY, CONSENT, SEALING_CONSENT, SEALING_ACCESS, EMERGENCY_CONSENT):
        files = sorted((TEXTS / name).glob("????-??-??.md"), reverse=True)
        found[name] = {file.stem: Document(name, file.stem, file.read_text("utf-8")) for file in files}
    return found


def versions(name: str) -> list[str]:
    """All versions of a document, the newest first."""
    return list(_all()[name])


def current(name: str) -> Document:
    """The text that holds now."""
    return _all()[name][versions(name)[0]]


def document(name: str, version: str) -> Document | None:
    """A version of a document, or None."""
    return _all()[name].get(version)
