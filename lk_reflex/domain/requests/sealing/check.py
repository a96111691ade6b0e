"""«Отправить» of the form: everything is looked at, and all faults are told at once."""

from datetime import datetime

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import DEFAULT_ZONE, local_date
from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.requests.attaching import files_of
from lk_reflex.domain.requests.calendar import calendar
from lk_reflex.domain.requests.dictionaries import APPLICATION, BRAND, METER_TYPE, PLACE, choices
from lk_reflex.domain.requests.drafts import NO_FIELD, Draft, own_draft
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.passports.own import sealed_of
from lk_reflex.domain.requests.sealing.judging import PASSPORT_LOST, Around, Judged, judge

_ZONE = select(col(Organization.time_zone)).where(col(Organization.id) == bindparam("organization_id"))


def check_sealing(db: Reader, vault: Vault, actor: Actor, number: str, *, now: datetime) -> dict[str, str]:
    """Field → sentence, in the form's order: «phone», «series», «m1.serial», «m1:act»; empty where it may be sent.

    Raises NotFound, and Refused once it may not be changed.
    """
    return judge_draft(db, vault, own_draft(db, actor, number), now=now).faults


def judge_draft(db: Reader, vault: Vault, draft: Draft, *, now: datetime) -> Judged:
    """The same of a draft at hand, with what it means."""
    if draft.kind is not Kind.SEALING:
        raise NotFound(NO_FIELD)
    today = local_date(now, str(db.value(_ZONE, organization_id=draft.organization_id) or DEFAULT_ZONE))
    around = Around(
        today,
        calendar(db, since=today).is_working,
        {kind: choices(db, kind, draft.organization_id) for kind in (APPLICATION, METER_TYPE, BRAND, PLACE)},
        frozenset(file.slot for file in files_of(db, draft.request_id)),
    )
    sealed = sealed_of(db, vault, draft)
    judged = judge(draft.form, sealed.typed, around)
    if sealed.lost:
        judged.faults["series"] = PASSPORT_LOST
    return judged
