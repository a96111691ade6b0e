"""Opening a file of a request: by its own person, and by staff who oversee it once it was sent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.files.keeping import HELD
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.identity.attempts import Limit, misses, once
from lk_reflex.domain.requests.tables import Request, RequestFile

OPENED = "request-file-opened"
#: Of one person and one file: who opens it again while at work on it says nothing new, and a loop would fill the log.
LINES = Limit("request-file-opened", 1, window=timedelta(hours=1))
_ONE = (
    select(
        col(StoredFile.id).label("file_id"), col(StoredFile.key), col(StoredFile.name), col(StoredFile.media_type),
        col(StoredFile.user_id).label("brought_by"), col(Request.id).label("request_id"), col(Request.user_id),
        col(Request.account_id),
    )
    .join(RequestFile, col(RequestFile.file_id) == col(StoredFile.id))
    .join(Request, col(Request.id) == col(RequestFile.request_id))
    .where(
        col(StoredFile.key) == bindparam("key"),
        col(StoredFile.purpose) == HELD,
        or_(col(Request.user_id) == bindparam("person"), overseen(col(Request.organization_id))),
        # What isn't sent yet is its writer's alone, on either side.
        or_(col(StoredFile.attached_at).is_not(None), col(StoredFile.user_id) == bindparam("writer")),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that the actor may open; `watched` where staff open what a person has brought."""

    key: str
    name: str
    media_type: str
    watched: bool
    file_id: int
    request_id: int
    account_id: int | None
    user_id: int | None


def opened(db: Reader, actor: Actor, key: str) -> Opened | None:
    """The file by its key; None where there is none for this actor."""
    row = db.first(_ONE, key=key, person=actor.user_id, writer=actor.user_id, **actor.overseeing)
    if row is None:
        return None
    watched = actor.user_id not in (row.user_id, row.brought_by)
    return Opened(
        row.key, row.name, row.media_type, watched, row.file_id, row.request_id, row.account_id, row.user_id
    )  # fmt: skip


def to_be_noted(db: Reader, actor: Actor, file: Opened, *, now: datetime) -> bool:
    """Whether this opening goes into the audit log, as far as can be told without the right to write."""
    return file.watched and not misses(db, LINES, _subject(actor, file), now=now)


def note_opening(db: Writer, actor: Actor, file: Opened, *, address: str, now: datetime) -> None:
    """Write down that staff have opened a person's file; once within an hour."""
    if not once(db, LINES, _subject(actor, file), now=now):
        return
    note(
        db, OPENED, now=now, actor_id=actor.user_id, user_id=file.user_id, account_id=file.account_id, address=address,
        request=file.request_id, file=file.file_id,
    )  # fmt: skip


def _subject(actor: Actor, file: Opened) -> str:
    return f"{actor.user_id} {file.file_id}"
