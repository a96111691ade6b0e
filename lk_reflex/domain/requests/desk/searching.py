"""The queue with a search: by beginnings of words, however many requests share them.

The rarest of the words that were typed leads. Where few requests have it, they are looked through; where many do
(a street's name), they are walked from the newest on, a bounded stretch at a time, and whoever asked is told where
the stretch ended.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import Date, String, and_, bindparam, func, literal, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.clock import DEFAULT_ZONE, local_date
from lk_reflex.core.compiled import Query
from lk_reflex.core.days import span
from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime, Whole
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.requests.desk.partitions import Desk
from lk_reflex.domain.requests.desk.wanted import Sort, Wanted, Whose
from lk_reflex.domain.requests.machine import OPEN, Status
from lk_reflex.domain.requests.tables import Request, RequestWord

#: A word of fewer requests is rare: all of them are looked at. A stretch of a walk is so many requests long.
RARE, STRETCH = 300, 1000
#: Of so many different words with one beginning each is walked by itself; of more, all requests are.
DISTINCT = 8
#: After every word that begins so.
_LAST = "\U0010ffff"
#: Above any row's id.
TOP = 2**62
#: Which requests are looked through: those of a rare beginning, those of one whole word, or all.
Source = Literal["rare", "word", "all"]


@dataclass(frozen=True, slots=True)
class Shape:
    """What decides a statement."""

    source: Source
    words: int
    order: Sort
    organization: bool
    kind: bool
    status: Literal["one", "seen", "open"]
    whose: Whose | None
    overdue: bool
    dated: bool


@dataclass(frozen=True, slots=True)
class Found:
    """The ids of a page in order; `cut` is the id up to which was looked, where that wasn't to the end."""

    ids: tuple[int, ...]
    cut: int | None = None


def find(db: Reader, actor: Actor, wanted: Wanted, desks: Sequence[Desk], after: int | None, count: int) -> Found:
    """A page of what has all the words, by the requests' ids. `after` is the last page's last one."""
    words = sorted(wanted.words, key=lambda word: _frequency(db, word))
    if not words or not desks:
        return Found(())
    oldest = wanted.order is Sort.OLDEST
    given = {**_parameters(actor, wanted, desks), **_ranges(words)}
    if _frequency(db, words[0]) < RARE:
        rows = db.rows(statement(_shape(wanted, "rare", len(words))), **given, count=RARE, **actor.overseeing)
        return Found(_from(tuple(row.id for row in rows), after, wanted.order)[:count])
    given |= {"after": (0 if oldest else TOP) if after is None else after, "count": count}
    return _walk(db, actor, wanted, words, given, oldest=oldest, count=count)


def _from(ids: tuple[int, ...], after: int | None, order: Sort) -> tuple[int, ...]:
    """What follows the last page's last one, which may itself have left the list by now."""
    if after is None:
        return ids
    if order is Sort.TERM:
        return ids[ids.index(after) + 1 :] if after in ids else ids
    return tuple(one for one in ids if (one > after if order is Sort.OLDEST else one < after))


def _walk(
    db: Reader, actor: Actor, wanted: Wanted, words: list[str], given: dict[str, Any], *, oldest: bool, count: int
) -> Found:
    whole = [row.word for row in db.rows(_DISTINCT, begins=words[0], ends=words[0] + _LAST)]
    source: Source = "word" if len(whole) <= DISTINCT else "all"
    query, ends = statement(_shape(wanted, source, len(words))), _end(source, oldest)
    ids: set[int] = set()
    cuts: list[int] = []
    for word in whole if source == "word" else [""]:
        asked = {**given, **({"word": word} if source == "word" else {})}
        ids.update(row.id for row in db.rows(query, **asked, **actor.overseeing))
        end = db.first(ends, **{name: asked[name] for name in ("after", "word") if name in asked})
        if end is not None and end.walked == STRETCH:
            cuts.append(end.last)
    # Beyond the nearest end of a stretch others may be missing in between.
    cut = (min(cuts) if oldest else max(cuts)) if cuts else None
    within = [one for one in ids if cut is None or (one <= cut if oldest else one >= cut)]
    page = sorted(within, reverse=not oldest)[:count]
    return Found(tuple(page), None if len(page) == count else cut)


def _shape(wanted: Wanted, source: Source, words: int) -> Shape:
    return Shape(
        source, words, wanted.order, wanted.organization_id is not None, wanted.kind is not None,
        "open" if wanted.overdue and wanted.status is None else "one" if wanted.status else "seen",
        wanted.whose, wanted.overdue, bool(wanted.first or wanted.last),
    )  # fmt: skip


def _parameters(actor: Actor, wanted: Wanted, desks: Sequence[Desk]) -> dict[str, Any]:
    chosen = [desk for desk in desks if desk.organization_id == wanted.organization_id]
    zone = (chosen or list(desks))[0].time_zone if desks else DEFAULT_ZONE
    given: dict[str, Any] = {}
    if wanted.organization_id is not None:
        given["organization_id"] = wanted.organization_id
    if wanted.kind is not None:
        given["of_kind"] = wanted.kind.value
    if wanted.status is not None:
        given["of_status"] = wanted.status.value
    if wanted.whose is Whose.MINE:
        given["me"] = actor.user_id
    if wanted.overdue:
        given["today"] = local_date(actor.at, zone)
    if wanted.first or wanted.last:
        given["begins"], given["ends"] = span(wanted.first, wanted.last, zone)
    return given


def _ranges(words: Sequence[str]) -> dict[str, str]:
    begins = {f"b{place}": word for place, word in enumerate(words)}
    return begins | {f"e{place}": word + _LAST for place, word in enumerate(words)}


def _frequency(db: Reader, word: str) -> int:
    """How many words begin so, up to RARE."""
    return int(db.value(_FREQUENCY, begins=word, ends=word + _LAST) or 0)


def _begins(word: Any, begins: str, ends: str) -> Any:
    return and_(word >= bindparam(begins, type_=String()), word < bindparam(ends, type_=String()))


_word = col(RequestWord.word)


def _counting(limit: int) -> Query:
    some = select(literal(1).label("one")).where(_begins(_word, "begins", "ends")).limit(limit).subquery("some")
    return select(func.count()).select_from(some)


_FREQUENCY = _counting(RARE)


def _distinct() -> Query:
    """The different words with one beginning, each found by a step of its own instead of over all their rows."""
    first = select(func.min(_word).label("word")).where(_begins(_word, "begins", "ends")).cte("steps", recursive=True)
    following = (
        select(func.min(_word))
        .where(_word > first.c.word, _word < bindparam("ends", type_=String()))
        .correlate(first)
        .scalar_subquery()
    )
    steps = first.union_all(select(following).where(first.c.word.is_not(None)))
    return select(steps.c.word).where(steps.c.word.is_not(None)).limit(DISTINCT + 1)


_DISTINCT = _distinct()


def _stretch(source: Source, *, oldest: bool) -> Any:
    """The requests that are looked through, by their ids."""
    if source == "rare":
        return select(col(RequestWord.request_id).label("id")).where(_begins(_word, "b0", "e0"))
    key = col(RequestWord.request_id) if source == "word" else col(Request.id)
    after = bindparam("after", type_=Whole)
    walked = select(key.label("id")).where(key > after if oldest else key < after)
    if source == "word":
        walked = walked.where(_word == bindparam("word", type_=String()))
    return walked.order_by(key if oldest else key.desc()).limit(STRETCH)


@cache
def _end(source: Source, oldest: bool) -> Query:
    walked = _stretch(source, oldest=oldest).subquery("walked")
    last = func.max(walked.c.id) if oldest else func.min(walked.c.id)
    return select(func.count().label("walked"), last.label("last")).select_from(walked)


@cache
def statement(shape: Shape) -> Query:
    """The statement of one source: a constant each."""
    oldest = shape.order is Sort.OLDEST
    request_id = col(Request.id)
    query = select(request_id).where(
        request_id.in_(select(_stretch(shape.source, oldest=oldest).subquery("walked").c.id)),
        overseen(col(Request.organization_id)),
        *_filters(shape),
        *(_has(place) for place in range(0 if shape.source == "all" else 1, shape.words)),
    )
    by_term = shape.source == "rare" and shape.order is Sort.TERM
    order = (col(Request.due_on), request_id) if by_term else (request_id if oldest else request_id.desc(),)
    return query.order_by(*order).limit(bindparam("count"))


def _has(place: int) -> Any:
    """The request has a word that begins as the one at that place."""
    one = aliased(RequestWord)
    found = select(literal(1)).where(
        col(one.request_id) == col(Request.id), _begins(col(one.word), f"b{place}", f"e{place}")
    )
    return found.exists()


def _filters(shape: Shape) -> list[Any]:
    conditions: list[Any] = [_status(shape)]
    if shape.organization:
        conditions.append(col(Request.organization_id) == bindparam("organization_id"))
    if shape.kind:
        conditions.append(col(Request.kind) == bindparam("of_kind", type_=String()))
    if shape.whose is not None:
        mine = shape.whose is Whose.MINE
        conditions.append(col(Request.assignee_id) == bindparam("me") if mine else col(Request.assignee_id).is_(None))
    if shape.overdue:
        conditions.append(col(Request.due_on) < bindparam("today", type_=Date()))
    if shape.dated:
        conditions.append(col(Request.sent_at) >= bindparam("begins", type_=UtcTime()))
        conditions.append(col(Request.sent_at) < bindparam("ends", type_=UtcTime()))
    return conditions


def _status(shape: Shape) -> Any:
    if shape.status == "one":
        return col(Request.status) == bindparam("of_status", type_=String())
    if shape.status == "open":
        return or_(*(col(Request.status) == status.value for status in sorted(OPEN)))
    return col(Request.status) != Status.DRAFT.value
