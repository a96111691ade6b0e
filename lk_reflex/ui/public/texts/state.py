"""Which version of a text is shown: the newest is part of the page itself, an earlier one comes from here."""

import reflex as rx

from lk_reflex.domain.identity.registering import documents
from lk_reflex.ui import paths
from lk_reflex.ui.guard import anonymous
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.prose import Block, blocks_of
from lk_reflex.ui.visit import Visit

#: The page of each document.
PAGES = {paths.TERMS: documents.TERMS, paths.PRIVACY: documents.PRIVACY, paths.CONSENT: documents.CONSENT}


def newest(path: str) -> list[Block]:
    """The text that holds now, for the page itself."""
    return blocks_of(documents.current(PAGES[path]).text)


def versions(path: str) -> list[str]:
    """All versions of the page's document, the newest first."""
    return documents.versions(PAGES[path])


class TextsState(rx.State):
    """An earlier version, asked for by `?version=2026-11-01`."""

    version: str = ""
    blocks: list[Block] = []

    @rx.event
    @anonymous
    def load(self, visit: Visit) -> None:
        """The version that the address asks for; the newest, and what never was one, needs nothing."""
        name = PAGES.get(visit.path)
        asked = visit.query("version")
        found = documents.document(name, asked) if name and asked != versions(visit.path)[0] else None
        publish(self, version=day_of(found.version) if found else "", blocks=blocks_of(found.text) if found else [])


def day_of(version: str) -> str:
    """«2026-11-01» as «01.11.2026»."""
    return ".".join(reversed(version.split("-")))
