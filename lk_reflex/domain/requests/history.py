"""The history and the thread of a request. Lines are added and never changed."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from lk_reflex.core.db import Writer
from lk_reflex.domain.requests.tables import RequestEvent


class Author(StrEnum):
    """Who speaks."""

    RESIDENT = "resident"
    OPERATOR = "operator"
    SYSTEM = "system"


class EventKind(StrEnum):
    """A change of status, a message that both sides see, a note that staff alone see, the person's mark at the end."""

    MOVED = "moved"
    MESSAGE = "message"
    NOTE = "note"
    RATED = "rated"


def note_event(
    db: Writer, request_id: int, kind: EventKind, *, author: Author, now: datetime, actor_id: int | None = None,
    comment: str = "", was: str = "", became: str = "", fields: Sequence[str] = (),
) -> int:  # fmt: skip
    """Add a line; returns its id."""
    event = RequestEvent(
        request_id=request_id,
        at=now,
        kind=kind.value,
        was=was,
        became=became,
        author=author.value,
        actor_id=actor_id,
        comment=comment,
        fields=list(fields),
    )
    db.add(event)
    db.session.flush()
    assert event.id
    return event.id
