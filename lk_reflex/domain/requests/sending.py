"""«Отправить»: the common end of all three services."""

import hashlib
import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, NotFound, Refused
from lk_reflex.core.text import storable
from lk_reflex.domain.accounts.switches import require_on
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.identity.attempts import Limit, note_miss, refuse_while_waiting
from lk_reflex.domain.requests.attaching import attach_all, files_of
from lk_reflex.domain.requests.desk.words import index_words
from lk_reflex.domain.requests.drafts import NO_ACCOUNT, NO_REQUEST, Draft
from lk_reflex.domain.requests.history import Author
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import CHANGED, move
from lk_reflex.domain.requests.tables import Request
from lk_reflex.domain.requests.terms import due_on

#: Of one person in a day: an operator reads each of them.
SENDINGS = Limit("request", 20, longest=timedelta(hours=1), window=timedelta(days=1), first=timedelta(minutes=5))
TOO_OFTEN = "Сегодня вы отправили уже много заявок."
_KEY_LENGTH = range(8, 65)

#: Held until the end of the transaction: of two presses at once the second one finds the first one's key.
_SENT = (
    select(col(Request.once_key))
    .where(col(Request.number) == bindparam("number"), col(Request.user_id) == bindparam("person"))
    .with_for_update()
)
_KEY_TAKEN = select(col(Request.number)).where(col(Request.once_key) == bindparam("once_key"))
_STILL_MINE = select(col(Account.number)).where(col(Account.id) == bindparam("account_id"), owned(col(Account.id)))
_PASSPORT = select(col(Request.passport)).where(col(Request.id) == bindparam("request_id"))
_ZONE = select(col(Organization.time_zone)).where(col(Organization.id) == bindparam("organization_id"))


def was_sent(db: Reader, actor: Actor, number: str, once_key: str) -> bool:
    """Whether this very press has sent the actor's request already: a repeat of it does nothing.

    To be asked before `own_draft`, which knows no request that was sent.
    """
    return bool(once_key) and db.value(_SENT, number=number, person=actor.user_id) == once_key


def fingerprint(db: Reader, draft: Draft) -> str:
    """What a draft holds, by which its person's check page knows it again: its form, its passport and its files."""
    files = sorted((one.slot, one.key) for one in files_of(db, draft.request_id) if one.event_id is None)
    passport = db.value(_PASSPORT, request_id=draft.request_id)
    return hashlib.sha256(json.dumps([draft.form, files, passport], sort_keys=True).encode()).hexdigest()


def require_seen(db: Writer, draft: Draft, seen: str | None) -> None:
    """What is sent is what was checked. The caller holds `draft` locked; None where nobody has looked at it.

    Raises Conflict where the draft holds something else than when `seen` was its fingerprint.
    """
    if seen is not None and seen != fingerprint(db, draft):
        raise Conflict(CHANGED)


def send(
    db: Writer, actor: Actor, draft: Draft, *, version: int, once_key: str, address: str, building_id: int | None,
    latitude: float | None, longitude: float | None, contact: str, phone: str, words: Iterable[str], site: str,
    now: datetime,
) -> str:  # fmt: skip
    """Send a draft whose fields the caller has found right, and as they were seen; returns its number.

    `address`, `contact`, `phone` and the place are what the desk shows; it is found by them, by its number and account,
    and by `words`: serials of meters. Raises Conflict where the draft is no longer of `version`, Refused where the
    service is switched off, the account is no longer the person's, or too many were sent today.
    """
    if was_sent(db, actor, draft.number, once_key):
        return draft.number
    if len(once_key) not in _KEY_LENGTH or storable(once_key) != once_key or db.first(_KEY_TAKEN, once_key=once_key):
        raise NotFound(NO_REQUEST)
    if version != draft.version:
        raise Conflict(CHANGED)
    account = _account_of(db, actor, draft)
    if draft.status is Status.DRAFT:
        require_on(db, draft.organization_id, draft.kind.value)
    refuse_while_waiting(db, [(SENDINGS, str(actor.user_id))], TOO_OFTEN, now=now)
    note_miss(db, SENDINGS, str(actor.user_id), now=now)
    attach_all(db, draft.request_id, now=now)
    index_words(db, draft.request_id, [draft.number, account, contact, address, phone, *words])
    due = due_on(db, now, str(db.value(_ZONE, organization_id=draft.organization_id)))
    changes: dict[str, Any] = {
        "sent_form": draft.form, "sent_at": now, "due_on": due, "once_key": once_key, "address": address,
        "building_id": building_id, "latitude": latitude, "longitude": longitude, "contact": contact, "phone": phone,
    }  # fmt: skip
    move(
        db, draft.request_id, Status.SENT, version=version, author=Author.RESIDENT, actor_id=actor.user_id, site=site,
        now=now, **changes,
    )  # fmt: skip
    return draft.number


def _account_of(db: Reader, actor: Actor, draft: Draft) -> str:
    """Its number; empty for a request without one. Whose access has ended sends nothing new for it."""
    if draft.account_id is None:
        return ""
    number = db.value(_STILL_MINE, account_id=draft.account_id, **actor.owning)
    if number is None:
        raise Refused(NO_ACCOUNT)
    return number
