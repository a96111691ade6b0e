"""«Пора передать показания»: when the window opens, and when its last days come and a reading is missing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Date, Integer, Select, String, and_, cast, exists, not_, or_
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.months import day_in_words
from lk_reflex.core.schema import MonthNumber
from lk_reflex.domain.accounts.reading_links import make_link
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.topics import REMINDER
from lk_reflex.domain.metering.reminders.letters import Asked, readings_letter
from lk_reflex.domain.metering.reminders.persons import (
    Person,
    Whose,
    accounts_of_persons,
    by_place,
    counts_on,
    not_told,
    person_of,
    portion,
    whose,
)
from lk_reflex.domain.metering.reminders.places import LAST, OPENS, Place
from lk_reflex.domain.metering.tables import Meter, Reading, ReadingAnswer, SentReading, WaitingForm
from lk_reflex.domain.metering.units import plural
from lk_reflex.domain.notifications.feed import tell

FEED_KIND = "readings"
FORM = "/readings"
BY_AVERAGE = "Если показание не передать, начислят по среднему потреблению."


@dataclass(frozen=True, slots=True)
class Errand:
    """The organizations whose window has something to be told of today, and the query that finds the persons."""

    places: Mapping[int, Place]
    query: Select[Any]


def errand(places: Sequence[Place]) -> Errand | None:
    """What is to be told of windows now; None where nothing is."""
    due = {place.organization_id: place for place in places if place.stage}
    return Errand(due, _query(list(due.values()))) if due else None


def remind_of_readings(db: Writer, todo: Errand, *, after: int, last: int, site: str, now: datetime) -> int:
    """Tell the persons of a portion, once, by feed and by mail; returns how many."""
    rows = portion(db, todo.query, after=after, last=last, now=now)
    told = 0
    for person, own in groupby(rows, key=person_of):
        asked = [(whose(row), todo.places[row.organization_id]) for row in own]
        fresh = [(account, place) for account, place in asked if _tell(db, person, account, place, now)]
        told += bool(fresh)
        if fresh and person.wants_mail:
            accounts = [
                Asked(
                    account,
                    place.stage,
                    place.window.days_left,
                    place.window.closes,
                    _address(db, site, person, account, place, now),
                )
                for account, place in fresh
            ]
            queue(db, person.email, readings_letter(accounts), kind=REMINDER, now=now)
    return told


def any_to_remind(db: Reader, todo: Errand, *, after: int, last: int, now: datetime) -> bool:
    """Whether a portion holds anybody to tell: cheaper than a transaction."""
    return bool(portion(db, todo.query.limit(1), after=after, last=last, now=now))


def _tell(db: Writer, person: Person, account: Whose, place: Place, now: datetime) -> bool:
    key = f"{place.key}:{account.account_id}:{person.user_id}"
    title, body = said(place)
    return tell(
        db, person.user_id, title, body, kind=FEED_KIND, now=now, link=FORM, account_id=account.account_id, once_key=key
    )


def said(place: Place) -> tuple[str, str]:
    """Title and text of the feed's line."""
    window, month = place.window, place.window.period.name
    until = f"Передайте их до {day_in_words(window.closes)} включительно."
    if place.stage == OPENS:
        return f"Открыт приём показаний за {month}", until.replace("их", "показания приборов учета")
    left = left_in_words(window.days_left)
    return f"Показания за {month} ещё не переданы: {left}", f"{until} {BY_AVERAGE}"


def left_in_words(days: int) -> str:
    """«осталось 3 дня», «остался 1 день», «сегодня последний день»."""
    if days == 0:
        return "сегодня последний день"
    return f"{'остался' if days == 1 else 'осталось'} {plural(days, 'день', 'дня', 'дней')}"


def _address(db: Writer, site: str, person: Person, account: Whose, place: Place, now: datetime) -> str:
    token = make_link(db, person.user_id, account.account_id, until=place.closing, now=now)
    return f"{site}/remind/{token}"


def _query(places: Sequence[Place]) -> Select[Any]:
    key = by_place(places, lambda place: place.key, String)
    told = key + ":" + cast(col(Account.id), String) + ":" + cast(col(User.id), String)
    missing = exists().where(col(Meter.account_id) == col(Account.id), *_missing(places)).correlate_except(Meter)
    waiting = exists().where(col(WaitingForm.account_id) == col(Account.id), col(WaitingForm.settled_at).is_(None))
    return accounts_of_persons(places, REMINDER).where(
        missing,
        # A form that waits is sent by itself on the first day, or its author is told why not.
        or_(by_place(places, lambda place: place.stage, String) == LAST, not_(waiting)),
        not_told(told),
    )


def _missing(places: Sequence[Place]) -> Sequence[Any]:
    """A meter that takes a reading and has none for the period: neither sent, unless refused, nor billing's own.

    All scales are given together, so that the first one speaks for the meter.
    """
    today = by_place(places, lambda place: place.today, Date)
    refused = exists().where(
        col(ReadingAnswer.sent_reading_id) == col(SentReading.id), col(ReadingAnswer.accounted).is_(False)
    )
    sent = exists().where(
        col(SentReading.meter_id) == col(Meter.id),
        col(SentReading.scale) == 1,
        col(SentReading.period) == by_place(places, lambda place: place.window.period, MonthNumber()),
        col(SentReading.replaced_at).is_(None),
        ~refused.correlate_except(ReadingAnswer),
    )
    billed = exists().where(
        col(Reading.meter_id) == col(Meter.id),
        col(Reading.scale) == 1,
        col(Reading.taken_on) >= by_place(places, lambda place: place.window.opens, Date),
    )
    refuses = by_place(places, lambda place: int(place.refuses_unverified), Integer) == 1
    return (
        counts_on(today),
        or_(col(Meter.verification_due).is_(None), not_(and_(refuses, col(Meter.verification_due) < today))),
        ~sent.correlate_except(SentReading),
        ~billed.correlate_except(Reading),
    )
