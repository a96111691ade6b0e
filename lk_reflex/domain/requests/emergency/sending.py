"""A report of an accident checked and sent."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound
from lk_reflex.domain.accounts.buildings import place_of
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.attempts import Limit, note_misses, refuse_while_waiting
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.contacts.phones import parse_phone
from lk_reflex.domain.identity.registering.documents import EMERGENCY_CONSENT, current
from lk_reflex.domain.requests.dictionaries import DAMAGE as DAMAGES
from lk_reflex.domain.requests.dictionaries import choices
from lk_reflex.domain.requests.drafts import NO_REQUEST, Draft, locked_draft, own_draft
from lk_reflex.domain.requests.emergency.addressees import choice_of, direct, goes_to
from lk_reflex.domain.requests.emergency.rules import (
    ADDRESS,
    BUILDING,
    CONSENT,
    NAME,
    ORGANIZATION,
    PHONE,
    faults,
    plain,
    point,
    whole,
)
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.sending import require_seen, send, was_sent
from lk_reflex.domain.requests.tables import RequestConsent

#: Each report may send a crew out. Of one person, and from one network address, whoever writes from there.
OF_PERSON = Limit(
    "emergency:person", 6, longest=timedelta(hours=1), window=timedelta(days=1), first=timedelta(minutes=5)
)
OF_CLIENT = Limit(
    "emergency:client", 15, longest=timedelta(hours=1), window=timedelta(days=1), first=timedelta(minutes=5)
)
TOO_OFTEN = "Отсюда уже отправили много сообщений об авариях. Если медлить нельзя, позвоните."
NO_CONSENT = "Чтобы отправить заявку, отметьте согласие на обработку персональных данных"

_GIVEN = select(col(RequestConsent.id)).where(
    col(RequestConsent.request_id) == bindparam("request_id"),
    col(RequestConsent.document) == EMERGENCY_CONSENT,
    col(RequestConsent.version) == bindparam("version"),
)


def emergency_draft(db: Reader, actor: Actor, number: str) -> Draft:
    """The actor's own report while it may be changed. Raises NotFound, Refused."""
    return _emergency(own_draft(db, actor, number))


def check_emergency(db: Reader, draft: Draft, *, consented: bool) -> dict[str, str]:
    """What keeps a report from being sent, by the field's name, in the order of the form."""
    among = choice_of(db, draft)
    damages = [choice.title for choice in choices(db, DAMAGES, goes_to(db, draft).organization_id)]
    found = faults(draft.form, damages, [one.name for one in among] if among else None)
    if not consented and not gave_consent(db, draft):
        found[CONSENT] = NO_CONSENT
    return found


def gave_consent(db: Reader, draft: Draft) -> bool:
    """Whether this report was sent before with the consent as it reads now: for corrections it holds."""
    return db.first(_GIVEN, request_id=draft.request_id, version=current(EMERGENCY_CONSENT).version) is not None


def send_emergency(
    db: Writer, actor: Actor, number: str, *, version: int, once_key: str, consented: bool, client: Client, site: str,
    now: datetime, seen: str | None = None,
) -> str:  # fmt: skip
    """Send it to whom it concerns; a repeat with the same `once_key` is quiet. Returns the number.

    `seen` is the `fingerprint` of what was checked, as `directed` gives it. Raises NotFound for what isn't theirs,
    Invalid by the field's name, Refused after too many, and as `sending.send`.
    """
    if was_sent(db, actor, number, once_key):
        return number
    draft = _emergency(locked_draft(db, actor, number))
    whole_draft = directed(db, draft)
    require_seen(db, whole_draft, seen)
    if found := check_emergency(db, draft, consented=consented):
        raise Invalid(found)
    limits = [(OF_PERSON, str(actor.user_id)), (OF_CLIENT, client.address)]
    refuse_while_waiting(db, limits, TOO_OFTEN, now=now)
    note_misses(db, limits, now=now)
    direct(db, draft, whole_draft.organization_id)
    if not gave_consent(db, draft):
        db.add(
            RequestConsent(
                request_id=draft.request_id, document=EMERGENCY_CONSENT, version=current(EMERGENCY_CONSENT).version,
                given_at=now, address=client.address[:64],
            )
        )  # fmt: skip
    building = whole(draft.form, BUILDING)
    known = building is not None and place_of(db, building) is not None
    where = point(draft.form)
    return send(
        db, actor, whole_draft, version=version, once_key=once_key, words=(), site=site,
        now=now, address=plain(draft.form, ADDRESS), building_id=building if known else None,
        latitude=where[0] if where else None, longitude=where[1] if where else None,
        contact=plain(draft.form, NAME), phone=parse_phone(plain(draft.form, PHONE)),
    )  # fmt: skip


def directed(db: Reader, draft: Draft) -> Draft:
    """A report as it would be sent just now: to whom it concerns, who is named in it."""
    told = goes_to(db, draft)
    return replace(draft, organization_id=told.organization_id, form={**draft.form, ORGANIZATION: told.name})


def _emergency(draft: Draft) -> Draft:
    if draft.kind is not Kind.EMERGENCY:
        raise NotFound(NO_REQUEST)
    return draft
