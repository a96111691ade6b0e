"""The announcements that concern an account now: outages that aren't over first, then the news of a month."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, or_, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.guest import Guest, visited
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.announcements.rules import NEWS, OUTAGE
from lk_reflex.domain.announcements.tables import Announcement, AnnouncementPlace
from lk_reflex.domain.identity.access import Actor, owned

#: News are news for so long, and so is an outage whose end nobody has told.
NEWS_LAST: Final = timedelta(days=30)
MOST: Final = 20

_ELSEWHERE = select(col(AnnouncementPlace.building_id)).where(
    col(AnnouncementPlace.announcement_id) == col(Announcement.id)
)


def concerns(account: Any) -> ColumnElement[bool]:
    """The condition that an announcement without places, or with the account's house, is about that account."""
    here = _ELSEWHERE.where(col(AnnouncementPlace.building_id) == account.building_id)
    return or_(~_ELSEWHERE.exists(), here.exists())


def alive(at: str = "now") -> tuple[ColumnElement[bool], ...]:
    """The conditions that an announcement is shown at the moment bound as `at`; `since` binds the news' term."""
    now, since = bindparam(at, type_=UtcTime()), bindparam("since", type_=UtcTime())
    lasts = or_(
        col(Announcement.ends_at) > now,
        (col(Announcement.ends_at).is_(None)) & (col(Announcement.published_at) > since)
        & or_(col(Announcement.starts_at).is_(None), col(Announcement.starts_at) > since),
    )  # fmt: skip
    return col(Announcement.hidden_at).is_(None), col(Announcement.published_at) <= now, lasts


_SHOWN = (
    select(
        col(Announcement.id), col(Announcement.kind), col(Announcement.title), col(Announcement.body),
        col(Announcement.starts_at), col(Announcement.ends_at), col(Organization.name), col(Organization.short_name),
        col(Organization.time_zone),
    )
    .select_from(Account)
    .join(Announcement, col(Announcement.organization_id) == col(Account.organization_id))
    .join(Organization, col(Organization.id) == col(Announcement.organization_id))
    .where(col(Account.id) == bindparam("account_id"), concerns(Account), *alive())
    .order_by(col(Announcement.id).desc())
    .limit(MOST)
)  # fmt: skip
_OWN = _SHOWN.where(owned(col(Account.id)))
_VISITED = _SHOWN.where(visited(col(Account.id)), col(Announcement.kind) == OUTAGE)


@dataclass(frozen=True, slots=True)
class Shown:
    """One announcement as residents read it; `under_way`: an outage that has begun."""

    announcement_id: int
    kind: str
    title: str
    body: str
    starts_at: datetime | None
    ends_at: datetime | None
    organization: str
    time_zone: str
    under_way: bool


def announcements_for(db: Reader, actor: Actor, account_id: int, *, now: datetime) -> tuple[Shown, ...]:
    """Those for an account of the actor's: outages first, the one that began earliest; nothing for another's."""
    rows = db.rows(_OWN, account_id=account_id, now=now, since=now - NEWS_LAST, **actor.owning)
    return _ordered(rows, now)


def outages_for_guest(db: Reader, guest: Guest, *, now: datetime) -> tuple[Shown, ...]:
    """The outages at the account that a guest is visiting."""
    rows = db.rows(_VISITED, account_id=guest.account_id, now=now, since=now - NEWS_LAST, **guest.visiting)
    return _ordered(rows, now)


def _ordered(rows: list[Any], now: datetime) -> tuple[Shown, ...]:
    shown = [_shown(row, now) for row in rows]
    return tuple(sorted(shown, key=lambda one: (one.kind == NEWS, one.starts_at or now, -one.announcement_id)))


def _shown(row: Any, now: datetime) -> Shown:
    begun = row.starts_at is not None and row.starts_at <= now
    return Shown(
        row.id, row.kind, row.title, row.body, row.starts_at, row.ends_at, row.short_name or row.name,
        row.time_zone, row.kind == OUTAGE and begun,
    )  # fmt: skip
