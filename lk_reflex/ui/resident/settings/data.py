"""«Мои данные и согласия»: what was agreed to; the file itself is a download past the socket."""

from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.clock import format_date, local_date, parse_date
from lk_reflex.domain.identity.registering.given_consents import GivenConsent, given_consents
from lk_reflex.settings import get_settings
from lk_reflex.ui import paths
from lk_reflex.ui.publish import publish
from lk_reflex.ui.visit import Visit

_PAGES = {"terms": paths.TERMS, "privacy": paths.PRIVACY, "consent": paths.CONSENT}


@dataclass(frozen=True)
class ConsentRow:
    """A document, its version and the day of the consent."""

    key: str
    title: str
    path: str
    version: str
    given: str


class DataCard(rx.State, mixin=True):
    """The consents that hold."""

    consents: list[ConsentRow] = []


def show_data(state: Any, visit: Visit) -> None:
    """What this person has agreed to."""
    rows = [_row(place, one) for place, one in enumerate(visit.read(given_consents)) if one.document in _PAGES]
    publish(state, consents=rows)


def _row(place: int, consent: GivenConsent) -> ConsentRow:
    path = _PAGES[consent.document]
    given = format_date(local_date(consent.given_at, get_settings().time_zone))
    return ConsentRow(str(place), paths.TITLES[path], path, format_date(parse_date(consent.version)), given)
