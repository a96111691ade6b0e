"""Requests at any point of their lives, made straight in the tables and counted as the product counts them."""

from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader
from lk_reflex.domain.requests.counting import recount
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import NEEDS_COMMENT, Status, by_resident
from lk_reflex.domain.requests.moving import move
from lk_reflex.domain.requests.tables import Request, RequestCount
from tests.cast import NOW

SITE = "https://lk.test"
#: The shortest way from a draft to each status.
WAYS: dict[Status, tuple[Status, ...]] = {
    Status.DRAFT: (),
    Status.SENT: (Status.SENT,),
    Status.ACCEPTED: (Status.SENT, Status.ACCEPTED),
    Status.WORKING: (Status.SENT, Status.ACCEPTED, Status.WORKING),
    Status.CORRECTING: (Status.SENT, Status.ACCEPTED, Status.CORRECTING),
    Status.REFUSED: (Status.SENT, Status.ACCEPTED, Status.REFUSED),
    Status.DONE: (Status.SENT, Status.ACCEPTED, Status.WORKING, Status.DONE),
}
_COUNTED = select(col(RequestCount.organization_id), col(RequestCount.kind), col(RequestCount.status),
                  col(RequestCount.count))  # fmt: skip
_WHERE = col(Request.organization_id), col(Request.kind), col(Request.status)
_REAL = select(*_WHERE, func.count().label("count")).group_by(*_WHERE)


def make_request(
    db: Database, organization: int, user_id: int | None, *, kind: Kind = Kind.APPEAL, number: str = "261120000001",
    now: datetime = NOW, **columns: Any,
) -> int:  # fmt: skip
    """A draft; returns its id."""
    with db.transaction() as writer:
        row = Request(
            number=number, kind=kind.value, organization_id=organization, user_id=user_id, status=Status.DRAFT.value,
            created_at=now, updated_at=now, **columns,
        )  # fmt: skip
        writer.add(row)
        recount(writer, organization, kind.value, None, Status.DRAFT)
        assert row.id
        return row.id


def step(
    db: Database, request_id: int, becomes: Status, *, now: datetime = NOW, comment: str = "", actor_id: int = 0,
    **more: Any,
) -> int:  # fmt: skip
    """The next move by whoever makes it; returns the line's id."""
    author = Author.RESIDENT if by_resident(becomes) else Author.OPERATOR
    if becomes in NEEDS_COMMENT:
        comment = comment or "Причина словами оператора"
    return db.write(
        move, request_id, becomes, version=version_of(db, request_id), author=author, actor_id=actor_id or None,
        site=SITE, now=now, comment=comment, **more,
    )  # fmt: skip


def lead(db: Database, request_id: int, to: Status, *, now: datetime = NOW) -> None:
    """The whole way from a draft to `to`."""
    for becomes in WAYS[to]:
        step(db, request_id, becomes, now=now)


def row_of(db: Database, request_id: int) -> Request:
    """The row as it stands in the database."""
    with db.transaction() as writer:
        row = writer.session.get(Request, request_id)
        assert row is not None
        writer.session.expunge(row)
        return row


def version_of(db: Database, request_id: int) -> int:
    """Its present version."""
    return row_of(db, request_id).version


def counted(db: Reader) -> dict[tuple[int, str, str], int]:
    """What `request_counts` says, without its noughts."""
    return {(row.organization_id, row.kind, row.status): row.count for row in db.rows(_COUNTED) if row.count}


def recounted(db: Reader) -> dict[tuple[int, str, str], int]:
    """What it should say."""
    return {(row.organization_id, row.kind, row.status): row.count for row in db.rows(_REAL)}
