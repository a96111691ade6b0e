"""Publishing an announcement, changing it until it is over, ending an outage early, and hiding."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, or_, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, Invalid, NotFound
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.announcements.houses import houses_named
from lk_reflex.domain.announcements.rules import OUTAGE, PLACES, Meant, Typed, meant_by
from lk_reflex.domain.announcements.tables import Announcement, AnnouncementPlace
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, overseen

NO_ORGANIZATION = "Такой организации нет среди тех, с которыми вы работаете. Выберите её из списка"
NO_ANNOUNCEMENT = "Такого объявления нет. Обновите страницу"
OVER = "Объявление уже завершено или скрыто. Обновите страницу"
NOT_THEIRS = "Среди выбранных домов есть дом другой организации. Обновите страницу и выберите дома заново"
CHANGED_MEANWHILE = (
    "Тем временем объявление изменил коллега. Ниже ваш вариант: сверьте его с тем, что стоит в списке, "
    "и отправьте ещё раз"
)
PUBLISHED, CHANGED, ENDED, HIDDEN = (
    "announcement-published", "announcement-changed", "announcement-ended", "announcement-hidden",
)  # fmt: skip
LISTED: Final = 50

_ORGANIZATIONS = (
    select(col(Organization.id), col(Organization.name), col(Organization.short_name), col(Organization.time_zone))
    .where(overseen(col(Organization.id)))
    .order_by(col(Organization.id))
)
_ZONE = select(col(Organization.time_zone)).where(
    col(Organization.id) == bindparam("organization_id"), overseen(col(Organization.id))
)
_COLUMNS = (
    col(Announcement.id), col(Announcement.organization_id), col(Announcement.kind), col(Announcement.title),
    col(Announcement.body), col(Announcement.starts_at), col(Announcement.ends_at), col(Announcement.published_at),
    col(Announcement.hidden_at), col(Organization.name), col(Organization.short_name), col(Organization.time_zone),
)  # fmt: skip
_ALL = (
    select(*_COLUMNS)
    .join(Organization, col(Organization.id) == col(Announcement.organization_id))
    .where(overseen(col(Announcement.organization_id)))
)
_LIST = _ALL.order_by(col(Announcement.id).desc()).limit(LISTED)
_ONE = _ALL.where(col(Announcement.id) == bindparam("announcement_id"))
_LOCK = select(col(Announcement.id)).where(col(Announcement.id) == bindparam("announcement_id")).with_for_update()
_PLACES = select(col(AnnouncementPlace.building_id)).where(
    col(AnnouncementPlace.announcement_id) == bindparam("announcement_id")
)
#: Still shown, so that a change is worth anything.
_ALIVE = (
    col(Announcement.id) == bindparam("of_id"),
    col(Announcement.hidden_at).is_(None),
    or_(col(Announcement.ends_at).is_(None), col(Announcement.ends_at) > bindparam("now", type_=UtcTime())),
)
_CHANGE = (
    update(Announcement)
    .where(*_ALIVE)
    .values(
        kind=bindparam("of_kind"), title=bindparam("of_title"), body=bindparam("of_body"),
        starts_at=bindparam("begins", type_=UtcTime()), ends_at=bindparam("until", type_=UtcTime()),
        # Who has been told isn't told again; who lives in a house that has come to it is.
        told_up_to=0,
    )
)  # fmt: skip
_END = update(Announcement).where(*_ALIVE, col(Announcement.kind) == OUTAGE).values(ends_at=bindparam("now"))
_HIDE = (
    update(Announcement)
    .where(col(Announcement.id) == bindparam("of_id"), col(Announcement.hidden_at).is_(None))
    .values(hidden_at=bindparam("now"))
)
_FORGET_PLACES = delete(AnnouncementPlace).where(col(AnnouncementPlace.announcement_id) == bindparam("of_id"))


class Outrun(Conflict):
    """A colleague was faster."""


@dataclass(frozen=True, slots=True)
class Payer:
    """An organization for which the actor may announce."""

    organization_id: int
    name: str
    time_zone: str


@dataclass(frozen=True, slots=True)
class Announced:
    """An announcement as staff see it; `houses` are empty for everybody. `over`: nobody sees it any more."""

    announcement_id: int
    organization_id: int
    organization: str
    time_zone: str
    kind: str
    title: str
    body: str
    starts_at: datetime | None
    ends_at: datetime | None
    published_at: datetime
    hidden: bool
    over: bool
    houses: frozenset[int]


def may_announce(db: Reader, actor: Actor) -> tuple[Payer, ...]:
    """The organizations that the actor oversees."""
    rows = db.rows(_ORGANIZATIONS, **actor.overseeing)
    return tuple(Payer(row.id, row.short_name or row.name, row.time_zone) for row in rows)


def announced(db: Reader, actor: Actor, *, now: datetime) -> tuple[Announced, ...]:
    """The newest announcements of the organizations that the actor oversees."""
    return tuple(_announced(db, row, now) for row in db.rows(_LIST, **actor.overseeing))


def one_announced(db: Reader, actor: Actor, announcement_id: int, *, now: datetime) -> Announced:
    """One of them. Raises NotFound, also for another organization's."""
    row = db.first(_ONE, announcement_id=announcement_id, **actor.overseeing)
    if row is None:
        raise NotFound(NO_ANNOUNCEMENT)
    return _announced(db, row, now)


def judge(db: Reader, actor: Actor, organization_id: int, typed: Typed, *, now: datetime) -> Meant:
    """What the form means. Raises NotFound for another's organization, Invalid with every fault."""
    time_zone = db.value(_ZONE, organization_id=organization_id, **actor.overseeing)
    if time_zone is None:
        raise NotFound(NO_ORGANIZATION)
    meant = meant_by(typed, time_zone=time_zone, now=now)
    if len(houses_named(db, actor, organization_id, meant.houses)) != len(meant.houses):
        raise Invalid({PLACES: NOT_THEIRS})
    return meant


def publish_announcement(db: Writer, actor: Actor, organization_id: int, typed: Typed, *, now: datetime) -> int:
    """Publish at once; the worker then tells whom it concerns. Raises as `judge`."""
    meant = judge(db, actor, organization_id, typed, now=now)
    made = Announcement(
        organization_id=organization_id, kind=meant.kind, title=meant.title, body=meant.body,
        starts_at=meant.starts_at, ends_at=meant.ends_at, published_at=now, created_by=actor.user_id,
    )  # fmt: skip
    db.add(made)
    made_id = int(made.id or 0)
    _put_places(db, made_id, meant)
    _note(db, actor, PUBLISHED, made_id, organization_id, now)
    return made_id


def change_announcement(
    db: Writer, actor: Actor, announcement_id: int, typed: Typed, *, seen: Announced, now: datetime
) -> None:
    """Put it right while it is shown; only whom it hadn't concerned is told.

    `seen` is what stood there when the form was begun. Raises as `judge`, Outrun where a colleague has changed it
    since, Conflict if it is over.
    """
    db.rows(_LOCK, announcement_id=announcement_id)
    known = one_announced(db, actor, announcement_id, now=now)
    if not known.over and replace(known, over=False) != replace(seen, over=False):
        raise Outrun(CHANGED_MEANWHILE)
    meant = judge(db, actor, known.organization_id, typed, now=now)
    changed = db.change(
        _CHANGE, of_id=announcement_id, now=now, of_kind=meant.kind, of_title=meant.title, of_body=meant.body,
        begins=meant.starts_at, until=meant.ends_at,
    )  # fmt: skip
    _require(changed)
    db.change(_FORGET_PLACES, of_id=announcement_id)
    _put_places(db, announcement_id, meant)
    _note(db, actor, CHANGED, announcement_id, known.organization_id, now)


def end_outage(db: Writer, actor: Actor, announcement_id: int, *, now: datetime) -> None:
    """«Завершить»: it is over earlier. Raises NotFound, Conflict where it is over already."""
    known = one_announced(db, actor, announcement_id, now=now)
    _require(db.change(_END, of_id=announcement_id, now=now))
    _note(db, actor, ENDED, announcement_id, known.organization_id, now)


def hide_announcement(db: Writer, actor: Actor, announcement_id: int, *, now: datetime) -> None:
    """«Скрыть»: nobody sees it any more, nor is anybody told who hasn't been. Raises NotFound, Conflict."""
    known = one_announced(db, actor, announcement_id, now=now)
    _require(db.change(_HIDE, of_id=announcement_id, now=now))
    _note(db, actor, HIDDEN, announcement_id, known.organization_id, now)


def _require(changed: int) -> None:
    if changed != 1:
        raise Conflict(OVER)


def _put_places(db: Writer, announcement_id: int, meant: Meant) -> None:
    for building_id in sorted(meant.houses):
        db.add(AnnouncementPlace(announcement_id=announcement_id, building_id=building_id))


def _note(db: Writer, actor: Actor, deed: str, announcement_id: int, organization_id: int, now: datetime) -> None:
    note(
        db, deed, now=now, actor_id=actor.user_id, announcement=announcement_id, organization=organization_id
    )  # fmt: skip


def _announced(db: Reader, row: Any, now: datetime) -> Announced:
    ended = row.ends_at is not None and row.ends_at <= now
    houses = frozenset(one.building_id for one in db.rows(_PLACES, announcement_id=row.id))
    return Announced(
        row.id, row.organization_id, row.short_name or row.name, row.time_zone, row.kind, row.title, row.body,
        row.starts_at, row.ends_at, row.published_at, row.hidden_at is not None, ended or row.hidden_at is not None,
        houses,
    )  # fmt: skip
