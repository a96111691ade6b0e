"""What dropdowns offer, as an administrator edits it: a list shared by all, or one organization's own."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.core.text import fold, visible
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import ADMIN, Actor
from lk_reflex.domain.requests.dictionaries import APPLICATION, FIRST, NEW
from lk_reflex.domain.requests.tables import DictionaryEntry

NOT_YOURS = "Справочники меняет администратор"
NO_ENTRY = "Такой строки в справочнике уже нет. Обновите страницу"
TITLE: Final = "title"
MISSING, TOO_LONG = "Введите название", "Слишком длинно: не больше 100 знаков"
TWICE = "Такая строка уже есть"
LAST = "В списке должна остаться хотя бы одна строка: жителям нечего было бы выбрать"
LONGEST, MOST = 100, 200
FULL = "В справочнике уже 200 строк: уберите лишние"

_ENTRIES = (
    select(
        col(DictionaryEntry.id), col(DictionaryEntry.title), col(DictionaryEntry.meaning),
        col(DictionaryEntry.hidden_at),
    )
    .where(
        col(DictionaryEntry.kind) == bindparam("kind"),
        col(DictionaryEntry.organization_id).is_not_distinct_from(bindparam("organization_id")),
    )
    .order_by(col(DictionaryEntry.position), col(DictionaryEntry.id))
)  # fmt: skip
_DROP = delete(DictionaryEntry).where(
    col(DictionaryEntry.kind) == bindparam("of_kind"),
    col(DictionaryEntry.organization_id).is_not_distinct_from(bindparam("of_organization")),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line; no two of a list are called alike, so that the title names it."""

    title: str
    meaning: str
    hidden: bool


@dataclass(frozen=True, slots=True)
class Dictionary:
    """A list as it stands; `own` where it has been edited, else it is what it is taken from."""

    entries: tuple[Entry, ...]
    own: bool


def dictionary(db: Reader, actor: Actor, kind: str, organization_id: int | None) -> Dictionary:
    """The list of a kind; without one of its own an organization's is the shared one, and that the first contents."""
    _require(actor, kind)
    rows = db.rows(_ENTRIES, kind=kind, organization_id=organization_id)
    if rows:
        return Dictionary(tuple(map(_entry, rows)), own=True)
    if organization_id is not None:
        return Dictionary(dictionary(db, actor, kind, None).entries, own=False)
    first = (Entry(one.title, one.meaning, hidden=False) for one in FIRST[kind])
    return Dictionary(tuple(first), own=False)


def add_entry(
    db: Writer, actor: Actor, kind: str, organization_id: int | None, title: str, *, new_meter: bool = False,
    now: datetime,
) -> None:  # fmt: skip
    """Put a line at the end; `new_meter` marks an application that needs no act of verification. Raises Invalid."""
    known = _made_own(db, actor, kind, organization_id)
    plain = _title(title, known)
    if len(known) >= MOST:
        raise Conflict(FULL)
    meaning = NEW if new_meter and kind == APPLICATION else ""
    db.add(
        DictionaryEntry(
            kind=kind, organization_id=organization_id, title=plain, meaning=meaning, position=len(known) + 1
        )
    )
    _note(db, actor, kind, organization_id, now)


def rename_entry(
    db: Writer, actor: Actor, kind: str, organization_id: int | None, called: str, title: str, *, now: datetime
) -> None:
    """Call a line otherwise; requests that were sent keep the old words. Raises Invalid, NotFound."""
    known = _made_own(db, actor, kind, organization_id)
    entry = _find(known, called)
    _change(db, entry, title=_title(title, [one for one in known if one.id != entry.id]))
    _note(db, actor, kind, organization_id, now)


def hide_entry(
    db: Writer, actor: Actor, kind: str, organization_id: int | None, called: str, *, hidden: bool, now: datetime
) -> None:
    """Offer a line no more, or again. Raises Conflict for the last one that is offered, NotFound."""
    known = _made_own(db, actor, kind, organization_id)
    entry = _find(known, called)
    if hidden and not [one for one in known if one.hidden_at is None and one.id != entry.id]:
        raise Conflict(LAST)
    _change(db, entry, hidden_at=now if hidden else None)
    _note(db, actor, kind, organization_id, now)


def move_entry(
    db: Writer, actor: Actor, kind: str, organization_id: int | None, called: str, *, up: bool, now: datetime
) -> None:
    """Swap a line with its neighbour; at the end of the list nothing happens. Raises NotFound."""
    known = _made_own(db, actor, kind, organization_id)
    entry = _find(known, called)
    place = known.index(entry)
    other = place - 1 if up else place + 1
    if 0 <= other < len(known):
        known[place], known[other] = known[other], known[place]
        for position, one in enumerate(known, start=1):
            _change(db, one, position=position)
        _note(db, actor, kind, organization_id, now)


def drop_own(db: Writer, actor: Actor, kind: str, organization_id: int | None, *, now: datetime) -> None:
    """Back to the shared list, or for that to the first contents."""
    _require(actor, kind)
    if db.change(_DROP, of_kind=kind, of_organization=organization_id):
        _note(db, actor, kind, organization_id, now)


def _made_own(db: Writer, actor: Actor, kind: str, organization_id: int | None) -> list[Any]:
    """The rows of the list; where it has none yet, a copy of what it is taken from, in the same sequence."""
    _require(actor, kind)
    rows = db.rows(_ENTRIES, kind=kind, organization_id=organization_id)
    if rows:
        return list(rows)
    for position, one in enumerate(dictionary(db, actor, kind, organization_id).entries, start=1):
        if not one.hidden:
            db.add(
                DictionaryEntry(
                    kind=kind, organization_id=organization_id, title=one.title, meaning=one.meaning, position=position
                )
            )
    db.session.flush()
    return list(db.rows(_ENTRIES, kind=kind, organization_id=organization_id))


def _find(rows: list[Any], called: str) -> Any:
    found = next((row for row in rows if row.title == called), None)
    if found is None:
        raise NotFound(NO_ENTRY)
    return found


def _title(typed: str, others: list[Any]) -> str:
    plain = " ".join(visible(typed).split())
    if not plain:
        raise Invalid({TITLE: MISSING})
    if len(plain) > LONGEST:
        raise Invalid({TITLE: TOO_LONG})
    if any(fold(row.title) == fold(plain) for row in others):
        raise Invalid({TITLE: TWICE})
    return plain


def _change(db: Writer, row: Any, **values: Any) -> None:
    db.change(update(DictionaryEntry).where(col(DictionaryEntry.id) == row.id).values(**values))


def _entry(row: Any) -> Entry:
    return Entry(row.title, row.meaning, row.hidden_at is not None)


def _require(actor: Actor, kind: str) -> None:
    if actor.role != ADMIN:
        raise Refused(NOT_YOURS)
    if kind not in FIRST:
        raise NotFound(NO_ENTRY)


def _note(db: Writer, actor: Actor, kind: str, organization_id: int | None, now: datetime) -> None:
    note(db, "dictionary-changed", now=now, actor_id=actor.user_id, kind=kind, organization=organization_id)
