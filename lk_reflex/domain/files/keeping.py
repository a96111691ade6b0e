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
#: One at a time: it takes a thread and tens of megabytes.
turns = Turns("Ваш предыдущий файл ещё загружается. Дождитесь его и повторите")
#: Purposes: taken out; on its way to a request; and held by one, until that lets go of it itself.
REMOVED, COMING, HELD = "removed", "coming", "request"
_LONGEST_NAME = 120

_BROUGHT = select(func.count(), func.coalesce(func.sum(col(StoredFile.size)), 0)).where(
    col(StoredFile.user_id) == bindparam("user_id"), col(StoredFile.created_at) > bindparam("since")
)
#: What was taken out counts for both.
_BROUGHT_FOR_REQUESTS = _BROUGHT.where(col(StoredFile.purpose).in_((COMING, HELD, REMOVED)))
_BROUGHT_ELSE = _BROUGHT.where(col(StoredFile.purpose).not_in((COMING, HELD)))
_DROP = (
    update(StoredFile)
    .where(col(StoredFile.key) == bindparam("of_key"))
    .values(purpose=REMOVED, name="", attached_at=None)
)
#: By its name: accounts stand above files.
_accounts = table("accounts", column("id"), column("organization_id"))
_ONE = (
    select(
        col(StoredFile.key), col(StoredFile.user_id), col(StoredFile.name), col(StoredFile.media_type),
        col(StoredFile.attached_at), owned(col(StoredFile.account_id)).label("theirs"),
        overseen(_accounts.c.organization_id).label("overseen"),
    )
    .outerjoin(_accounts, _accounts.c.id == col(StoredFile.account_id))
    .where(col(StoredFile.key) == bindparam("key"), col(StoredFile.purpose).not_in((REMOVED, COMING, HELD)))
)  # fmt: skip
_UNSENT = (
    select(col(StoredFile.id), col(StoredFile.key))
    .where(
        col(StoredFile.attached_at).is_(None),
        col(StoredFile.purpose) != HELD,
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
    col(StoredFile.purpose) != HELD,
    col(StoredFile.created_at) < bindparam("before", type_=UtcTime()),
)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Quota:
    """How many files and bytes a person may bring in a day for one purpose, and the sentences for who brings more.

    `tries` counts whatever comes: what is no picture, too, has to be looked at. Removing gives nothing back.
    """

    count: int
    size: int
    too_many: str
    tries: Limit
    tried_often: str
    not_kept: str


PHOTO_QUOTA = Quota(
    40,
    60 * 1024 * 1024,
    "За сутки можно загрузить не больше 40 фотографий. Передайте показания без фото или загрузите его завтра",
    Limit("photo", 60, longest=timedelta(hours=1), window=timedelta(days=1)),
    "Слишком много попыток загрузить фотографию.",
    "Не получилось сохранить фотографию. Повторите через минуту; показания можно передать и без неё",
)
#: Twenty meters have forty papers, and each may be taken anew.
REQUEST_QUOTA = Quota(
    100,
    200 * 1024 * 1024,
    "За сутки можно загрузить не больше 100 файлов, всего до 200 МБ. Сохраните заявку и приложите остальное завтра",
    Limit("file", 150, longest=timedelta(hours=1), window=timedelta(days=1)),
    "Слишком много попыток загрузить файл.",
    "Не получилось сохранить файл. Повторите через минуту; остальное в заявке сохранено",
)


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


def bring(
    database: Database, store: FileStore, actor: Actor, file: Brought, *, now: datetime, quota: Quota = PHOTO_QUOTA
) -> str:
    """Keep a file that the caller has found fit; returns its key. Not in a transaction: the store may be slow.

    Raises Refused over the day's quota, Unavailable where the store takes nothing.
    """
    key = database.write(_note, actor, file, quota, now=now)
    try:
        store.put(key, file.data)
    except StoreFault:
        database.write(drop, key)
        raise Unavailable(quota.not_kept) from None
    return key


def admit(db: Writer, actor: Actor, *, now: datetime, quota: Quota = PHOTO_QUOTA) -> None:
    """Count a try before anything is done with its bytes. Raises Refused over the day's quota, or after many tries."""
    refuse_while_waiting(db, [(quota.tries, str(actor.user_id))], quota.tried_often, now=now)
    _check_quota(db, actor, 1, quota, now)
    note_miss(db, quota.tries, str(actor.user_id), now=now)


def _check_quota(db: Reader, actor: Actor, coming: int, quota: Quota, now: datetime) -> None:
    of_photos = quota.tries.kind == PHOTO_QUOTA.tries.kind
    brought = _BROUGHT_ELSE if of_photos else _BROUGHT_FOR_REQUESTS
    count, size = db.rows(brought, user_id=actor.user_id, since=now - timedelta(days=1))[0]
    if count >= quota.count or size + coming > quota.size:
        raise Refused(quota.too_many)


def _note(db: Writer, actor: Actor, file: Brought, quota: Quota, *, now: datetime) -> str:
    _check_quota(db, actor, len(file.data), quota, now)
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
    """A file of readings: for whoever brought it, for staff of its account's organization, and once it is sent for
    those who see its account.
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
