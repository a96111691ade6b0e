"""The earlier readings of one meter: billing's own, and what became of those sent from the cabinet."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.overseen import OverseenAccount
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.metering.sending.photos import sent_photos
from lk_reflex.domain.metering.tables import Meter, Reading, ReadingAnswer, SentReading, Submission
from lk_reflex.domain.metering.units import scale_label

SENT, ACCOUNTED, REFUSED = "Передано", "Учтено", "Не принято"
NO_METER = "Такого прибора учёта на вашем лицевом счете нет"

_ANYBODYS = (
    select(col(Meter.id), col(Meter.scales), col(Meter.decimals), col(Organization.time_zone))
    .join(Account, col(Account.id) == col(Meter.account_id))
    .join(Organization, col(Organization.id) == col(Meter.organization_id))
    .where(col(Meter.id) == bindparam("meter_id"), col(Meter.account_id) == bindparam("account_id"))
)
_METER = _ANYBODYS.where(owned(col(Meter.account_id)))
_BILLED = select(
    col(Reading.scale),
    col(Reading.accounted_on),
    col(Reading.taken_on),
    col(Reading.source),
    col(Reading.value),
).where(col(Reading.meter_id) == bindparam("meter_id"))
_SENT = (
    select(
        col(SentReading.id),
        col(SentReading.submission_id),
        col(SentReading.scale),
        col(SentReading.taken_on),
        col(SentReading.value),
        col(SentReading.period),
        col(SentReading.replaced_at),
        col(Submission.source),
        col(ReadingAnswer.accounted),
        col(ReadingAnswer.reason),
    )
    .join(Submission, col(Submission.id) == col(SentReading.submission_id))
    .outerjoin(ReadingAnswer, col(ReadingAnswer.sent_reading_id) == col(SentReading.id))
    .where(col(SentReading.meter_id) == bindparam("meter_id"))
    .order_by(col(SentReading.id).desc())
)


@dataclass(frozen=True, slots=True)
class PastReading:
    """One line of a meter's history. `value` in thousandths.

    `fate` is «Передано», «Учтено», «Не принято: …», «Заменено …», or empty for what only billing knows of.
    `photo` is the key of the picture that went with it.
    """

    scale: int
    label: str
    accounted_on: date | None
    taken_on: date
    source: str
    value: int
    fate: str
    replaced: bool
    photo: str = ""
    decimals: int = 3


def history(db: Reader, actor: Actor, account_id: int, meter_id: int) -> tuple[PastReading, ...]:
    """All readings of a meter, newest first. Raises NotFound for a meter that isn't the actor's."""
    meter = db.first(_METER, meter_id=meter_id, account_id=account_id, **actor.owning)
    if meter is None:
        raise NotFound(NO_METER)
    return _lines(db, meter)


def history_for_staff(db: Reader, account: OverseenAccount, meter_id: int) -> tuple[PastReading, ...]:
    """The same for staff; empty for a meter of another account."""
    meter = db.first(_ANYBODYS, meter_id=meter_id, account_id=account.account_id)
    return () if meter is None else _lines(db, meter)


def _lines(db: Reader, meter: Any) -> tuple[PastReading, ...]:
    meter_id = meter.id
    sent = db.rows(_SENT, meter_id=meter_id)
    photos = sent_photos(db, meter_id)
    lines = []
    for row in db.rows(_BILLED, meter_id=meter_id):
        mine = _match(row, sent)
        if mine is not None:
            sent.remove(mine)
        fate = "" if mine is None else ACCOUNTED
        label = scale_label(row.scale, meter.scales)
        photo = "" if mine is None else photos.get(mine.submission_id, "")
        billed = (row.scale, label, row.accounted_on, row.taken_on, row.source, row.value)
        lines.append(PastReading(*billed, fate, False, photo, meter.decimals))
    lines.extend(_own(row, meter, photos.get(row.submission_id, "")) for row in sent)
    lines.sort(key=lambda line: (-line.taken_on.toordinal(), line.replaced, line.scale))
    return tuple(lines)


def _match(billed: Any, sent: list[Any]) -> Any | None:
    """The cabinet's reading that billing has taken in as this one: the same value, day or accounting month."""
    for row in sent:
        counts = row.replaced_at is None and not _refused(row)
        same = counts and (row.scale, row.value) == (billed.scale, billed.value)
        if same and (row.taken_on == billed.taken_on or row.period == Month.of(billed.accounted_on)):
            return row
    return None


def _own(row: Any, meter: Any, photo: str) -> PastReading:
    replaced = row.replaced_at is not None
    label = scale_label(row.scale, meter.scales)
    return PastReading(
        row.scale, label, None, row.taken_on, row.source, row.value, _fate(row, meter.time_zone),
        replaced or _refused(row), photo, meter.decimals,
    )  # fmt: skip


def _fate(row: Any, time_zone: str) -> str:
    """What billing says of it, and that another has taken its place."""
    replaced: datetime | None = row.replaced_at
    told = [refusal(row.reason)] if _refused(row) else [ACCOUNTED] if row.accounted and not replaced else []
    if replaced:
        told.append(f"Заменено {format_date(local_date(replaced, time_zone))}")
    return ". ".join(told) or SENT


def refusal(reason: str) -> str:
    """«Не принято: показание меньше контрольного», in billing's own words without their full stop."""
    return f"{REFUSED}: {reason.strip().rstrip('.')}"


def _refused(row: Any) -> bool:
    return row.accounted is not None and not row.accounted
