"""What is kept of uploaded files: whose they are, how many a person may bring, and which have had their time.

A row comes before its bytes, and goes before them: what something refers to has its row kept by the database, and
with the row its bytes.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, column, delete, func, select, table, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Refused, Unavailable
from lk_reflex.core.pruning import PORTION
from lk_reflex.core.schema import UtcTime
from lk_reflex.core.text import visible
from lk_reflex.core.turns import Turns
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.access import Actor, overseen, owned
from lk_reflex.domain.identity.attempts import Limit, note_miss, refuse_while_waiting
from lk_reflex.integrations.storage.port import FileStore, StoreFault

#: What was uploaded to a form never sent stays for so long.
UNSENT_FOR = timedelta(days=1)
DAY_COUNT, DAY_BYTES = 40, 60 * 1024 * 1024
TOO_MANY = "За сутки можно загрузить не больше 40 фотографий. Передайте показания без фото или загрузите его завтра"
#: Whatever becomes of them: what is no picture, too, has to be looked at.
TRIES = Limit("photo", 60, longest=timedelta(hours=1), window=timedelta(days=1))
TRIED_OFTEN = "Слишком много попыток загрузить фотографию."
#: One at a time: it takes a thread and tens of megabytes.
turns = Turns("Ваша предыдущая фотография ещё загружается. Дождитесь её и повторите")
NOT_KEPT = "Не получилось сохранить фотографию. Повторите через минуту; показания можно передать и без неё"
REMOVED = "removed"
_LONGEST_NAME = 120

_BROUGHT = select(func.count(), func.coalesce(func.sum(col(StoredFile.size)), 0)).where(
    col(StoredFile.user_id) == bindparam("user_id"), col(StoredFile.created_at) > bindparam("since")
)
_DROP = update(StoredFile).where(col(StoredFile.key) == bindparam("of_key")).values(purpose=REMOVED, name="")
#: By its name: accounts stand above files.
_accounts = table("accounts", column("id"), column("organization_id"))
_ONE = (
    select(
        col(StoredFile.key), col(StoredFile.user_id), col(StoredFile.name), col(StoredFile.media_type),
        col(StoredFile.attached_at), owned(col(StoredFile.account_id)).label("theirs"),
        overseen(_accounts.c.organization_id).label("overseen"),
    )
    .outerjoin(_accounts, _accounts.c.id == col(StoredFile.account_id))
    .where(col(StoredFile.key) == bindparam("key"), col(StoredFile.purpose) != REMOVED)
)  # fmt: skip
_UNSENT = (
    select(col(StoredFile.id), col(StoredFile.key))
    .where(
        col(StoredFile.attached_at).is_(None),
        col(StoredFile.created_at) < bindparam("before", type_=UtcTime()),
        col(StoredFile.id) > bindparam("after"),
    )
    .order_by(col(StoredFile.id))
    .limit(PORTION)
)
#: It may have been given back to its person since it was found.
_DELETE = delete(StoredFile).where(
    col(StoredFile.id) == bindparam("of_id"),
    col(StoredFile.attached_at).is_(None),
    col(StoredFile.created_at) < bindparam("before", type_=UtcTime()),
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that somebody may open."""

    key: str
    name: str
    media_type: str


@dataclass(frozen=True, slots=True)
class Brought:
    """A file that comes in: for which account, what for, and for which place of a form."""

    account_id: int
    purpose: str
    slot: str
    name: str
    media_type: str
    data: bytes


def bring(database: Database, store: FileStore, actor: Actor, file: Brought, *, now: datetime) -> str:
    """Keep a file that the caller has found fit; returns its key. Not in a transaction: the store may be slow.

    Raises Refused over the day's quota, Unavailable where the store takes nothing.
    """
    key = database.write(_note, actor, file, now=now)
    try:
        store.put(key, file.data)
    except StoreFault:
        database.write(drop, key)
        raise Unavailable(NOT_KEPT) from None
    return key


def admit(db: Writer, actor: Actor, *, now: datetime) -> None:
    """Count a try before anything is done with its bytes. Raises Refused over the day's quota, or after many tries."""
    refuse_while_waiting(db, [(TRIES, str(actor.user_id))], TRIED_OFTEN, now=now)
    _check_quota(db, actor, 1, now)
    note_miss(db, TRIES, str(actor.user_id), now=now)


def _check_quota(db: Reader, actor: Actor, coming: int, now: datetime) -> None:
    count, size = db.rows(_BROUGHT, user_id=actor.user_id, since=now - timedelta(days=1))[0]
    if count >= DAY_COUNT or size + coming > DAY_BYTES:
        raise Refused(TOO_MANY)


def _note(db: Writer, actor: Actor, file: Brought, *, now: datetime) -> str:
    _check_quota(db, actor, len(file.data), now)
    key = secrets.token_urlsafe(24)
    db.add(
        StoredFile(
            key=key, user_id=actor.user_id, account_id=file.account_id, purpose=file.purpose, slot=file.slot,
            name=visible(file.name)[:_LONGEST_NAME], media_type=file.media_type, size=len(file.data), created_at=now,
        )
    )  # fmt: skip
    return key


def drop(db: Writer, key: str) -> None:
    """Nobody sees the file any more; it still counts for the day's quota, and the sweep forgets it."""
    db.change(_DROP, of_key=key)


def readable(db: Reader, actor: Actor, key: str) -> Kept | None:
    """A file for whoever brought it, for staff of its account's organization, and once it is sent for those who see
    its account.
    """
    row = db.first(_ONE, key=key, **actor.owning, **actor.overseeing)
    if row is None:
        return None
    sent_to_theirs = row.theirs and row.attached_at is not None
    if row.user_id != actor.user_id and not sent_to_theirs and not row.overseen:
        return None
    return Kept(row.key, row.name, row.media_type)


def sweep(database: Database, store: FileStore, *, now: datetime) -> int:
    """Forget a portion of what was never sent; returns how many files went. One that can't go holds up no other."""
    before, after, gone = now - UNSENT_FOR, 0, 0
    while gone < PORTION and (old := database.read(_old, before, after)):
        gone += sum(_swept(database, store, row, before) for row in old)
        after = old[-1].id
    return gone


def _swept(database: Database, store: FileStore, row: Any, before: datetime) -> bool:
    try:
        if not database.write(_forget, row.id, before):
            return False
    except IntegrityError:
        log.warning("file %s is never sent, and yet something refers to it: it stays", row.id)
        return False
    try:
        store.remove(row.key)
    except StoreFault as fault:
        log.warning("the bytes of the forgotten file %s stay in the store: %s", row.key, fault)
    return True


def _old(db: Reader, before: datetime, after: int) -> list:
    return db.rows(_UNSENT, before=before, after=after)


def _forget(db: Writer, file_id: int, before: datetime) -> int:
    return db.change(_DELETE, of_id=file_id, before=before)
