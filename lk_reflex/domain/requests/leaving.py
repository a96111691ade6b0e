"""A person's login goes: drafts go with it, what was sent stays with the organization, without the person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.signals import EVERY_DESK, QUEUE, stir
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.requests.desk.words import index_words
from lk_reflex.domain.requests.drafts import forget_draft
from lk_reflex.domain.requests.forms import meter_rows
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.passports.wiping import wipe_passports_of
from lk_reflex.domain.requests.tables import Request, RequestConsent, RequestFile

#: What of a form tells who the person is, and how to reach them.
_OF_PERSON: Final = ("owner", "name", "phone")

_MINE = (
    select(
        col(Request.id), col(Request.number), col(Request.kind), col(Request.organization_id), col(Request.status),
        col(Request.form), col(Request.sent_form), col(Request.address), col(Account.number).label("account"),
    )
    .outerjoin(Account, col(Account.id) == col(Request.account_id))
    .where(col(Request.user_id) == bindparam("person"))
    .order_by(col(Request.id))
    .with_for_update(of=Request)
)  # fmt: skip
_THEIR_FILES = (
    select(col(RequestFile.file_id))
    .join(Request, col(Request.id) == col(RequestFile.request_id))
    .where(col(Request.user_id) == bindparam("of_person"))
)
#: Files for a message that was never sent.
_UNTIE = delete(RequestFile).where(
    col(RequestFile.file_id).in_(
        select(col(StoredFile.id)).where(
            col(StoredFile.user_id) == bindparam("of_person"), col(StoredFile.attached_at).is_(None)
        )
    )
)
_DISOWN = (
    update(StoredFile)
    .where(col(StoredFile.id).in_(_THEIR_FILES), col(StoredFile.attached_at).is_not(None))
    .values(user_id=None)
)
_FORGET_ADDRESSES = update(RequestConsent).where(
    col(RequestConsent.request_id).in_(select(col(Request.id)).where(col(Request.user_id) == bindparam("of_person")))
)


def leave_requests(db: Writer, user_id: int, *, now: datetime) -> None:
    """Delete the person's drafts with their files, wipe the passports, take the person out of what was sent.

    Their comments and what the request is about stay: it is the organization's to work off. Never-sent files are left
    to the caller, as all others of the person.
    """
    wipe_passports_of(db, user_id, now=now)
    db.change(_UNTIE, of_person=user_id)
    rows = db.rows(_MINE, person=user_id)
    for row in rows:
        if row.status == Status.DRAFT.value:
            forget_draft(db, row.id, row.organization_id, Kind(row.kind))
    db.change(_DISOWN, of_person=user_id)
    db.change(_FORGET_ADDRESSES.values(address=""), of_person=user_id)
    for row in rows:
        if row.status != Status.DRAFT.value:
            _leave(db, row, now)


def _leave(db: Writer, row: Any, now: datetime) -> None:
    changes: dict[str, Any] = {
        "user_id": None, "contact": "", "phone": "", "form": _without_person(row.form),
        "sent_form": _without_person(row.sent_form), "updated_at": now,
    }  # fmt: skip
    db.change(
        update(Request).where(col(Request.id) == row.id).values(**changes, version=col(Request.version) + 1)
    )  # fmt: skip
    serials = [str(meter.get("serial", "")) for meter in meter_rows(row.sent_form)]
    index_words(db, row.id, [row.number, row.account or "", row.address, *serials])
    stir(db, EVERY_DESK, QUEUE, now=now, subject=row.number)


def _without_person(form: Mapping[str, object]) -> dict[str, object]:
    return {name: "" if name in _OF_PERSON else value for name, value in form.items()}
