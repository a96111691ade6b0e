"""Requests for the desk's tests, put straight into the tables."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from lk_reflex.core.db import Database, Writer
from lk_reflex.domain.requests.counting import recount
from lk_reflex.domain.requests.desk.words import index_words
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import Request
from tests.cast import NOW, Cast

FORM = {"owner": "Здетовецкий Сергей", "document": "", "phone": "+7 912 345-67-89", "wished": "", "meters": []}


def put_request(
    database: Database, cast: Cast, number: str = "261120482913", *, kind: str = "sealing",
    status: Status = Status.SENT, sent_at: datetime = NOW, due_on: date = date(2026, 12, 11),
    organization_id: int | None = None, assignee_id: int | None = None, form: dict[str, Any] | None = None,
    words: tuple[str, ...] = (), user_id: int | None = 0, **columns: Any,
) -> int:  # fmt: skip
    """Store one with its words and its place in the counters; returns its id."""
    with database.transaction() as db:
        return _put(db, cast, number, kind, status, sent_at, due_on, organization_id or cast.organization,
                    assignee_id, FORM if form is None else form, words,
                    cast.owner.actor.user_id if user_id == 0 else user_id, columns)  # fmt: skip


def _put(
    db: Writer, cast: Cast, number: str, kind: str, status: Status, sent_at: datetime, due_on: date,
    organization_id: int, assignee_id: int | None, form: dict[str, Any], words: tuple[str, ...], user_id: int | None,
    columns: dict[str, Any],
) -> int:  # fmt: skip
    given = {
        "address": "ул. Кыштымская, д. 10, кв. 1010", "contact": "Здетовецкий Сергей", "phone": "+7 912 345-67-89",
        "account_id": cast.flat, **columns,
    }  # fmt: skip
    row = Request(
        number=number, kind=kind, organization_id=organization_id, user_id=user_id, status=status.value, form=form,
        sent_form=form, assignee_id=assignee_id, created_at=sent_at, updated_at=sent_at,
        sent_at=None if status is Status.DRAFT else sent_at, due_on=None if status is Status.DRAFT else due_on,
        **given,
    )  # fmt: skip
    db.add(row)
    assert row.id
    recount(db, organization_id, kind, None, status)
    index_words(db, row.id, words or (number, "1234567899", given["contact"], given["address"], given["phone"]))
    return row.id


def hours_ago(hours: float) -> datetime:
    """A moment before the tests' own."""
    return (NOW - timedelta(hours=hours)).astimezone(UTC)
