"""The readings of a period that an organization was sent: how many accounts have sent, and the list with its doubts."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Reader
from lk_reflex.core.months import Month
from lk_reflex.core.schema import MonthNumber
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.files.keeping import REMOVED
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.metering.ledger import BY_ANYBODY
from lk_reflex.domain.metering.period.doubts import LOW_PART, Facts, doubts_of
from lk_reflex.domain.metering.tables import BY_OPERATOR, Meter, ReadingPhoto, SentReading, Submission
from lk_reflex.domain.metering.units import scale_label, unit_of
from lk_reflex.domain.metering.window import Window, window_on

PAGE: Final = 50
#: So many periods before it tell what is usual.
_PAST: Final = 6
_TOP: Final = 2**62

_Past, _Other = aliased(SentReading, name="past"), aliased(SentReading, name="other")
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
#: Periods that the cabinet knows alone: billing's own readings have no volumes.
_USUAL = (
    select(func.avg(col(_Past.volume)))
    .where(
        col(_Past.meter_id) == col(SentReading.meter_id),
        col(_Past.scale) == col(SentReading.scale),
        col(_Past.replaced_at).is_(None),
        col(_Past.period) < col(SentReading.period),
        col(_Past.period) >= bindparam("since", type_=MonthNumber()),
    )
    .scalar_subquery()
)
_OTHERS = (
    select(func.count())
    .select_from(_Other)
    .where(
        col(_Other.meter_id) == col(SentReading.meter_id),
        col(_Other.scale) == col(SentReading.scale),
        col(_Other.period) == col(SentReading.period),
        col(_Other.taken_on) == col(SentReading.taken_on),
        col(_Other.value) != col(SentReading.value),
        col(_Other.replaced_at).is_not(None),
    )
    .scalar_subquery()
)
_SENT = (
    select(
        col(SentReading.id), col(SentReading.value), col(SentReading.volume), col(SentReading.taken_on),
        col(SentReading.confirmed), col(SentReading.scale), col(SentReading.export_id), col(SentReading.checked_at),
        col(SentReading.check_note), col(Submission.source), col(Submission.caller), col(Submission.created_at),
        col(Meter.name), col(Meter.serial), col(Meter.resource), col(Meter.scales), col(Meter.decimals),
        col(Meter.verification_due), col(Account.id).label("account_id"), col(Account.number), col(Account.flat),
        col(Building.street), col(Building.house), _USUAL.label("usual"), _OTHERS.label("others"),
        _PHOTO.label("photo"),
    )
    .select_from(SentReading)
    .join(Submission, col(Submission.id) == col(SentReading.submission_id))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .join(Account, col(Account.id) == col(Meter.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .where(
        col(SentReading.period) == bindparam("period", type_=MonthNumber()),
        col(SentReading.id) < bindparam("before"),
        col(SentReading.replaced_at).is_(None),
        col(Meter.organization_id) == bindparam("organization_id"),
        overseen(col(Meter.organization_id)),
    )
    .order_by(col(SentReading.id).desc())
    .limit(PAGE + 1)
)  # fmt: skip
_DOUBTFUL = or_(
    col(SentReading.confirmed) != "",
    col(Meter.verification_due) < col(SentReading.taken_on),
    _OTHERS > 0,
    and_(col(SentReading.volume) > 0, col(SentReading.volume) * LOW_PART < _USUAL),
)
_LISTS: dict[str, Select[*tuple[Any, ...]]] = {
    "all": _SENT,
    "doubtful": _SENT.where(_DOUBTFUL, col(SentReading.checked_at).is_(None)),
    "checked": _SENT.where(col(SentReading.checked_at).is_not(None)),
}
ALL, DOUBTFUL, CHECKED = "all", "doubtful", "checked"
_HAVE_SENT = (
    select(func.count(col(Meter.account_id).distinct()))
    .select_from(SentReading)
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .where(
        col(SentReading.period) == bindparam("period", type_=MonthNumber()),
        col(SentReading.replaced_at).is_(None),
        col(Meter.organization_id) == bindparam("organization_id"),
        overseen(col(Meter.organization_id)),
    )
)
_MAY_SEND = select(func.count(col(Meter.account_id).distinct())).where(
    col(Meter.organization_id) == bindparam("organization_id"),
    or_(col(Meter.ended_on).is_(None), col(Meter.ended_on) >= bindparam("today")),
    overseen(col(Meter.organization_id)),
)
_PLACES = (
    select(
        col(Organization.id), col(Organization.name), col(Organization.short_name), col(Organization.time_zone),
        col(Organization.window_opens), col(Organization.window_closes), col(Organization.takes_early),
    )
    .where(overseen(col(Organization.id)))
    .order_by(col(Organization.id))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PeriodOf:
    """An organization that the actor works for, with its window today."""

    organization_id: int
    name: str
    time_zone: str
    today: date
    window: Window


@dataclass(frozen=True, slots=True)
class ListedReading:
    """One reading. Values in thousandths of `unit`; `doubts` are sentences, `photo` the key of its picture."""

    sent_id: int
    account_id: int
    number: str
    address: str
    meter: str
    unit: str
    decimals: int
    value: int
    volume: int
    taken_on: date
    sent_at: datetime
    source: str
    caller: str
    doubts: tuple[str, ...]
    exported: bool
    checked: bool
    check_note: str
    photo: str


@dataclass(frozen=True, slots=True)
class PeriodPage:
    """A page of readings, newest first; of `expected` accounts with meters `sent` have sent."""

    readings: tuple[ListedReading, ...]
    more: bool
    sent: int
    expected: int


def periods_of(db: Reader, actor: Actor, *, now: datetime) -> tuple[PeriodOf, ...]:
    """The organizations of the actor's duties with their windows."""
    return tuple(_place(row, now) for row in db.rows(_PLACES, **actor.overseeing))


def period_page(
    db: Reader, actor: Actor, place: PeriodOf, period: Month, *, show: str = DOUBTFUL, before: int | None = None
) -> PeriodPage:
    """A page of the organization's readings of a period; `show` is «all», «doubtful» (unchecked) or «checked»."""
    asked = {"organization_id": place.organization_id, **actor.overseeing}
    rows = db.rows(
        _LISTS.get(show, _SENT), period=period, since=period.shift(-_PAST), before=before or _TOP, **asked
    )  # fmt: skip
    return PeriodPage(
        tuple(map(_reading, rows[:PAGE])),
        len(rows) > PAGE,
        int(db.value(_HAVE_SENT, period=period, **asked) or 0),
        int(db.value(_MAY_SEND, today=place.today, **asked) or 0),
    )


def _place(row: Any, now: datetime) -> PeriodOf:
    today = local_date(now, row.time_zone)
    window = window_on(today, row.window_opens, row.window_closes, takes_early=bool(row.takes_early))
    return PeriodOf(row.id, row.short_name or row.name, row.time_zone, today, window)


def _reading(row: Any) -> ListedReading:
    label = scale_label(row.scale, row.scales)
    facts = Facts(
        frozenset(row.confirmed.split(",")) - {""}, row.volume, None if row.usual is None else round(row.usual),
        unit_of(row.resource), row.decimals, row.taken_on, row.verification_due, int(row.others or 0),
        row.source.startswith(BY_ANYBODY), row.source == BY_OPERATOR,
    )  # fmt: skip
    return ListedReading(
        sent_id=row.id,
        account_id=row.account_id,
        number=row.number,
        address=address_line(row.street, row.house, row.flat),
        meter=f"{row.name}, № {row.serial}" + (f", {label}" if label else ""),
        unit=facts.unit,
        decimals=row.decimals,
        value=row.value,
        volume=row.volume,
        taken_on=row.taken_on,
        sent_at=row.created_at,
        source=row.source,
        caller=row.caller,
        doubts=doubts_of(facts),
        exported=row.export_id is not None,
        checked=row.checked_at is not None,
        check_note=row.check_note,
        photo=row.photo or "",
    )
