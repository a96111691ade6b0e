"""The only function that changes a request's status."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict, Refused
from lk_reflex.core.signals import EVERY_DESK, QUEUE, REQUEST, stir
from lk_reflex.domain.requests.counting import recount
from lk_reflex.domain.requests.history import Author, EventKind, note_event
from lk_reflex.domain.requests.machine import ENDED, TITLES, Status, by_resident, may_move
from lk_reflex.domain.requests.tables import Request
from lk_reflex.domain.requests.telling import tell_of_move

CHANGED = "Заявку тем временем изменили. Посмотрите, что в ней теперь, и повторите"
_ROW = select(
    col(Request.id), col(Request.number), col(Request.kind), col(Request.organization_id), col(Request.user_id),
    col(Request.status), col(Request.version),
).where(col(Request.id) == bindparam("request_id"))  # fmt: skip


def move(
    db: Writer, request_id: int, becomes: Status, *, version: int, author: Author, site: str, now: datetime,
    actor_id: int | None = None, comment: str = "", fields: Sequence[str] = (), **changes: Any,
) -> int:  # fmt: skip
    """Change the status of a request that still has `version`, and the columns `changes` along with it.

    `comment` is what the person reads, `fields` what «На исправление» names. Its line in the history and what tells
    the person of it stand in the same transaction; open tabs hear of it. `site` begins the addresses in letters.
    Returns the line's id. The caller has proven that the actor may, and that the request is theirs. Raises Refused
    for a move that isn't in the table, Conflict where somebody was faster.
    """
    row = db.first(_ROW, request_id=request_id)
    if row is None or row.version != version:
        raise Conflict(CHANGED)
    was = Status(row.status)
    if not may_move(was, becomes) or by_resident(becomes) != (author is Author.RESIDENT):
        raise Refused(f"Из статуса «{TITLES[was]}» заявку нельзя перевести в «{TITLES[becomes]}»")
    given: dict[str, Any] = {"status": becomes.value, "version": version + 1, "updated_at": now, **changes}
    given["to_correct"] = list(fields)
    if author is not Author.RESIDENT:
        given["comment"] = comment
    if becomes in ENDED:
        given["ended_at"] = now
    moved = db.change(
        update(Request)
        .where(col(Request.id) == request_id, col(Request.version) == version, col(Request.status) == was.value)
        .values(**given)
    )
    if moved != 1:
        raise Conflict(CHANGED)
    recount(db, row.organization_id, row.kind, was, becomes)
    event_id = note_event(
        db, request_id, EventKind.MOVED, author=author, now=now, actor_id=actor_id, comment=comment,
        was=was.value, became=becomes.value, fields=fields,
    )  # fmt: skip
    tell_of_move(db, request_id, event_id, site=site, now=now)
    stir_request(db, row.user_id, row.number, now=now)
    return event_id


def stir_request(db: Writer, user_id: int | None, number: str, *, now: datetime) -> None:
    """Tell the open tabs of its person and of the desk that something about a request has changed."""
    if user_id is not None:
        stir(db, user_id, REQUEST, now=now, subject=number)
    stir(db, EVERY_DESK, QUEUE, now=now, subject=number)
