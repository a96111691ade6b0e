"""«Показания не приняты»: who is told of billing's answers, and in which words."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select, update
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Writer
from lk_reflex.core.exact import NBSP
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.accounts.watchers import sender_or_holders
from lk_reflex.domain.mail.letter import Facts, Letter, Link
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.topics import READINGS, wants
from lk_reflex.domain.metering.tables import Meter, ReadingAnswer, SentReading, Submission
from lk_reflex.domain.metering.units import amount, unit_of
from lk_reflex.domain.notifications.feed import tell

#: The letters' own kind; the topic is that of all letters about readings.
KIND, PLACE = "reading-answer", "/readings"
REFUSED, TAKEN = "Показания не приняты", "Показания всё-таки учтены"
AGAIN = "Проверьте показания и передайте их заново: непринятые показания в расчёт не войдут."

#: What another reading has replaced since is nobody's news any more, and isn't marked as told either.
_NEWS = (col(ReadingAnswer.told_at).is_(None), col(SentReading.replaced_at).is_(None))
_SUBMISSIONS = (
    select(col(SentReading.submission_id), func.min(col(ReadingAnswer.id)).label("first"))
    .select_from(ReadingAnswer)
    .join(SentReading, col(SentReading.id) == col(ReadingAnswer.sent_reading_id))
    .where(*_NEWS)
    .group_by(col(SentReading.submission_id))
    .order_by(func.min(col(ReadingAnswer.id)))
    .limit(bindparam("count"))
    .subquery("next")
)
_UNTOLD = (
    select(
        col(ReadingAnswer.id), col(ReadingAnswer.accounted), col(ReadingAnswer.reason), col(SentReading.submission_id),
        col(SentReading.value), col(SentReading.scale), col(SentReading.period), col(SentReading.taken_on),
        col(Submission.user_id), col(Submission.account_id), col(Meter.name),
        col(Meter.serial), col(Meter.resource), col(Meter.scales), col(Account.number), col(Building.street),
        col(Building.house), col(Account.flat), col(Organization.name).label("organization"),
        col(Organization.short_name), col(Organization.phone),
    )
    .select_from(_SUBMISSIONS)
    .join(SentReading, col(SentReading.submission_id) == _SUBMISSIONS.c.submission_id)
    .join(ReadingAnswer, col(ReadingAnswer.sent_reading_id) == col(SentReading.id))
    .join(Submission, col(Submission.id) == col(SentReading.submission_id))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .join(Account, col(Account.id) == col(Submission.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(*_NEWS)
    .order_by(_SUBMISSIONS.c.first, col(ReadingAnswer.id))
)  # fmt: skip
_TOLD = (
    update(ReadingAnswer)
    .where(col(ReadingAnswer.id) == bindparam("answer_id"), col(ReadingAnswer.told_at).is_(None))
    .values(told_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class _News:
    """The answers of one kind to one sending: rows of `_UNTOLD`."""

    accounted: bool
    rows: tuple[Any, ...]


def tell_answers(db: Writer, site: str, *, count: int, now: datetime) -> int:
    """Tell of the answers to the next so many sendings, one letter each; returns how many answers that were.

    The answers are marked in the same transaction, each only by whoever marks it first.
    """
    rows = [row for row in db.rows(_UNTOLD, count=count) if db.change(_TOLD, answer_id=row.id, now=now)]
    for news in _grouped(rows):
        _tell(db, news, site, now)
    return len(rows)


def _grouped(rows: list[Any]) -> list[_News]:
    found: dict[tuple[int, bool], list[Any]] = defaultdict(list)
    for row in rows:
        found[row.submission_id, bool(row.accounted)].append(row)
    return [_News(accounted, tuple(own)) for (_submission, accounted), own in found.items()]


def _tell(db: Writer, news: _News, site: str, now: datetime) -> None:
    first = news.rows[0]
    title = TAKEN if news.accounted else REFUSED
    body, letter = _body(news), _letter(news, site)
    for user_id, email in sender_or_holders(db, first.account_id, first.user_id, at=now):
        tell(db, user_id, title, body, kind=READINGS, now=now, link=PLACE, account_id=first.account_id)
        if wants(db, user_id, READINGS):
            queue(db, email, letter, kind=KIND, now=now)


def _body(news: _News) -> str:
    if news.accounted:
        return f"{'; '.join(map(_meter, news.rows))}: учтены, передавать заново не нужно."
    told = "; ".join(f"{_meter(row)}: {row.reason.rstrip('.')}" for row in news.rows)
    return f"{told}. {AGAIN}"


def _letter(news: _News, site: str) -> Letter:
    first = news.rows[0]
    who = f"Организация «{first.short_name or first.organization}»"
    what = f"показания за {first.period.title.lower()}, снятые {format_date(first.taken_on)}"
    where = f"Лицевой счет {first.number}, {address_line(first.street, first.house, first.flat)}"
    facts = (Facts(where, tuple((_meter(row), _value(row, news.accounted)) for row in news.rows)),)
    if news.accounted:
        return Letter(TAKEN, (f"{who} всё-таки учла {what}. Передавать их заново не нужно.",), None, (), facts)
    ask = f"Если причина непонятна, спросите в организации: телефон {first.phone}." if first.phone else ""
    return Letter(
        REFUSED,
        (f"{who} не приняла {what}.", AGAIN),
        Link("Передать показания", f"{site}{PLACE}"),
        (ask,) if ask else (),
        facts,
    )


def _meter(row: Any) -> str:
    return f"{row.name}, №{NBSP}{row.serial}" + (f", Т{row.scale}" if row.scales > 1 else "")


def _value(row: Any, accounted: bool) -> str:
    value = amount(row.value, unit_of(row.resource))
    return f"{value}, учтено" if accounted else f"{value}. Причина: {row.reason.rstrip('.')}"
