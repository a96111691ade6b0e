"""How many wrong tries at linking are free: by account, person, network and all together; and the day's pause."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.core.text import account_key
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.attempts import Limit, wait_for, wait_words
from lk_reflex.domain.identity.client import Client

_MINUTE, _QUARTER, _HOUR, _DAY = timedelta(minutes=1), timedelta(minutes=15), timedelta(hours=1), timedelta(days=1)
#: A number, whether or not it exists: its houses and flats can't be gone through.
FIND_NUMBER = Limit("link-find:number", 10, longest=_QUARTER, window=_HOUR)
FIND_USER = Limit("link-find:user", 10, longest=_HOUR, window=_DAY)
#: Wide, since a mobile operator's address is shared by many.
FIND_CLIENT = Limit("link-find:client", 30, longest=_QUARTER, window=_HOUR)
#: All together; short, so that whoever guesses from everywhere stops nobody for good.
FIND_ALL = Limit("link-find:all", 300, longest=_MINUTE, window=_HOUR)

#: Wrong surnames for one account, whoever tries. The last free one begins the pause.
SURNAME_ACCOUNT = Limit("link-surname:account", 5, window=attempts.KEPT)
PAUSED = Limit("link-surname:paused", 1, longest=_DAY, window=_DAY, first=_DAY)
#: One surname over many accounts.
SURNAME_USER = Limit("link-surname:user", 10, longest=_DAY, window=_DAY, first=_QUARTER)
SURNAME_CLIENT = Limit("link-surname:client", 30, longest=_HOUR, window=_DAY)
SURNAME_ALL = Limit("link-surname:all", 300, longest=_MINUTE, window=_HOUR)
#: A refused try is written down once a day and person: whoever presses on doesn't fill the log.
_NOTED = Limit("link-surname:noted", 1, window=_DAY)

PAUSE = "Слишком много неудачных попыток. Если всё введено верно, обратитесь в вашу управляющую компанию."
Counted = Sequence[tuple[Limit, str]]


def of_finding(actor: Actor, client: Client, number: str) -> Counted:
    """What a try at number, house and flat counts against."""
    return (
        (FIND_NUMBER, account_key(number)),
        (FIND_USER, str(actor.user_id)),
        (FIND_CLIENT, client.network),
        (FIND_ALL, ""),
    )


def refuse_while_waiting(db: Reader, counted: Counted, *, now: datetime) -> None:
    """Raises Refused with the way to a person who can help, and when to try again."""
    attempts.refuse_while_waiting(db, counted, PAUSE, now=now)


def note_misses(db: Writer, counted: Counted, *, now: datetime) -> None:
    """Count one wrong try."""
    attempts.note_misses(db, counted, now=now)


def pause_of(db: Writer, actor: Actor, account: Any, client: Client, *, now: datetime) -> Refused | None:
    """Why this person may not try a surname for this account now, noted in the audit log; None where they may."""
    try:
        refuse_while_waiting(db, _of_surname(actor, client), now=now)
        if wait_for(db, PAUSED, str(account.id), now=now) <= timedelta(0):
            return None
        refusal = paused(db, account, now=now)
    except Refused as fault:
        refusal = fault
    if attempts.once(db, _NOTED, f"{account.id} {actor.user_id}", now=now):
        note(db, "linking-refused", now=now, actor_id=actor.user_id, account_id=account.id, address=client.address)
    return refusal


def note_wrong_surname(db: Writer, actor: Actor, account_id: int, client: Client, *, now: datetime) -> bool:
    """Count a wrong surname; returns whether it was one too many, and the account's linking pauses from now on."""
    subject = str(account_id)
    attempts.note_misses(db, (*_of_surname(actor, client), (SURNAME_ACCOUNT, subject)), now=now)
    if attempts.misses(db, SURNAME_ACCOUNT, subject, now=now) < SURNAME_ACCOUNT.free:
        return False
    forget_surnames(db, account_id)
    attempts.note_miss(db, PAUSED, subject, now=now)
    note(db, "linking-paused", now=now, actor_id=actor.user_id, account_id=account_id, address=client.address)
    return True


def forget_surnames(db: Writer, account_id: int) -> None:
    """The right surname came, or the pause has begun: count anew."""
    attempts.forget_misses(db, SURNAME_ACCOUNT, str(account_id))


def paused(db: Reader, account: Any, *, now: datetime) -> Refused:
    """The sentence of an account's pause, with its end and whom to ask."""
    wait = wait_for(db, PAUSED, str(account.id), now=now)
    name = account.short_name or account.name
    contact = f"{name}, телефон {account.phone}" if account.phone else name
    return Refused(
        "Фамилию для этого лицевого счета пять раз ввели неверно, поэтому его привязка приостановлена на сутки. "
        f"Попробуйте снова через {wait_words(wait)} или обратитесь в организацию: {contact}"
    )


def _of_surname(actor: Actor, client: Client) -> Counted:
    return (SURNAME_USER, str(actor.user_id)), (SURNAME_CLIENT, client.network), (SURNAME_ALL, "")
