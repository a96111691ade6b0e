"""Requests put into the database as rows, where a test is about reading them and not about how they came."""

from datetime import datetime
from typing import Any

from lk_reflex.core.db import Database
from lk_reflex.domain.requests.history import Author, EventKind, note_event
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import Request
from tests.cast import NOW, Cast, Person


def put_request(
    db: Database, cast: Cast, person: Person, kind: str = "appeal", status: Status = Status.SENT, *,
    number: str = "261120000001", form: dict[str, object] | None = None, now: datetime = NOW, **changes: Any,
) -> int:  # fmt: skip
    """A request of `person` to the cast's organization; returns its id."""
    filled = {"topic": "Качество воды", "text": "течь воды", "phone": "+79123456789"} if form is None else form
    sent = status is not Status.DRAFT
    row: dict[str, Any] = {
        "number": number, "kind": kind, "organization_id": cast.organization, "user_id": person.actor.user_id,
        "account_id": person.actor.chosen_account_id, "status": status.value, "form": filled,
        "sent_form": filled if sent else {}, "created_at": now, "updated_at": now, "sent_at": now if sent else None,
    }  # fmt: skip
    with db.transaction() as writer:
        request = Request(**(row | changes))
        writer.add(request)
        writer.session.flush()
        assert request.id
        return request.id


def put_event(db: Database, request_id: int, kind: EventKind, author: Author, comment: str = "", **more: Any) -> int:
    """A line of its history; returns its id."""
    with db.transaction() as writer:
        return note_event(writer, request_id, kind, author=author, now=more.pop("now", NOW), comment=comment, **more)
