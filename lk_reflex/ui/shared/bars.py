"""Geometry of bar charts, worked out before they are drawn: paths, lines and labels. Whole numbers; no Reflex here.

A series is one path for all its months, so that a chart of ninety rectangles is seven attributes on the wire.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

WIDTH, HEIGHT = 640, 260
#: Left of the bars stand the figures of the scale; on a phone, where letters are large, «10 000» needs all of it.
LEFT = 108
_TOP, _BOTTOM = 24, 40
_SHARE = 0.7
#: About so many steps of the scale: the values reach into no more, each way rounded up to a whole one.
_LEVELS = 4

Values = Sequence[int | None]


@dataclass(frozen=True)
class Piece:
    """One series: what kind it is (its fill, its texture, its name in the key), and all its bars as one path."""

    kind: str
    name: str
    path: str


@dataclass(frozen=True)
class Slot:
    """A month's place on the picture; `title` is said by the pointer."""

    x: int
    middle: int
    width: int
    label: str
    title: str


@dataclass(frozen=True)
class Level:
    """A line of the scale and the figure beside it."""

    y: int
    label: str
    zero: bool = False


@dataclass(frozen=True)
class Chart:
    """Everything drawn. `average` is the path of the dashed line, empty where there is none; `average_name` its key."""

    pieces: list[Piece] = field(default_factory=list)
    slots: list[Slot] = field(default_factory=list)
    levels: list[Level] = field(default_factory=list)
    average: str = ""
    average_name: str = ""


@dataclass(frozen=True)
class Frame:
    """Where a value stands: between the lowest and the highest line of the scale, zero always among them."""

    lowest: int
    highest: int
    step: int

    @classmethod
    def over(cls, values: Values) -> "Frame":
        """Room for all of these, out to the next round figures: no bar stands beyond the labelled lines.

        A chart of zeros has room for one unit.
        """
        known = [value for value in values if value is not None]
        lowest, highest = min([0, *known]), max([0 if any(known) else 1, *known])
        step = round_step(highest - lowest)
        return cls(lowest // step * step, -(-highest // step) * step, step)

    def y(self, value: int) -> int:
        """The height of a value in the picture, from its upper edge."""
        room = HEIGHT - _TOP - _BOTTOM
        return _TOP + round((self.highest - value) * room / (self.highest - self.lowest))

    def levels(self, label: Callable[[int], str]) -> list[Level]:
        """Lines at round figures, the zero line always."""
        return [
            Level(self.y(figure), label(figure), zero=figure == 0)
            for figure in range(self.lowest, self.highest + 1, self.step)
        ]


def round_step(reach: int) -> int:
    """1, 2 or 5 times a power of ten: the smallest that makes no more lines than there is room for."""
    step = 1
    while True:
        for times in (1, 2, 5):
            if reach // (step * times) < _LEVELS:
                return step * times
        step *= 10


def stacked(
    series: Sequence[tuple[str, str, Values]],
    labels: Sequence[str],
    titles: Sequence[str],
    *,
    level: Callable[[int], str],
) -> Chart:
    """Series (kind, name, a value a month) upon each other. What is negative hangs below the zero line, by itself."""
    count = len(labels)
    above = [sum(max(values[place] or 0, 0) for _, _, values in series) for place in range(count)]
    below = [sum(min(values[place] or 0, 0) for _, _, values in series) for place in range(count)]
    frame = Frame.over([*above, *below])
    tops, bottoms = [0] * count, [0] * count
    pieces = []
    for kind, name, values in series:
        parts = []
        for place, value in enumerate(values):
            if not value:
                continue
            edge = tops if value > 0 else bottoms
            parts.append(_bar(frame, place, count, edge[place], edge[place] + value, _SHARE))
            edge[place] += value
        pieces.append(Piece(kind, name, "".join(parts)))
    return Chart(pieces, slots(labels, titles), frame.levels(level))


def compared(
    bars: Sequence[tuple[str, str, Values, float]],
    labels: Sequence[str],
    titles: Sequence[str],
    *,
    level: Callable[[int], str],
    average: int | None = None,
    average_name: str = "",
) -> Chart:
    """Series (kind, name, values, share of the month's width) one before the other, and a line at the average."""
    frame = Frame.over([average, *(value for _, _, values, _ in bars for value in values)])
    pieces = [
        Piece(
            kind,
            name,
            "".join(_bar(frame, place, len(labels), 0, value, share) for place, value in enumerate(values) if value),
        )
        for kind, name, values, share in bars
    ]
    line = "" if average is None else f"M{LEFT} {frame.y(average)}H{WIDTH}"
    return Chart(pieces, slots(labels, titles), frame.levels(level), line, average_name if line else "")


def slots(labels: Sequence[str], titles: Sequence[str]) -> list[Slot]:
    """The months side by side, each as wide as its share of the picture."""
    step = (WIDTH - LEFT) / len(labels) if labels else 0
    return [
        Slot(
            LEFT + round(place * step),
            LEFT + round((place + 0.5) * step),
            round(step),
            label,
            title,
        )
        for place, (label, title) in enumerate(zip(labels, titles, strict=True))
    ]


def _bar(frame: Frame, place: int, count: int, start: int, end: int, share: float) -> str:
    """One rectangle of a path, at least a line thick: a little isn't nothing."""
    step = (WIDTH - LEFT) / count
    x, width = LEFT + round((place + 0.5 - share / 2) * step), max(round(step * share), 1)
    upper, lower = sorted((frame.y(start), frame.y(end)))
    return f"M{x} {upper}h{width}v{max(lower - upper, 1)}h-{width}z"
