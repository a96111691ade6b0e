"""The statuses of a request and the moves between them; nothing else changes a status."""

from enum import StrEnum
from typing import Final


class Status(StrEnum):
    """Where a request stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    WORKING = "working"
    CORRECTING = "correcting"
    REFUSED = "refused"
    DONE = "done"


#: As the manual spells them.
TITLES: Final = {
    Status.DRAFT: "Черновик",
    Status.SENT: "Отправлено",
    Status.ACCEPTED: "Принято",
    Status.WORKING: "В работу",
    Status.CORRECTING: "На исправление",
    Status.REFUSED: "Отказано",
    Status.DONE: "Выполнено",
}
MOVES: Final[dict[Status, frozenset[Status]]] = {
    Status.DRAFT: frozenset({Status.SENT}),
    Status.SENT: frozenset({Status.ACCEPTED}),
    Status.ACCEPTED: frozenset({Status.WORKING, Status.CORRECTING, Status.REFUSED}),
    Status.WORKING: frozenset({Status.DONE, Status.REFUSED}),
    Status.CORRECTING: frozenset({Status.SENT}),
    Status.REFUSED: frozenset(),
    Status.DONE: frozenset(),
}
#: What the person may change: before the first sending, and while corrections are asked for.
EDITABLE: Final = frozenset({Status.DRAFT, Status.CORRECTING})
#: Nothing follows.
ENDED: Final = frozenset({Status.REFUSED, Status.DONE})
#: Staff's turn; the term runs.
OPEN: Final = frozenset({Status.SENT, Status.ACCEPTED, Status.WORKING})
#: Moves that say nothing without words of the operator's own.
NEEDS_COMMENT: Final = frozenset({Status.CORRECTING, Status.REFUSED})


def may_move(was: Status, becomes: Status) -> bool:
    """Whether the table knows this move."""
    return becomes in MOVES[was]


def by_resident(becomes: Status) -> bool:
    """Whether the person makes this move; all others are the staff's."""
    return becomes is Status.SENT
