"""Files of a request: added, taken out and replaced while it may be changed, and sent along with it or with a message.

Until they are sent they are seen by whoever brought them alone. What was sent once and is taken out while corrections
are made stays with the staff until the request is sent anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, update
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import DomainError, Invalid, NotFound, Refused
from lk_reflex.domain.files.documents import BadFile, take_in
from lk_reflex.domain.files.keeping import (
    COMING,
    HELD,
    REQUEST_QUOTA,
    Brought,
    Quota,
    admit,
    bring,
    drop,
    turns,
)
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.requests.closing import may_write
from lk_reflex.domain.requests.drafts import NO_REQUEST, NOT_EDITABLE
from lk_reflex.domain.requests.forms import meter_rows
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import EDITABLE, Status
from lk_reflex.domain.requests.slots import MESSAGE, MOST, knows_slot, room_of, row_of
from lk_reflex.domain.requests.tables import Request, RequestFile
from lk_reflex.integrations.storage.port import FileStore

NO_SLOT = "Такого места для файла в заявке нет. Обновите страницу"
NO_FILE_THERE = "Этого файла в заявке уже нет. Обновите страницу"
THREAD_CLOSED = "Переписка по этой заявке окончена, файл к ней не приложить"
FULL = f"Здесь уже {MOST} файлов, больше не приложить. Уберите лишний или замените его"

#: Of an operator's answers all day long: it stops a flood alone.
STAFF_QUOTA = Quota(
    2000,
    10 * 1024 * 1024 * 1024,
    "За сутки можно загрузить не больше 2000 файлов, всего до 10 ГБ. Приложите остальное завтра",
    Limit("file:staff", 2500, longest=timedelta(hours=1), window=timedelta(days=1)),
    REQUEST_QUOTA.tried_often,
    "Не получилось сохранить файл. Повторите через минуту",
)

_FOUND = select(
    col(Request.id), col(Request.kind), col(Request.status), col(Request.account_id), col(Request.user_id),
    col(Request.ended_at), col(Request.form), overseen(col(Request.organization_id)).label("overseen"),
).where(
    col(Request.number) == bindparam("number"),
    or_(col(Request.user_id) == bindparam("person"), overseen(col(Request.organization_id))),
)  # fmt: skip
_LOCK = select(col(Request.id)).where(col(Request.id) == bindparam("request_id")).with_for_update()
_FILES = (
    select(
        col(RequestFile.id), col(RequestFile.file_id), col(RequestFile.slot), col(RequestFile.event_id),
        col(RequestFile.leaving), col(StoredFile.key), col(StoredFile.name), col(StoredFile.media_type),
        col(StoredFile.size), col(StoredFile.user_id), col(StoredFile.attached_at),
    )
    .join(StoredFile, col(StoredFile.id) == col(RequestFile.file_id))
    .where(col(RequestFile.request_id) == bindparam("request_id"))
    .order_by(col(RequestFile.id))
)  # fmt: skip
_ID = select(col(StoredFile.id)).where(col(StoredFile.key) == bindparam("key"))
_FORM = select(col(Request.kind), col(Request.form)).where(col(Request.id) == bindparam("request_id"))
_HOLD = update(StoredFile).where(col(StoredFile.id) == bindparam("of_id")).values(purpose=HELD)
_SEND = update(StoredFile).where(col(StoredFile.id) == bindparam("of_id")).values(attached_at=bindparam("now"))
_TOUCH = update(Request).where(col(Request.id) == bindparam("of_request")).values(updated_at=bindparam("now"))
_TO_MESSAGE = (
    update(RequestFile).where(col(RequestFile.id) == bindparam("of_id")).values(event_id=bindparam("of_event"))
)
_LEAVE = update(RequestFile).where(col(RequestFile.id) == bindparam("of_id")).values(leaving=True)
_UNTIE = delete(RequestFile).where(col(RequestFile.id) == bindparam("of_id"))


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of a request. `size` in bytes; `event_id` is the message that it came with, None for the form's own."""

    key: str
    name: str
    media_type: str
    size: int
    slot: str = ""
    event_id: int | None = None


def add_file(
    database: Database, store: FileStore, actor: Actor, number: str, slot: str, name: str, data: bytes, *,
    now: datetime, replacing: str = "",
) -> Attached:  # fmt: skip
    """Take a file into a place of a request, at the cost of the one with the key `replacing`, if any.

    Where a place takes one file alone, the new one replaces it by itself. Unpacks pictures and reads PDFs: call it on
    a thread for that. Raises NotFound, Refused (the request isn't open to changes, the place is full, the day's quota,
    another upload of theirs under way), Invalid for the slot with what is wrong with the file, Unavailable.
    """
    found = database.read(_open, actor, number, slot)
    quota = REQUEST_QUOTA if found.user_id == actor.user_id else STAFF_QUOTA
    with turns.turn(actor.user_id):
        database.write(admit, actor, now=now, quota=quota)
        try:
            taken = take_in(data, name)
        except BadFile as fault:
            raise Invalid({slot: str(fault)}) from None
        file = Brought(found.account_id, COMING, "", taken.name, taken.media_type, taken.data)
        key = bring(database, store, actor, file, now=now, quota=quota)
        try:
            database.write(_tie, actor, number, slot, key, replacing, now=now)
        except DomainError:
            database.write(drop, key)
            raise
    return Attached(key, taken.name, taken.media_type, len(taken.data), slot)


def remove_file(db: Writer, actor: Actor, number: str, key: str, *, now: datetime) -> None:
    """Take out a file; a repeat is quiet. Raises NotFound for another's request, Refused once it may not be changed."""
    found = _found(db, actor, number)
    if found is None:
        raise NotFound(NO_REQUEST)
    db.first(_LOCK, request_id=found.id)
    row = next((row for row in _rows(db, found.id) if row.key == key and not row.leaving), None)
    if row is None:
        return
    if row.slot != MESSAGE:
        _open(db, actor, number, row.slot)
    elif not _waits(row, actor.user_id):
        # Files of a message are their writer's, until it is sent; then nobody's to take out.
        raise NotFound(NO_FILE_THERE)
    _take_out(db, row)
    db.change(_TOUCH, of_request=found.id, now=now)


def files_of(db: Reader, request_id: int) -> tuple[Attached, ...]:
    """What a request has for its person, sent or not, messages' files too. The caller has proven that they may see it.

    Files of messages that are only being written aren't among them: see `waiting_files`.
    """
    return tuple(
        _attached(row)
        for row in _rows(db, request_id)
        if not row.leaving and (row.slot != MESSAGE or row.event_id is not None)
    )


def sent_files(db: Reader, request_id: int) -> tuple[Attached, ...]:
    """What staff see of a request: as it was last sent. The caller has proven that they may see it."""
    return tuple(_attached(row) for row in _rows(db, request_id) if row.attached_at is not None)


def waiting_files(db: Reader, actor: Actor, request_id: int) -> tuple[Attached, ...]:
    """The actor's own files for a message that isn't sent yet."""
    return tuple(_attached(row) for row in _rows(db, request_id) if _waits(row, actor.user_id))


def attach_all(db: Writer, request_id: int, *, now: datetime) -> None:
    """Send the form's files along, in the transaction of the sending; those of rows taken out of the form go."""
    form = db.rows(_FORM, request_id=request_id)[0]
    rows = {str(row.get("key")) for row in meter_rows(form.form)} if form.kind == Kind.SEALING.value else set()
    for row in _rows(db, request_id):
        if row.slot == MESSAGE:
            continue
        if row.leaving or (row_of(row.slot) and row_of(row.slot) not in rows):
            _untie(db, row)
        elif row.attached_at is None:
            db.change(_SEND, of_id=row.file_id, now=now)


def attach_to_message(db: Writer, actor: Actor, request_id: int, event_id: int, *, now: datetime) -> int:
    """Send the actor's waiting files with a message, in its transaction; returns how many."""
    rows = [row for row in _rows(db, request_id) if _waits(row, actor.user_id)]
    for row in rows:
        db.change(_SEND, of_id=row.file_id, now=now)
        db.change(_TO_MESSAGE, of_id=row.id, of_event=event_id)
    return len(rows)


def forget_row(db: Writer, request_id: int, row_key: str) -> None:
    """Take out the files of a meter's row that goes from the form. The caller holds the request open to changes."""
    for row in _rows(db, request_id):
        if row_of(row.slot) == row_key and not row.leaving:
            _take_out(db, row)


def _open(db: Reader, actor: Actor, number: str, slot: str) -> Any:
    """The request, where the actor may change the files of this place just now."""
    found = _found(db, actor, number)
    if found is None:
        raise NotFound(NO_REQUEST)
    if not knows_slot(Kind(found.kind), slot):
        raise NotFound(NO_SLOT)
    status = Status(found.status)
    if slot == MESSAGE:
        if not may_write(status, found.ended_at, actor.at):
            raise Refused(THREAD_CLOSED)
        return found
    if found.user_id != actor.user_id:
        raise NotFound(NO_REQUEST)
    if status not in EDITABLE:
        raise Refused(NOT_EDITABLE)
    if row_of(slot) and row_of(slot) not in {str(row.get("key")) for row in meter_rows(found.form)}:
        raise NotFound(NO_SLOT)
    return found


def _found(db: Reader, actor: Actor, number: str) -> Any | None:
    return db.first(_FOUND, number=number, person=actor.user_id, **actor.overseeing)


def _tie(
    db: Writer, actor: Actor, number: str, slot: str, key: str, replacing: str, *, now: datetime
) -> None:  # fmt: skip
    """Give a file that has come its place: what was true before it travelled needn't be true any more."""
    found = _open(db, actor, number, slot)
    db.first(_LOCK, request_id=found.id)
    found = _open(db, actor, number, slot)  # as it is under the lock
    there = [
        row
        for row in _rows(db, found.id)
        if row.slot == slot and not row.leaving and (slot != MESSAGE or _waits(row, actor.user_id))
    ]
    goes = [row for row in there if row.key == replacing or room_of(slot) == 1]
    if len(there) - len(goes) >= room_of(slot):
        raise Refused(FULL)
    for row in goes:
        _take_out(db, row)
    file_id = db.value(_ID, key=key)
    assert file_id is not None
    db.add(RequestFile(request_id=found.id, slot=slot, file_id=file_id))
    db.change(_HOLD, of_id=file_id)
    if slot != MESSAGE:
        db.change(_TOUCH, of_request=found.id, now=now)


def _waits(row: Any, user_id: int) -> bool:
    return row.slot == MESSAGE and row.event_id is None and row.user_id == user_id


def _take_out(db: Writer, row: Any) -> None:
    if row.attached_at is not None:
        db.change(_LEAVE, of_id=row.id)
    else:
        _untie(db, row)


def _untie(db: Writer, row: Any) -> None:
    db.change(_UNTIE, of_id=row.id)
    drop(db, row.key)


def _rows(db: Reader, request_id: int) -> list[Any]:
    return db.rows(_FILES, request_id=request_id)


def _attached(row: Any) -> Attached:
    return Attached(row.key, row.name, row.media_type, row.size, row.slot, row.event_id)
