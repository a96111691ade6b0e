"""An appeal checked and sent."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.contacts.phones import mobile_of
from lk_reflex.domain.requests.appeal.rules import PHONE, faults, plain
from lk_reflex.domain.requests.dictionaries import TOPIC, choices
from lk_reflex.domain.requests.drafts import NO_REQUEST, Draft, locked_draft, own_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.sending import require_seen, send, was_sent

_PLACE = (
    select(
        col(Account.number), col(Account.surname), col(Account.first_name), col(Account.patronymic),
        col(Account.flat), col(Account.building_id), col(Building.street), col(Building.house),
        col(Building.latitude), col(Building.longitude),
    )
    .join(Building, col(Building.id) == col(Account.building_id))
    .where(col(Account.id) == bindparam("account_id"))
)  # fmt: skip


def check_appeal(db: Reader, actor: Actor, number: str) -> dict[str, str]:
    """What keeps the actor's appeal from being sent, by the field's name. Raises as `own_draft`."""
    return _faults(db, _appeal(own_draft(db, actor, number)))


def send_appeal(
    db: Writer, actor: Actor, number: str, *, version: int, once_key: str, site: str, now: datetime,
    seen: str | None = None,
) -> str:  # fmt: skip
    """Send it to the organization; a repeat with the same `once_key` is quiet. Returns the number.

    `seen` is the `fingerprint` of what was checked. Raises NotFound for what isn't theirs, Invalid by the field's name,
    and as `require_seen` and `send` do.
    """
    if was_sent(db, actor, number, once_key):
        return number
    draft = _appeal(locked_draft(db, actor, number))
    require_seen(db, draft, seen)
    if found := _faults(db, draft):
        raise Invalid(found)
    place = db.first(_PLACE, account_id=draft.account_id) if draft.account_id is not None else None
    return send(
        db, actor, draft, version=version, once_key=once_key, phone=mobile_of(plain(draft.form, PHONE)), site=site,
        now=now, **_place(place, actor),
    )  # fmt: skip


def _appeal(draft: Draft) -> Draft:
    if draft.kind is not Kind.APPEAL:
        raise NotFound(NO_REQUEST)
    return draft


def _faults(db: Reader, draft: Draft) -> dict[str, str]:
    topics = {choice.title for choice in choices(db, TOPIC, draft.organization_id)}
    return faults(draft.form, topics)


def _place(row: Any | None, actor: Actor) -> dict[str, Any]:
    """Where and from whom, as the desk shows it: by the account, or by the login's own e-mail without one."""
    if row is None:
        nowhere = {"address": "", "building_id": None, "latitude": None, "longitude": None}
        return {**nowhere, "contact": actor.email, "words": ()}
    name = " ".join(filter(None, (row.surname, row.first_name, row.patronymic)))
    return {
        "address": address_line(row.street, row.house, row.flat), "building_id": row.building_id,
        "latitude": row.latitude, "longitude": row.longitude, "contact": name or actor.email, "words": (row.number,),
    }  # fmt: skip
