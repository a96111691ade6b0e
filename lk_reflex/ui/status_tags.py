"""How the statuses of requests are coloured; the word itself is `machine.TITLES`."""

from typing import Final

from lk_reflex.domain.requests.machine import Status

#: The kind of the tag: info, due (it's the person's turn), good, bad.
TAGS: Final = {
    Status.DRAFT: "info",
    Status.SENT: "info",
    Status.ACCEPTED: "info",
    Status.WORKING: "info",
    Status.CORRECTING: "due",
    Status.REFUSED: "bad",
    Status.DONE: "good",
}
