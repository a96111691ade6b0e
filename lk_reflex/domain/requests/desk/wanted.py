"""What a page of the queue is asked for: the filters of its address."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lk_reflex.domain.requests.desk.words import typed_words
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import OPEN, Status


class Whose(StrEnum):
    """Whose requests: one's own, or those that nobody has taken on."""

    MINE = "mine"
    NOBODY = "nobody"


class Sort(StrEnum):
    """In which order; by the term, the nearest comes first."""

    NEWEST = "newest"
    OLDEST = "oldest"
    TERM = "term"


#: What an operator never sees before it is sent.
SEEN = tuple(status for status in Status if status is not Status.DRAFT)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The filters together. `first` and `last` are days of the newest sending; `after` the last page's last number.

    Without a status of one's own choice a search looks at all of them, and the queue shows what waits for staff.
    """

    search: str = ""
    organization_id: int | None = None
    kind: Kind | None = None
    status: Status | None = None
    any_status: bool = False
    overdue: bool = False
    whose: Whose | None = None
    first: date | None = None
    last: date | None = None
    sort: Sort = Sort.NEWEST
    after: str = ""

    @property
    def words(self) -> tuple[str, ...]:
        """What is looked for."""
        return typed_words(self.search)

    @property
    def statuses(self) -> tuple[Status, ...]:
        """The statuses that are meant, in the machine's order; a term runs only where it is the staff's turn."""
        if self.status is not None:
            chosen = (self.status,)
        elif self.any_status or self.words:
            chosen = SEEN
        else:
            chosen = tuple(status for status in SEEN if status in OPEN)
        return tuple(status for status in chosen if status in OPEN) if self.overdue else chosen

    @property
    def order(self) -> Sort:
        """The order that holds: by the term only where all that is shown has one that runs."""
        if self.overdue:
            return Sort.TERM
        if self.sort is Sort.TERM and not all(status in OPEN for status in self.statuses):
            return Sort.NEWEST
        return self.sort
