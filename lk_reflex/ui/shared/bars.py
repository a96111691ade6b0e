"""Geometry of a bar chart, worked out before it is drawn: plain rows of numbers. No Reflex here."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 230
_TOP, _BOTTOM, _SHARE = 12, 36, 0.66


@dataclass(frozen=True)
class Bar:
    """One bar: its place in a picture of WIDTH×HEIGHT, the word under it, the sentence of its pointer.

    Whole numbers, since Reflex refuses floats in the attributes of a picture.
    """

    x: int
    y: int
    w: int
    h: int
    label: str
    label_x: int
    label_y: int
    title: str
    kind: str


def lay_out(values: Sequence[float], labels: Sequence[str], titles: Sequence[str], *, now: int = -1) -> list[Bar]:
    """Bars of a common zero line; `now` is the index of the one that stands out (the newest by default).

    A missing month is a bar of no height. Values are for drawing only: the figures themselves stand in `titles`.
    """
    if not values:
        return []
    step = WIDTH / len(values)
    highest = max(*values, 0.0) or 1.0
    room = HEIGHT - _TOP - _BOTTOM
    special = now % len(values)
    bars = []
    for place, (value, label, title) in enumerate(zip(values, labels, titles, strict=True)):
        height = round(max(value, 0.0) / highest * room)
        middle = round((place + 0.5) * step)
        bars.append(
            Bar(
                x=round(middle - step * _SHARE / 2),
                y=HEIGHT - _BOTTOM - height,
                w=round(step * _SHARE),
                h=height,
                label=label,
                label_x=middle,
                label_y=HEIGHT - 8,
                title=title,
                kind="now" if place == special else "past",
            )
        )
    return bars
