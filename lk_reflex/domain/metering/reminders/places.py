"""Where it is the hour to remind: by organization, its own clock and its own window of days."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlmodel import col

from lk_reflex.core.clock import local_time, zone
from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.switches import READINGS, switched_off
from lk_reflex.domain.accounts.tables import Organization
from lk_reflex.domain.metering.window import Window, window_on

#: From nine to nine: nobody is woken by a reminder.
HUMANE = range(9, 21)
ANY_HOUR = range(24)
#: So many days before the window closes those are reminded who haven't sent.
LAST_DAYS = 3
OPENS, LAST = "opens", "last"

_ORGANIZATIONS = select(
    col(Organization.id), col(Organization.time_zone), col(Organization.window_opens),
    col(Organization.window_closes), col(Organization.takes_early), col(Organization.refuses_unverified),
).where(~switched_off(col(Organization.id), READINGS)).order_by(col(Organization.id))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """One organization on its present day."""

    organization_id: int
    time_zone: str
    today: date
    window: Window
    refuses_unverified: bool

    @property
    def stage(self) -> str:
        """What is to be told of the window today; empty where nothing is.

        Told by what holds today and not by a calendar of days: whoever was missed yesterday is told the truth of
        today, and nobody is told of a window that has closed.
        """
        if not self.window.is_open:
            return ""
        if self.window.days_left <= LAST_DAYS:
            return LAST
        return "" if self.window.always else OPENS

    @property
    def key(self) -> str:
        """Names what is told: once for it and a person."""
        return f"readings:{self.stage}:{self.window.period.key}"

    @property
    def closing(self) -> datetime:
        """The moment at which the window's last day is over."""
        return datetime.combine(self.window.closes + timedelta(days=1), datetime.min.time(), zone(self.time_zone))


def places(db: Reader, *, now: datetime, hours: range = HUMANE) -> tuple[Place, ...]:
    """The organizations at whose clock it is one of these hours."""
    rows = ((row, local_time(now, row.time_zone)) for row in db.rows(_ORGANIZATIONS))
    return tuple(_place(row, local.date()) for row, local in rows if local.hour in hours)


def _place(row: object, today: date) -> Place:
    organization_id, time_zone, opens, closes, takes_early, refuses = row  # pyright: ignore[reportGeneralTypeIssues]
    window = window_on(today, opens, closes, takes_early=bool(takes_early))
    return Place(organization_id, time_zone, today, window, bool(refuses))
