"""The installation's own register of houses: the nearest one to a point, and those meant by what was typed.

No geocoder and no network. Towns have thousands of houses on hundreds of streets, so each process keeps the names.
"""

import math
import re
import threading
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from statistics import median
from typing import Any
from weakref import WeakKeyDictionary

from rapidfuzz import fuzz, process
from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.house_words import Spelled, place_line, readings, street_words
from lk_reflex.domain.accounts.tables import Account, Building

#: How far from a house a point may be to be told by it, in metres.
NEAR = 300
MOST_SUGGESTIONS = 7
#: What a new import has changed shows after so long at the latest, in seconds; new houses show at once.
FRESH = 600.0
#: From 0 to 100: words less alike are other words; a street that isn't meant by the words isn't suggested.
_ALIKE_WORD, _ALIKE_STREET = 72, 68
_SHORT = 3
#: An address has no more words and is read in no more ways; what has could only keep the server busy.
_MOST_WORDS, _MOST_READINGS = 8, 12
#: How much less likely another street may be to be offered, and to make the first one doubtful.
_FAR, _NEAR_ENOUGH = 25, 5
_METRES = 111_320.0

_COLUMNS = (
    col(Building.id), col(Building.city), col(Building.street), col(Building.house), col(Building.latitude),
    col(Building.longitude),
)  # fmt: skip
_AROUND = select(*_COLUMNS).where(
    col(Building.latitude).between(bindparam("south"), bindparam("north")),
    col(Building.longitude).between(bindparam("west"), bindparam("east")),
)
_ONE = select(*_COLUMNS).where(col(Building.id) == bindparam("building_id"))
_OF_ACCOUNT = (
    select(*_COLUMNS)
    .join(Account, col(Account.building_id) == col(Building.id))
    .where(col(Account.id) == bindparam("account_id"))
)
_NEWEST = select(func.max(col(Building.id)))
_ALL = select(*_COLUMNS, col(Building.house_key))


@dataclass(frozen=True, slots=True)
class Place:
    """A house of the register; `address` is «Челябинск, ул. Кыштымская, 10». Degrees where they are known."""

    building_id: int
    address: str
    latitude: float | None
    longitude: float | None


@dataclass(frozen=True, slots=True)
class LookedUp:
    """What a typed text gives: the one house meant without doubt, if any, and at most seven that may be meant."""

    meant: Place | None
    found: list[Place]


@dataclass(slots=True)
class _Street:
    """One street of one town, with its houses in the order of their numbers."""

    words: tuple[str, ...]
    town: tuple[str, ...]
    kind: str
    houses: list[Any] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Register:
    newest: int
    read_at: float
    streets: list[_Street]
    #: Word → the streets whose name or town has it, and those whose name has.
    by_word: dict[str, list[int]]
    of_street: dict[str, list[int]]
    words: list[str]
    centre: tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class _Found:
    """A street that may be meant, with those of its houses; `exact`: the first has the typed number."""

    score: float
    houses: list[Any]
    exact: bool


@dataclass(frozen=True, slots=True)
class _Named:
    """Streets that have a word like the typed one in their name or town, with how much; and those by name alone."""

    scores: dict[int, float]
    streets: set[int]


_registers: WeakKeyDictionary[Any, _Register] = WeakKeyDictionary()
_reading = threading.Lock()


def place_of(db: Reader, building_id: int) -> Place | None:
    """A house by its id."""
    row = db.first(_ONE, building_id=building_id)
    return _place(row) if row else None


def place_of_account(db: Reader, account_id: int) -> Place | None:
    """The house of an account; that the account is the actor's has been proven."""
    row = db.first(_OF_ACCOUNT, account_id=account_id)
    return _place(row) if row else None


def nearest_place(db: Reader, latitude: float, longitude: float, *, within: float = NEAR) -> Place | None:
    """The house nearest to a point in degrees, no farther than `within` metres; None where there is none."""
    high = within / _METRES
    wide = high / max(math.cos(math.radians(latitude)), 0.01)
    box = {"south": latitude - high, "north": latitude + high, "west": longitude - wide, "east": longitude + wide}
    nearest = min(db.rows(_AROUND, **box), key=lambda row: (_distance(row, latitude, longitude), row.id), default=None)
    return _place(nearest) if nearest and _distance(nearest, latitude, longitude) <= within else None


def centre_of_town(db: Reader) -> tuple[float, float] | None:
    """Where most houses are, in degrees: what a map shows before anything is known."""
    return _register(db).centre


def find_places(db: Reader, typed: str) -> list[Place]:
    """The houses that were probably meant, the likeliest first, at most seven: see `look_up`."""
    return look_up(db, typed).found


def look_up(db: Reader, typed: str) -> LookedUp:
    """The houses that were probably meant, and the one that was meant without doubt, by one search.

    Slips of the pen, «ё», Latin letters that look like ours, the kind of street left out or put behind: all are fine.
    A street without a house gives its first houses; a house that the street hasn't got gives nothing.
    """
    streets = _meant(_register(db), typed)
    # One after another, so that a long street doesn't hide its namesake in the next town.
    rounds = zip_longest(*(one.houses for one in _near(streets, _FAR)))
    chosen = [house for houses in rounds for house in houses if house is not None]
    sure = [one for one in _near(streets, _NEAR_ENOUGH) if one.exact]
    meant = _place(sure[0].houses[0]) if len(sure) == 1 else None
    return LookedUp(meant, [_place(house) for house in chosen[:MOST_SUGGESTIONS]])


def _near(streets: list[_Found], apart: float) -> list[_Found]:
    """As far as they aren't much less likely than the first."""
    return [one for one in streets if one.score > streets[0].score - apart]


def _meant(register: _Register, typed: str) -> list[_Found]:
    """Streets with their houses, the likeliest first."""
    found: dict[int, _Found] = {}
    known: dict[str, _Named] = {}
    for reading in _readings(typed):
        for at, score in _streets_like(register, reading, known):
            houses, exact = _houses_like(register.streets[at], reading)
            # A number is a strong sign: «Победы 7» is the house on Победы, not a street with a 7 in its name.
            total = score + (30 if exact else 10 if reading.house else 0) - (10 if reading.cut else 0)
            if houses and (at not in found or total > found[at].score):
                found[at] = _Found(total, houses, exact)
    return sorted(found.values(), key=lambda one: -one.score)[:MOST_SUGGESTIONS]


def _readings(typed: str) -> list[Spelled]:
    """Few enough to be searched for while somebody types: the last one takes no number for the house."""
    found = [one for one in readings(typed) if len(one.words) <= _MOST_WORDS]
    return [*found[: _MOST_READINGS - 1], *found[_MOST_READINGS - 1 :][-1:]]


def _streets_like(register: _Register, reading: Spelled, known: dict[str, _Named]) -> Iterator[tuple[int, float]]:
    """Streets with how well they are meant, 0 to 100 and a little over. `known`: words that were searched for."""
    words = [known.get(word) or known.setdefault(word, _named(register, word)) for word in reading.words]
    # What only the town has in common with the words is no street.
    for at in set().union(*(word.streets for word in words)):
        street = register.streets[at]
        spare = max(0, len(street.words) - len(words))
        other = reading.kind and street.kind and reading.kind != street.kind
        score = sum(word.scores.get(at, 0) for word in words) / len(words) - 4 * spare - (6 if other else 0)
        if score >= _ALIKE_STREET:
            yield at, score


def _named(register: _Register, word: str) -> _Named:
    scores: dict[int, float] = {}
    streets: set[int] = set()
    for known, score in _words_like(register.words, word):
        streets.update(register.of_street[known])
        for at in register.by_word[known]:
            scores[at] = max(scores.get(at, 0), score)
    return _Named(scores, streets)


def _words_like(words: list[str], typed: str) -> Iterable[tuple[str, float]]:
    if typed[0].isdigit():
        return [(typed, 100.0)] if typed in words else []
    begun = [(word, 100.0 if word == typed else 92.0) for word in words if word.startswith(typed)]
    if len(typed) <= _SHORT:
        return begun
    alike = process.extract(typed, words, scorer=fuzz.ratio, score_cutoff=_ALIKE_WORD, limit=40)
    return [*begun, *((word, score) for word, score, _ in alike)]


def _houses_like(street: _Street, reading: Spelled) -> tuple[list[Any], bool]:
    """The street's houses by the typed number, and whether it has that very one."""
    if not reading.house:
        return street.houses[:MOST_SUGGESTIONS], False
    exact = [house for house in street.houses if house.house_key == reading.house]
    begun = [house for house in street.houses if house.house_key.startswith(reading.house) and house not in exact]
    return [*exact, *begun][:MOST_SUGGESTIONS], bool(exact)


def _register(db: Reader) -> _Register:
    engine = db.connection.engine
    newest = int(db.value(_NEWEST) or 0)
    known = _registers.get(engine)
    if known is not None and known.newest == newest and time.monotonic() - known.read_at < FRESH:
        return known
    with _reading:
        again = _registers.get(engine)
        if again is not None and again is not known and again.newest == newest:
            return again
        _registers[engine] = read = _read(db, newest)
        return read


def _read(db: Reader, newest: int) -> _Register:
    streets: dict[tuple[str, str], _Street] = {}
    rows = db.rows(_ALL)
    for row in rows:
        street = streets.get((row.city, row.street))
        if street is None:
            words, kind = street_words(row.street)
            street = streets[row.city, row.street] = _Street(words, street_words(row.city)[0], kind)
        street.houses.append(row)
    by_word: dict[str, list[int]] = defaultdict(list)
    of_street: dict[str, list[int]] = defaultdict(list)
    for at, street in enumerate(streets.values()):
        street.houses.sort(key=lambda row: _order(row.house))
        for word in {*street.words, *street.town}:
            by_word[word].append(at)
            of_street[word] += [at] if word in street.words else []
    placed = [row for row in rows if row.latitude is not None and row.longitude is not None]
    centre = (median(row.latitude for row in placed), median(row.longitude for row in placed)) if placed else None
    return _Register(
        newest, time.monotonic(), list(streets.values()), dict(by_word), dict(of_street), list(by_word), centre
    )


def _order(house: str) -> tuple[int, str]:
    digits = re.match(r"\d{1,9}", house)
    return (int(digits[0]) if digits else 0, house)


def _distance(row: Any, latitude: float, longitude: float) -> float:
    """In metres, on a plane: exact enough for a few hundred."""
    wide = math.cos(math.radians(latitude))
    return _METRES * math.hypot(row.latitude - latitude, (row.longitude - longitude) * wide)


def _place(row: Any) -> Place:
    return Place(row.id, place_line(row.city, row.street, row.house), row.latitude, row.longitude)
