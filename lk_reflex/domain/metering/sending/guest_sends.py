"""Sending without registration: the same rules, with the presses counted.

Each press that is judged tells whether a number is lower than the last reading. Counted, whoever asks again and again
gets to know little, slowly, and leaves traces in the residents' history.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta

from lk_reflex.core.db import Database, Writer
from lk_reflex.domain.accounts.guest import Guest
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.metering.sending.entries import Entry
from lk_reflex.domain.metering.sending.submit import is_stored, submit_as_guest
from lk_reflex.domain.metering.sending.taken import Taken

#: Presses for one account a day, by whatever guests.
SENDS = Limit("guest:send", 8, longest=timedelta(hours=6), window=timedelta(days=1), first=timedelta(minutes=5))
TOO_OFTEN = (
    "Для этого лицевого счета сегодня уже много раз пробовали передать показания без регистрации."
    " Проверьте цифры ещё раз или войдите в личный кабинет."
)


def send_as_guest(
    database: Database,
    guest: Guest,
    entries: Mapping[str, Entry],
    taken_on: str,
    key: str,
    confirmations: Collection[str] = (),
    *,
    now: datetime,
) -> Taken:
    """As `submit_as_guest`; Refused as well where it has been tried too often. Two transactions: the count stays."""
    # To whom the last reading is shown, a press tells nothing new.
    if guest.user_id is None and any(entry.filled for entry in entries.values()):
        database.write(_count, guest, key, now=now)
    return database.write(submit_as_guest, guest, entries, taken_on, key, confirmations, now=now)


def _count(db: Writer, guest: Guest, key: str, *, now: datetime) -> None:
    if is_stored(db, key):
        return  # the impatient finger's second press is the first one's answer
    limits = [(SENDS, str(guest.account_id))]
    attempts.refuse_while_waiting(db, limits, TOO_OFTEN, now=now)
    attempts.note_misses(db, limits, now=now)
