"""A reminder's link: one press opens one account's readings form for its addressee, without signing in.

Opening the address changes nothing, since mail scanners open addresses, too; the press of the button uses it up. The
link is worth what its addressee may do at that moment: whose access has ended, who is blocked or gone, opens nothing.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.clock import local_time
from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.access_tables import GuestVisit, ReadingLink
from lk_reflex.domain.accounts.guest import guest_of, may_still_send, open_visit
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.tokens import new_token, token_hash
from lk_reflex.domain.mail.masks import masked_number

#: No link works longer, however long the window of days is.
LONGEST = timedelta(days=14)
#: One client's presses on links that are worth nothing. Nobody guesses a link; this keeps the noise down.
OF_CLIENT = Limit("reading-link:client", 20)
PAUSE = "Слишком много неработающих ссылок."
STALE = "Ссылка из письма уже использована или её срок истёк"

_ALIVE = (
    col(ReadingLink.used_at).is_(None),
    col(ReadingLink.expires_at) > bindparam("now", type_=UtcTime()),
    may_still_send(col(ReadingLink.user_id), col(ReadingLink.account_id), "now"),
)
_BEHIND = (
    select(
        col(ReadingLink.user_id), col(ReadingLink.account_id), col(ReadingLink.expires_at), col(Account.number),
        col(Organization.name), col(Organization.short_name), col(Organization.time_zone),
    )
    .select_from(ReadingLink)
    .join(Account, col(Account.id) == col(ReadingLink.account_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(ReadingLink.token_hash) == bindparam("hashed"), *_ALIVE)
)  # fmt: skip
_OF_LINK = (
    select(col(ReadingLink.user_id), col(ReadingLink.account_id), col(Organization.time_zone))
    .select_from(ReadingLink)
    .join(Account, col(Account.id) == col(ReadingLink.account_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(ReadingLink.token_hash) == bindparam("hashed"))
)
_USE = (
    update(ReadingLink)
    .where(col(ReadingLink.token_hash) == bindparam("hashed"), *_ALIVE)
    .values(used_at=bindparam("now"))
)
_END_LINKS = (
    update(ReadingLink)
    .where(col(ReadingLink.user_id) == bindparam("of_user"), col(ReadingLink.used_at).is_(None))
    .values(used_at=bindparam("now"))
)
_END_VISITS = (
    update(GuestVisit)
    .where(col(GuestVisit.user_id) == bindparam("of_user"), col(GuestVisit.ended_at).is_(None))
    .values(ended_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Behind:
    """What a link would open: the account as whoever found the letter may know it, and until when."""

    number: str
    organization: str
    expires_at: datetime
    time_zone: str


def make_link(db: Writer, user_id: int, account_id: int, *, until: datetime, now: datetime) -> str:
    """A link for one letter to one person about one account; returns its secret, which is kept nowhere."""
    token = new_token()
    expires_at = min(until, now + LONGEST)
    link = ReadingLink(
        token_hash=token_hash(token), user_id=user_id, account_id=account_id, created_at=now, expires_at=expires_at
    )
    db.add(link)
    return token


def behind(db: Reader, token: str, *, now: datetime) -> Behind | None:
    """What stands behind a link, or None for one that is used, over, altered, or worth nothing any more."""
    row = _row(db, token, now)
    if row is None:
        return None
    return Behind(masked_number(row.number), row.short_name or row.name, row.expires_at, row.time_zone)


def still_open(db: Reader, token: str, visiting: str, *, now: datetime) -> datetime | None:
    """Until when, in local time, this browser's form is open for the link's own person and account; None for no form.

    `visiting` is the hash of the browser's own cookie: whoever has only the letter learns nothing from it.
    """
    guest = guest_of(db, visiting, now=now)
    row = db.first(_OF_LINK, hashed=token_hash(token)) if guest and guest.user_id is not None else None
    if guest is None or row is None or (row.user_id, row.account_id) != (guest.user_id, guest.account_id):
        return None
    return local_time(guest.expires_at, row.time_zone)


def use_link(database: Database, token: str, client: Client, *, now: datetime) -> str:
    """Use a link up and open its visit; returns the cookie's value.

    Raises NotFound where the link is worth nothing, Refused where this client has tried too many of those.
    """
    cookie = database.write(_use, token, client, now=now)
    if cookie is None:
        raise NotFound(STALE)
    return cookie


def end_links(db: Writer, user_id: int, *, now: datetime) -> None:
    """Make what a person's former mailbox may hold worthless: its links, and the visits that they have opened."""
    db.change(_END_LINKS, of_user=user_id, now=now)
    db.change(_END_VISITS, of_user=user_id, now=now)


def _use(db: Writer, token: str, client: Client, *, now: datetime) -> str | None:
    """The cookie's value, or None; it says so instead of raising: the counted try has to outlive the refusal."""
    limits = [(OF_CLIENT, client.network)]
    attempts.refuse_while_waiting(db, limits, PAUSE, now=now)
    row = _row(db, token, now)
    # Two presses in one instant: the second one finds the row used, and no visit of its own.
    if row is None or db.change(_USE, hashed=token_hash(token), now=now) != 1:
        attempts.note_misses(db, limits, now=now)
        return None
    note(
        db, "reading-link-used", now=now, user_id=row.user_id, account_id=row.account_id, address=client.address
    )  # fmt: skip
    return open_visit(db, row.account_id, client=client, now=now, user_id=row.user_id)


def _row(db: Reader, token: str, now: datetime) -> Any:
    return db.first(_BEHIND, hashed=token_hash(token), now=now)
