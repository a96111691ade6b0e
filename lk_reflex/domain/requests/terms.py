"""The term of an answer: fifteen working days from the sending, by the organization's own clock."""

from datetime import date, datetime, timedelta
from typing import Final

from lk_reflex.core.clock import local_date
from lk_reflex.core.db import Reader
from lk_reflex.domain.requests.calendar import Calendar, calendar
from lk_reflex.domain.requests.machine import OPEN, Status

TERM_DAYS: Final = 15
#: How far back set days matter for words of a term that ended long ago.
_BACK = timedelta(days=400)


def due_on(db: Reader, sent_at: datetime, zone: str) -> date:
    """The last day of the term of what was sent at that moment. `zone` is the organization's, by its IANA name."""
    sent_on = local_date(sent_at, zone)
    return calendar(db, since=sent_on).after(sent_on, TERM_DAYS)


def calendar_for(db: Reader, today: date) -> Calendar:
    """What `left_words` of many requests are told by; read once a page."""
    return calendar(db, since=today - _BACK)


def overdue(due: date | None, status: Status, today: date) -> bool:
    """Whether it is the staff's turn and the term is over. `today` by the organization's clock."""
    return due is not None and status in OPEN and due < today


def left_words(days: Calendar, due: date | None, status: Status, today: date) -> str:
    """«Осталось 3 рабочих дня», «Последний день срока», «Срок вышел 2 рабочих дня назад»; empty while none runs."""
    if due is None or status not in OPEN:
        return ""
    if overdue(due, status, today):
        late = -days.between(today, due)
        return f"Срок вышел {working_days(late)} назад" if late else "Срок вышел"
    left = days.between(today, due)
    if not left:
        return "Последний день срока"
    return f"{'Остался' if _one(left) else 'Осталось'} {working_days(left)}"


def working_days(count: int) -> str:
    """«1 рабочий день», «3 рабочих дня», «15 рабочих дней»."""
    if _one(count):
        return f"{count} рабочий день"
    few = count % 10 in (2, 3, 4) and count % 100 not in (12, 13, 14)
    return f"{count} рабочих {'дня' if few else 'дней'}"


def _one(count: int) -> bool:
    return count % 10 == 1 and count % 100 != 11
