"""What the cabinet knows of a page before anybody opens it."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import reflex as rx

from lk_reflex.core.strain import Strain
from lk_reflex.ui import paths
from lk_reflex.ui.shared.words import ERROR, page_title


@dataclass(frozen=True)
class Page:
    """One line of the table: address, what draws it, the state whose `load` fills it; private ones need a session.

    `faults` is the var of the errors of the page's form: while there are any, the browser's title says so.
    `named` is the var of the heading of a page whose name depends on what it shows.
    `later` is sent by the browser once the page is there, for what its first paint doesn't wait for.
    `live` are the topics of signals that make an open page load anew by itself.
    `rank` is the strain from which on it is put off: that of sections, unless it goes before them.
    """

    path: str
    draw: Callable[[], rx.Component]
    state: type[rx.State]
    private: bool = True
    faults: Any = None
    later: Any = None
    named: Any = None
    live: frozenset[str] = frozenset()
    rank: Strain = Strain.SECTIONS

    def title(self) -> Any:
        """The browser's title: «Общая информация — Личный кабинет»."""
        plain = page_title(paths.TITLES[self.path]) if self.named is None else self.named + page_title("")
        if self.faults is None:
            return plain
        return rx.cond(self.faults.length() > 0, f"{ERROR}: {plain}", plain)

    def loader(self) -> Any:
        """The event that fills it."""
        return self.state.load  # pyright: ignore[reportAttributeAccessIssue]
