"""Уведомления: the feed by day, newest first; reading a line, reading all, older ones."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby

import reflex as rx

from lk_reflex.core.clock import DEFAULT_ZONE, local_date, local_time
from lk_reflex.core.months import day_in_words
from lk_reflex.domain.accounts.linked import LinkedAccount, choose_account, linked_accounts
from lk_reflex.domain.notifications.lines import PORTION, Line, feed, mark_all_read, mark_read
from lk_reflex.ui.arguments import row_id
from lk_reflex.ui.guard import resident
from lk_reflex.ui.publish import publish
from lk_reflex.ui.shared.layout import TITLE_ID
from lk_reflex.ui.visit import Visit

#: Nobody pages further back than this; a year's lines of three accounts are fewer.
MOST = 500
ALL_READ = "Все уведомления прочитаны."


@dataclass(frozen=True)
class Row:
    """One line as it is shown; `account` names the account that it concerns, where it concerns one."""

    key: str
    title: str
    body: str
    account: str
    time: str
    link: str
    unread: bool


@dataclass(frozen=True)
class Day:
    """The lines of one day."""

    key: str
    title: str
    rows: list[Row] = field(default_factory=list)


class NotificationsState(rx.State):
    """One's own feed; lines about an account are there as long as the account is."""

    loaded: bool = False
    days: list[Day] = []
    more: bool = False
    #: Said once everything has been marked.
    said: str = ""
    #: Heard after one line has been marked; the line itself shows it.
    heard: str = ""

    _count: int = PORTION
    _newest: int = 0

    @rx.event
    @resident
    def load(self, visit: Visit) -> None:
        """Show the newest lines; after a lost connection, and when something is told, as many as were shown."""
        visit.chosen()
        if visit.by_link:
            self._count = PORTION
        if visit.opening:
            publish(self, said="", heard="")
        self._show(visit)
        publish(self, loaded=True)

    @rx.event
    @resident
    def show_more(self, visit: Visit) -> None:
        """«Показать ещё»."""
        self._count = min(self._count + PORTION, MOST)
        self._show(visit)

    @rx.event
    @resident(writes=True)
    def read(self, visit: Visit, key: str) -> None:
        """«Прочитано»: the line stays where it is."""
        line = visit.write(mark_read, row_id(key), now=visit.now)
        self._show(visit)
        visit.count()
        publish(self, heard=f"Прочитано: {line.title}")

    @rx.event
    @resident(writes=True)
    def read_all(self, visit: Visit) -> rx.event.EventSpec:
        """«Отметить все прочитанными»: all up to the newest that stands on this screen."""
        visit.write(mark_all_read, up_to=self._newest, now=visit.now)
        self._show(visit)
        visit.count()
        publish(self, said=ALL_READ, heard="")
        return rx.set_focus(TITLE_ID)

    @rx.event
    @resident(writes=True)
    def follow(self, visit: Visit, key: str) -> rx.event.EventSpec | None:
        """Open what a line leads to: it is read, and its account becomes the chosen one."""
        line = visit.write(mark_read, row_id(key), now=visit.now)
        if line.account_id is not None and line.account_id != visit.actor.chosen_account_id:
            visit.write(choose_account, line.account_id, now=visit.now)
        visit.count()
        if not _own_path(line.link):
            self._show(visit)
            return None
        return rx.redirect(line.link)

    def _show(self, visit: Visit) -> None:
        found = visit.read(feed, count=self._count)
        accounts = {account.account_id: account for account in visit.read(linked_accounts)}
        self._newest = found.lines[0].line_id if found.lines else 0
        publish(self, days=_days(found.lines, accounts, visit), more=found.more and self._count < MOST)


def _days(lines: Iterable[Line], accounts: dict[int, LinkedAccount], visit: Visit) -> list[Day]:
    """By the calendar of the chosen account's organization."""
    chosen = accounts.get(visit.actor.chosen_account_id or 0)
    zone = chosen.time_zone if chosen else DEFAULT_ZONE
    today = local_date(visit.now, zone)
    return [
        Day(day.isoformat(), _day_title(day, today), [_row(line, accounts, zone) for line in of_day])
        for day, of_day in groupby(lines, key=lambda line: local_date(line.created_at, zone))
    ]


def _row(line: Line, accounts: dict[int, LinkedAccount], zone: str) -> Row:
    account = accounts.get(line.account_id or 0)
    whose = f"Лицевой счет {account.number}, {account.address}" if account else ""
    time = f"{local_time(line.created_at, zone):%H:%M}"
    link = line.link if _own_path(line.link) else ""
    return Row(str(line.line_id), line.title, line.body, whose, time, link, not line.read)


def _day_title(day: date, today: date) -> str:
    """«Сегодня, 20 ноября», «19 ноября», «20 ноября 2025 года»."""
    said = day_in_words(day) if day.year == today.year else f"{day_in_words(day)} {day.year} года"
    ago = (today - day).days
    return f"{('Сегодня', 'Вчера')[ago]}, {said}" if ago in (0, 1) else said


def _own_path(link: str) -> bool:
    return link.startswith("/") and not link.startswith(("//", "/\\", "/api/"))
