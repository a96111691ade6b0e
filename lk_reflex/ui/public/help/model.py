"""What an instruction is made of, and how its sentences name things on the screen. No Reflex here."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_QUOTED: Final = re.compile("«([^«»]*)»")
#: In quotes, yet nothing that stands on a screen: the product's own name, as the manual inflects it.
NOT_ON_SCREEN: Final = frozenset({"Личный кабинет", "Личном кабинете", "Личного кабинета", "Личному кабинету"})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture out of assets/help/: `name` is its screen's as well. Some have one of their own for desktops."""

    name: str
    alt: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do or to know.

    Every «quoted» word is a button, a label or a heading and stands on the screen `at` (the section's own where it
    is empty): a test opens that screen and looks for it.
    """

    text: str
    at: str = ""
    picture: Picture | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One errand: what it is for, `points` of what can be done, numbered `steps`, then `notes`.

    `anchor` is its address on the page, so it doesn't change; `see` are the anchors of sections with more about it.
    """

    anchor: str
    title: str
    at: str
    intro: tuple[Step, ...] = ()
    points: tuple[Step, ...] = ()
    steps: tuple[Step, ...] = ()
    notes: tuple[Step, ...] = ()
    see: tuple[str, ...] = ()

    def all_steps(self) -> Iterator[tuple[str, Step]]:
        """Every sentence with the screen that it speaks of."""
        for step in (*self.intro, *self.points, *self.steps, *self.notes):
            yield step.at or self.at, step


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter of the manual."""

    anchor: str
    title: str
    sections: tuple[Section, ...]


def pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The parts of a sentence, each with whether it names something on the screen."""
    at = 0
    for found in _QUOTED.finditer(text):
        if found[1] in NOT_ON_SCREEN:
            continue
        yield text[at : found.start()], False
        yield found[0], True
        at = found.end()
    yield text[at:], False


def named(text: str) -> list[str]:
    """The words on the screen that a sentence names, without their quotes."""
    return [piece[1:-1] for piece, is_name in pieces(text) if is_name]
