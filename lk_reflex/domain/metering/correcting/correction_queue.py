"""What the operators' desk shows: requests that wait with all that a decision needs, and those decided lately."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.files.keeping import REMOVED
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.metering.average import Known, volume_between
from lk_reflex.domain.metering.correcting.correctable import taken_in
from lk_reflex.domain.metering.correcting.correction_desk import staff_only
from lk_reflex.domain.metering.correcting.correction_list import SHOWN_FOR, fate_of
from lk_reflex.domain.metering.tables import Meter, Reading, ReadingAnswer, ReadingCorrection, ReadingPhoto, SentReading
from lk_reflex.domain.metering.typed import capacity
from lk_reflex.domain.metering.units import scale_label, unit_of

#: So many lines a page of the desk has, and so many of billing's readings a line.
PAGE, READINGS = 50, 4

_Operator = aliased(User, name="operator")
_PHOTO = (
    select(col(StoredFile.key))
    .join(ReadingPhoto, col(ReadingPhoto.file_id) == col(StoredFile.id))
    .where(
        col(ReadingPhoto.submission_id) == col(SentReading.submission_id),
        col(ReadingPhoto.meter_id) == col(SentReading.meter_id),
        col(StoredFile.purpose) != REMOVED,
    )
    .order_by(col(StoredFile.id).desc())
    .limit(1)
    .scalar_subquery()
)
_COLUMNS = (
    col(ReadingCorrection.id), col(ReadingCorrection.value), col(ReadingCorrection.taken_on),
    col(ReadingCorrection.explanation), col(ReadingCorrection.created_at), col(ReadingCorrection.accepted),
    col(ReadingCorrection.decided_at), col(ReadingCorrection.comment), col(ReadingCorrection.withdrawn),
    col(SentReading.value).label("old_value"), col(SentReading.volume).label("old_volume"),
    col(SentReading.taken_on).label("old_taken_on"), col(SentReading.period), col(SentReading.scale),
    col(SentReading.meter_id), col(Meter.name), col(Meter.serial), col(Meter.resource), col(Meter.scales),
    col(Meter.digits), col(Account.number), col(Building.street), col(Building.house), col(Account.flat),
    col(Organization.name).label("organization"), col(Organization.short_name), col(Organization.time_zone),
    col(User.email), col(_Operator.email).label("operator_email"), col(ReadingAnswer.accounted),
    col(ReadingAnswer.reason), _PHOTO.label("photo"),
)  # fmt: skip
_ALL = (
    select(*_COLUMNS)
    .select_from(ReadingCorrection)
    .join(SentReading, col(SentReading.id) == col(ReadingCorrection.sent_reading_id))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .join(Account, col(Account.id) == col(ReadingCorrection.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .join(User, col(User.id) == col(ReadingCorrection.user_id))
    .outerjoin(_Operator, col(_Operator.id) == col(ReadingCorrection.decided_by))
    .outerjoin(ReadingAnswer, col(ReadingAnswer.sent_reading_id) == col(SentReading.id))
    .where(overseen(col(Account.organization_id)))
)
_WAITING = (
    _ALL.where(col(ReadingCorrection.decided_at).is_(None)).order_by(col(ReadingCorrection.id)).limit(PAGE)
)  # fmt: skip
_HOW_MANY = (
    select(func.count())
    .select_from(ReadingCorrection)
    .join(Account, col(Account.id) == col(ReadingCorrection.account_id))
    .where(col(ReadingCorrection.decided_at).is_(None), overseen(col(Account.organization_id)))
)
_DECIDED = (
    _ALL.where(col(ReadingCorrection.decided_at) > bindparam("since", type_=UtcTime()))
    .order_by(col(ReadingCorrection.decided_at).desc(), col(ReadingCorrection.id).desc())
    .limit(PAGE)
)
_place = func.row_number().over(
    partition_by=(col(Reading.meter_id), col(Reading.scale)),
    order_by=(col(Reading.taken_on).desc(), col(Reading.id).desc()),
)
_numbered = (
    select(
        col(Reading.meter_id), col(Reading.scale), col(Reading.taken_on), col(Reading.value), col(Reading.source),
        _place.label("place"),
    )
    .where(col(Reading.meter_id).in_(bindparam("meters", expanding=True)))
    .subquery("numbered")
)  # fmt: skip
_BILLED = select(_numbered).where(_numbered.c.place <= READINGS).order_by(_numbered.c.place)


@dataclass(frozen=True, slots=True)
class Billed:
    """One of billing's readings, in thousandths."""

    taken_on: date
    value: int
    source: str


@dataclass(frozen=True, slots=True)
class DeskRequest:
    """One request on the desk. Values and volumes in thousandths of `unit`; `fate` as in `correction_list`.

    `accounted` is what billing has made of the old reading meanwhile, None where it hasn't spoken; `reason` says why it
    refused. `photo` is the key of the picture that went with it, or empty.
    """

    correction_id: int
    number: str
    address: str
    organization: str
    time_zone: str
    name: str
    serial: str
    label: str
    unit: str
    period: Month
    old_value: int
    old_taken_on: date
    old_volume: int
    value: int
    taken_on: date
    volume: int
    explanation: str
    asked_by: str
    created_at: datetime
    fate: str
    decided_at: datetime | None
    decided_by: str
    comment: str
    billed: tuple[Billed, ...]
    accounted: bool | None
    reason: str
    photo: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits, oldest first, how many wait in all, and what was decided in the last 30 days, newest first."""

    waiting: tuple[DeskRequest, ...]
    total: int
    decided: tuple[DeskRequest, ...]


def desk_of(db: Reader, actor: Actor, *, now: datetime) -> Desk:
    """The desk as it stands. Raises Refused for whoever doesn't work here."""
    staff_only(actor)
    waiting, decided = (
        db.rows(_WAITING, **actor.overseeing),
        db.rows(_DECIDED, since=now - SHOWN_FOR, **actor.overseeing),
    )
    billed = _billed(db, [row.meter_id for row in waiting])
    return Desk(
        tuple(_request(row, billed[row.meter_id, row.scale]) for row in waiting),
        db.value(_HOW_MANY, **actor.overseeing) or 0,
        tuple(_request(row, []) for row in decided),
    )


def _billed(db: Reader, meters: list[int]) -> dict[tuple[int, int], list[Billed]]:
    found: dict[tuple[int, int], list[Billed]] = defaultdict(list)
    if meters:
        for row in db.connection.execute(_BILLED, {"meters": meters}):
            found[row.meter_id, row.scale].append(Billed(row.taken_on, row.value, row.source))
    return found


def _request(row: Any, billed: list[Billed]) -> DeskRequest:
    # The reading before isn't stored with it: the one that was sent less its own volume, on a dial that may roll over.
    before = (row.old_value - row.old_volume) % capacity(row.digits)
    return DeskRequest(
        correction_id=row.id,
        number=row.number,
        address=address_line(row.street, row.house, row.flat),
        organization=row.short_name or row.organization,
        time_zone=row.time_zone,
        name=row.name,
        serial=row.serial,
        label=scale_label(row.scale, row.scales),
        unit=unit_of(row.resource),
        period=row.period,
        old_value=row.old_value,
        old_taken_on=row.old_taken_on,
        old_volume=row.old_volume,
        value=row.value,
        taken_on=row.taken_on,
        volume=volume_between(before, row.value, row.digits),
        explanation=row.explanation,
        asked_by=row.email,
        created_at=row.created_at,
        fate=fate_of(row),
        decided_at=row.decided_at,
        decided_by=row.operator_email or "",
        comment=row.comment,
        billed=tuple(billed),
        accounted=_accounted(row, billed),
        reason=row.reason or "",
        photo=row.photo or "",
    )


def _accounted(row: Any, billed: list[Billed]) -> bool | None:
    """Billing's answer; or that it holds the reading as its own, which is as good as one."""
    if row.accounted is not None:
        return bool(row.accounted)
    return True if taken_in(billed, Known(row.old_taken_on, row.old_value), row.period) else None
