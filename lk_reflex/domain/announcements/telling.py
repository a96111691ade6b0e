"""Telling whom an announcement concerns, a portion of accounts at a time; a crash goes on where it was."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.announcements.rules import OUTAGE, when_words
from lk_reflex.domain.announcements.showing import NEWS_LAST, alive, concerns
from lk_reflex.domain.announcements.tables import Announcement
from lk_reflex.domain.identity.access import lasting
from lk_reflex.domain.identity.tables import AccountLink, User
from lk_reflex.domain.mail.letter import Letter, Link
from lk_reflex.domain.mail.outbox import queue
from lk_reflex.domain.mail.topics import ANNOUNCEMENTS, wants
from lk_reflex.domain.notifications.feed import tell

#: The feed's kind of these lines, and that of the phones' topic.
FEED_KIND: Final = "announcement"
LINK: Final = "/overview"
#: A line of the feed says what it is about; the whole text stands on the overview.
LONGEST_LINE: Final = 300

_NEXT = (
    select(
        col(Announcement.id), col(Announcement.organization_id), col(Announcement.kind), col(Announcement.title),
        col(Announcement.body), col(Announcement.starts_at), col(Announcement.ends_at),
        col(Announcement.told_up_to), col(Organization.name), col(Organization.short_name),
        col(Organization.time_zone),
    )
    .join(Organization, col(Organization.id) == col(Announcement.organization_id))
    .where(col(Announcement.told_up_to).is_not(None))
    .order_by(col(Announcement.id))
    .limit(1)
    .with_for_update(of=Announcement)
)  # fmt: skip
_ALIVE = select(col(Announcement.id)).where(col(Announcement.id) == bindparam("announcement_id"), *alive())
_ACCOUNTS = (
    select(
        col(Account.id), col(Account.number), col(Account.flat), col(Building.street), col(Building.house)
    )
    .select_from(Account)
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Announcement, col(Announcement.organization_id) == col(Account.organization_id))
    .where(
        col(Announcement.id) == bindparam("announcement_id"),
        col(Account.id) > bindparam("after"),
        col(Account.closed_on).is_(None),
        concerns(Account),
    )
    .order_by(col(Account.id))
    .limit(bindparam("count"))
)  # fmt: skip
_PEOPLE = (
    select(col(User.id), col(User.email))
    .join(AccountLink, col(AccountLink.user_id) == col(User.id))
    .where(
        col(AccountLink.account_id) == bindparam("account_id"),
        lasting("now"),
        col(User.activated_at).is_not(None),
        col(User.blocked_at).is_(None),
        col(User.deleted_at).is_(None),
    )
    .order_by(col(AccountLink.id))
)
_GO_ON = (
    update(Announcement)
    .where(
        col(Announcement.id) == bindparam("of_id"),
        col(Announcement.told_up_to) == bindparam("was"),
    )
    .values(told_up_to=bindparam("up_to"))
)


def tell_announcements(db: Writer, site: str, *, count: int, now: datetime) -> bool:
    """Tell those of the next so many accounts; False where nobody is left to be told.

    Each person once an announcement, however many of their accounts it concerns.
    """
    news = db.first(_NEXT)
    if news is None:
        return False
    accounts = _accounts(db, news, count, now)
    for account in accounts:
        for person in db.rows(_PEOPLE, account_id=account.id, now=now):
            _tell(db, news, account, person, site, now)
    up_to = accounts[-1].id if len(accounts) == count else None
    db.change(_GO_ON, of_id=news.id, was=news.told_up_to, up_to=up_to)
    return True


def _accounts(db: Reader, news: Any, count: int, now: datetime) -> list[Any]:
    """The next ones; none once it is over or hidden."""
    if db.first(_ALIVE, announcement_id=news.id, now=now, since=now - NEWS_LAST) is None:
        return []
    return db.rows(_ACCOUNTS, announcement_id=news.id, after=news.told_up_to, count=count)


def _tell(db: Writer, news: Any, account: Any, person: Any, site: str, now: datetime) -> None:
    when = when_words(news.starts_at, news.ends_at, news.time_zone) if news.kind == OUTAGE else ""
    line = " ".join(part for part in (f"{when[:1].upper()}{when[1:]}." if when else "", news.body) if part)
    once = f"{FEED_KIND}:{news.id}:{person.id}"
    told = tell(
        db, person.id, news.title, _short(line), kind=FEED_KIND, now=now, link=LINK, account_id=account.id,
        once_key=once,
    )  # fmt: skip
    if told and wants(db, person.id, ANNOUNCEMENTS):
        queue(db, person.email, _letter(news, account, when, site), kind=FEED_KIND, now=now, once_key=once)


def _letter(news: Any, account: Any, when: str, site: str) -> Letter:
    where = f"Лицевой счет {account.number}, {address_line(account.street, account.house, account.flat)}."
    paragraphs = (
        f"{news.short_name or news.name}: {news.title}.", *((f"Срок: {when}.",) if when else ()),
        *(part for part in news.body.split("\n") if part.strip()), where,
    )  # fmt: skip
    subject = "Отключение по вашему адресу" if news.kind == OUTAGE else "Объявление организации"
    return Letter(subject, paragraphs, Link("Открыть личный кабинет", f"{site}{LINK}"), (LEAVE,))


LEAVE = "Не хотите получать такие письма — выключите «Объявления и отключения» в разделе «Настройки» личного кабинета."


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_LINE else f"{text[:LONGEST_LINE].rstrip()}…"
