"""The lines of the queue as ready strings. No Reflex here."""

from dataclasses import dataclass, replace
from typing import Final

from lk_reflex.core.clock import format_date
from lk_reflex.domain.requests.desk.listing import Counted, Listed
from lk_reflex.domain.requests.desk.partitions import MOST_COUNTED, Desk
from lk_reflex.domain.requests.desk.saved import Filter
from lk_reflex.domain.requests.desk.wanted import SEEN
from lk_reflex.domain.requests.kinds import TITLES as KINDS
from lk_reflex.domain.requests.machine import OPEN, TITLES
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.ui.paths import STAFF_REQUESTS, staff_request
from lk_reflex.ui.staff.order_words import moment
from lk_reflex.ui.staff.queue_address import ANY, YES, Asked, query_of
from lk_reflex.ui.status_tags import TAGS


@dataclass(frozen=True)
class QueueRow:
    """One request. `late` is «Просрочено» or empty; `mark` its kind of tag; `urgent` makes the line bold."""

    key: str
    number: str
    href: str
    sent: str
    kind: str
    status: str
    tag: str
    term: str
    late: str
    contact: str
    address: str
    account: str
    organization: str
    assignee: str
    urgent: bool


@dataclass(frozen=True)
class Counter:
    """A filter with how many it shows; `current` while it is the one that is shown."""

    key: str
    title: str
    count: str
    href: str
    current: bool


@dataclass(frozen=True)
class FilterRow:
    """A saved filter."""

    key: str
    title: str
    href: str
    current: bool


@dataclass(frozen=True)
class Choice:
    """One option of a list to choose from."""

    key: str
    title: str


LATE, NOBODY = "Просрочено", "не назначен"
ANY_ORGANIZATION = Choice("", "Все мои")
KIND_CHOICES: Final = [Choice("", "Любой"), *(Choice(str(kind), title) for kind, title in KINDS.items())]
STATUS_CHOICES: Final = [
    Choice("", "Ждут работы (в поиске — любой)"),
    *(Choice(str(status), TITLES[status]) for status in SEEN),
    Choice(ANY, "Любой"),
]
WHOSE_CHOICES: Final = [Choice("", "Любой"), Choice("mine", "Я"), Choice("nobody", "Не назначен")]
SORT_CHOICES: Final = [Choice("", "Сначала новые"), Choice("oldest", "Сначала старые"), Choice("term", "По сроку")]


def queue_row(one: Listed, query: str) -> QueueRow:
    """A line; `query` is the queue's filters, which the request's page keeps for its way back and on."""
    running = one.status in OPEN
    return QueueRow(
        key=one.number,
        number=grouped(one.number),
        href=with_query(staff_request(one.number), query),
        sent=moment(one.sent_at, one.time_zone),
        kind=KINDS[one.kind],
        status=TITLES[one.status],
        tag=TAGS[one.status],
        term=f"до {format_date(one.due_on)}" if running and one.due_on else "",
        late=LATE if one.overdue else "",
        contact=one.contact,
        address=one.address,
        account=f"л/с {one.account}" if one.account else "",
        organization=one.organization,
        assignee=one.assignee or (NOBODY if running else ""),
        urgent=one.overdue,
    )


def counters(found: Counted, asked: Asked) -> list[Counter]:
    """What waits, what is overdue, and each status: within the organization and the kind that are chosen."""
    plain = Asked(organization=asked.organization, kind=asked.kind)
    overdue = f"{MOST_COUNTED - 1}+" if found.overdue >= MOST_COUNTED else str(found.overdue)
    every = [
        ("waiting", "Ждут работы", str(found.waiting), plain),
        ("overdue", "Просрочено", overdue, replace(plain, overdue=YES)),
        *((str(status), TITLES[status], str(found.by_status[status]), replace(plain, status=str(status)))
          for status in SEEN),
    ]  # fmt: skip
    here = query_of(replace(asked, after="", sort=""))
    return [
        Counter(key, title, count, with_query(STAFF_REQUESTS, query_of(one)), query_of(one) == here)
        for key, title, count, one in every
    ]


def filter_rows(found: tuple[Filter, ...], query: str) -> list[FilterRow]:
    """One's own filters."""
    return [
        FilterRow(str(one.filter_id), one.title, with_query(STAFF_REQUESTS, one.query), one.query == query)
        for one in found
    ]


def organizations(desks: tuple[Desk, ...]) -> list[Choice]:
    """The organizations of one's duties."""
    return [ANY_ORGANIZATION, *(Choice(str(one.organization_id), one.name) for one in desks)]


def with_query(path: str, query: str) -> str:
    """The address with its filters."""
    return f"{path}?{query}" if query else path
