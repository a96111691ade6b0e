"""«Отправить» of the check page: a sealing application goes to the organization, or a corrected one goes again."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import bindparam, delete, select
from sqlmodel import col

from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict, Invalid
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.requests.drafts import Draft, locked_draft
from lk_reflex.domain.requests.moving import CHANGED
from lk_reflex.domain.requests.passports.own import send_along
from lk_reflex.domain.requests.sealing.check import judge_draft
from lk_reflex.domain.requests.sealing.consents import consent_faults, record
from lk_reflex.domain.requests.sealing.judging import MeterRow
from lk_reflex.domain.requests.sending import require_seen, send, was_sent
from lk_reflex.domain.requests.tables import RequestMeter

_PLACE = (
    select(col(Building.id), col(Building.street), col(Building.house), col(Account.flat), col(Building.latitude),
           col(Building.longitude))
    .join(Account, col(Account.building_id) == col(Building.id))
    .where(col(Account.id) == bindparam("account_id"))
)  # fmt: skip
_FORGET = delete(RequestMeter).where(col(RequestMeter.request_id) == bindparam("of_request"))


def send_sealing(
    db: Writer, vault: Vault, actor: Actor, number: str, *, version: int, consents: Mapping[str, str], address: str,
    once_key: str, site: str, now: datetime, seen: str | None = None,
) -> str:  # fmt: skip
    """Send it, or send it again after corrections; returns its number. A repeat with the same `once_key` is quiet.

    `consents` are the documents that were agreed to with the versions that were shown; `address` is the network's;
    `seen` is the `fingerprint` of what was checked.
    Raises Invalid with all faults, consents' too; Conflict where it isn't of `version` any more or a text has changed;
    NotFound, Refused.
    """
    if was_sent(db, actor, number, once_key):
        return number
    draft = locked_draft(db, actor, number)
    if version != draft.version:
        raise Conflict(CHANGED)
    require_seen(db, draft, seen)
    judged = judge_draft(db, vault, draft, now=now)
    faults = judged.faults | consent_faults(consents)
    if faults:
        raise Invalid(faults)
    place = db.rows(_PLACE, account_id=draft.account_id)[0]
    record(db, draft.request_id, consents, address=address, now=now)
    send_along(db, vault, draft, judged.passport, now=now)
    _keep_meters(db, draft, judged.meters)
    return send(
        db, actor, draft, version=version, once_key=once_key,
        address=address_line(place.street, place.house, place.flat), building_id=place.id, latitude=place.latitude,
        longitude=place.longitude, contact=judged.owner, phone=judged.phone,
        words=[meter.serial for meter in judged.meters], site=site, now=now,
    )  # fmt: skip


def _keep_meters(db: Writer, draft: Draft, meters: tuple[MeterRow, ...]) -> None:
    """As rows of their own, for exports and the desk; those of an earlier sending go."""
    db.change(_FORGET, of_request=draft.request_id)
    for position, meter in enumerate(meters, start=1):
        db.add(
            RequestMeter(
                request_id=draft.request_id, row_key=meter.key, position=position, application=meter.application,
                meter_type=meter.meter_type, serial=meter.serial, brand=meter.brand, reading=meter.reading,
                verification_due=meter.verification_due, place=meter.place, installer=meter.installer,
            )
        )  # fmt: skip
