"""Fills a demonstration once: the package through the real importer, then its people."""

from collections.abc import Callable

from lk_reflex.settings import Settings


def fill_demo(settings: Settings, *, say: Callable[[str], None]) -> None:
    """Placeholder until the importer lands."""
