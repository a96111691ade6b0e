"""The security log of callbacks that aren't believed: forged ones, and such about orders that aren't ours."""

from datetime import datetime, timedelta
from typing import Final

from lk_reflex.core.db import Reader, Writer
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.attempts import Limit, longest_wait, note_misses
from lk_reflex.domain.identity.client import Client

_HOUR: Final = timedelta(hours=1)
#: What is written down of one network, and in all: a flood of forged callbacks must fill no table.
FROM_ONE: Final = Limit("bank-callback:client", 20, longest=_HOUR, window=_HOUR)
FROM_ALL: Final = Limit("bank-callback:all", 200, longest=_HOUR, window=_HOUR)


def pauses_log(db: Reader, client: Client, *, now: datetime) -> bool:
    """Whether enough has been written down of late; asked before a transaction is begun for it."""
    return bool(longest_wait(db, _limits(client), now=now))


def note_disbelieved(db: Writer, reason: str, order_id: int | None, client: Client, *, now: datetime) -> None:
    """Write down a callback that isn't believed; `reason` is a short word of ours, never the caller's own."""
    if pauses_log(db, client, now=now):
        return
    note_misses(db, _limits(client), now=now)
    order = {} if order_id is None else {"order": order_id}
    note(db, "bank-callback-refused", now=now, address=client.address, reason=reason, **order)


def _limits(client: Client) -> tuple[tuple[Limit, str], ...]:
    return (FROM_ONE, client.network), (FROM_ALL, "")
