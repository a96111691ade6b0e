"""Wrong passwords: counted, and when they grow many, told to the log and to the owner.

The same rows are written for an address that nobody has: the time that an answer takes must not tell.
"""

from datetime import datetime, timedelta
from typing import Any

from lk_reflex.core.db import Writer
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.passwords.letters import guessing_letter
from lk_reflex.domain.identity.signing_in.door_limits import count_miss, under_attack
from lk_reflex.domain.mail.outbox import queue

_DAY = timedelta(days=1)
#: So many misses for one address in a day, whoever made them, are no slips of the finger.
GUESSING = Limit(attempts.SIGN_IN_EMAIL.kind, 15, window=_DAY)
#: The owner gets one letter a day.
TOLD = Limit("sign-in:told", 1, window=_DAY)
#: One line in the log for each wave of misses over all addresses.
FLOOD_NOTED = Limit("sign-in:flood-noted", 1, window=timedelta(hours=1))


def note_miss(
    db: Writer, subject: str, user: Any | None, client: Client, mark: str, *, site: str, now: datetime
) -> None:
    """Count a wrong pair; `user` is the row of the login that has this address, if any."""
    count_miss(db, subject, client, mark, now=now)
    if attempts.misses(db, GUESSING, subject, now=now) >= GUESSING.free and attempts.once(db, TOLD, subject, now=now):
        recipient = user.email if user is not None and user.closed_at is None else ""
        queue(db, recipient, guessing_letter(site), kind="guessing", now=now, void=not recipient)
        note(db, "password-guessing", now=now, user_id=user.id if user else None, address=client.address)
    if under_attack(db, now=now) and attempts.once(db, FLOOD_NOTED, "", now=now):
        note(db, "sign-in-flood", now=now, address=client.address)
