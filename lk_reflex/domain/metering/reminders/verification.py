"""«Срок поверки счётчика»: 60 and 30 days before a verification ends, and when it is over."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Date, Select, String, case, cast, literal
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.exact import NBSP
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.topics import VERIFICATION
from lk_reflex.domain.metering.meters import VERIFICATION_NOTICE_DAYS
from lk_reflex.domain.metering.reminders.letters import WHAT_TO_DO, Due, verification_letter
from lk_reflex.domain.metering.reminders.persons import (
    Person,
    accounts_of_persons,
    by_place,
    counts_on,
    not_told,
    person_of,
    portion,
    whose,
)
from lk_reflex.domain.metering.reminders.places import Place
from lk_reflex.domain.metering.tables import Meter
from lk_reflex.domain.notifications.feed import tell

FEED_KIND = "verification"
METERS = "/meters"
SOON_DAYS = 30
#: Stages by the days that are left; each is told once of a day on which verifications end.
FAR, SOON, OVER = "60", "30", "over"


@dataclass(frozen=True, slots=True)
class Errand:
    """The query that finds whom to tell of verifications on the present day of each organization."""

    days: tuple[tuple[int, date], ...]
    query: Select[Any]


def errand(places: Sequence[Place]) -> Errand | None:
    """What is to be looked for now; None where it is night everywhere."""
    return Errand(tuple((one.organization_id, one.today) for one in places), _query(places)) if places else None


def any_to_remind(db: Reader, todo: Errand, *, after: int, last: int, now: datetime) -> bool:
    """Whether a portion holds anybody to tell: cheaper than a transaction."""
    return bool(portion(db, todo.query.limit(1), after=after, last=last, now=now))


def remind_of_verification(db: Writer, todo: Errand, *, after: int, last: int, site: str, now: datetime) -> int:
    """Tell the persons of a portion, once, by feed and by mail; returns how many."""
    rows = portion(db, todo.query, after=after, last=last, now=now)
    told = 0
    for person, own in groupby(rows, key=person_of):
        due = [one for one, stage in _by_day(own) if _tell(db, person, one, stage, now)]
        told += bool(due)
        if due and person.wants_mail:
            queue(db, person.email, verification_letter(due, site), kind=VERIFICATION, now=now)
    return told


def _by_day(rows: Iterable[Any]) -> Iterable[tuple[Due, str]]:
    for (account, due, stage), own in groupby(rows, key=lambda row: (whose(row), row.verification_due, row.stage)):
        meters = tuple(f"{row.name}, №{NBSP}{row.serial}" for row in own)
        yield Due(account, meters, due, stage == OVER), stage


def _tell(db: Writer, person: Person, one: Due, stage: str, now: datetime) -> bool:
    account_id = one.account.account_id
    key = f"{VERIFICATION}:{stage}:{one.due.isoformat()}:{account_id}:{person.user_id}"
    title, body = said(one)
    return tell(
        db, person.user_id, title, body, kind=FEED_KIND, now=now, link=METERS, account_id=account_id, once_key=key
    )


def said(one: Due) -> tuple[str, str]:
    """Title and text of the feed's line."""
    when = f"истёк {format_date(one.due)}" if one.over else f"истекает {format_date(one.due)}"
    return f"Срок поверки {when}", f"{'; '.join(one.meters)}. {WHAT_TO_DO}"


def _query(places: Sequence[Place]) -> Select[Any]:
    def ahead(days: int) -> Any:
        return by_place(places, lambda place: place.today + timedelta(days=days), Date)

    ends = col(Meter.verification_due)
    stage = case((ends < ahead(0), OVER), (ends <= ahead(SOON_DAYS), SOON), else_=FAR)
    key = (
        literal(f"{VERIFICATION}:") + stage + ":" + cast(ends, String) + ":" + cast(col(Account.id), String) + ":"
        + cast(col(User.id), String)
    )  # fmt: skip
    found = accounts_of_persons(places, VERIFICATION, ends, stage.label("stage"), col(Meter.name), col(Meter.serial))
    return (
        found.join(Meter, col(Meter.account_id) == col(Account.id))
        .where(ends <= ahead(VERIFICATION_NOTICE_DAYS), counts_on(ahead(0)), not_told(key))
        .order_by(ends, col(Meter.name), col(Meter.id))
    )
