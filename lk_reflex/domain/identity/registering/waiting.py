"""Filled registrations that wait for their link to be opened."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.text import email_key
from lk_reflex.domain.identity.entry_tables import Registration
from lk_reflex.domain.identity.tokens import token_hash

#: How long a form whose link nobody opened is kept, so that a new link can be had.
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form whose link hasn't been opened: as its row, without the token. `form_id` is 0 while it has no row."""

    form_id: int
    email: str
    password_hash: str | None
    phone: str | None
    consents: dict[str, str]
    esia: dict[str, object] | None
    address: str
    created_at: datetime


_OPEN = (
    col(Registration.token_hash) == bindparam("hashed"),
    col(Registration.used_at).is_(None),
    col(Registration.expires_at) > bindparam("now"),
)
_TAKE = update(Registration).where(*_OPEN).values(used_at=bindparam("now"))
_COLUMNS = (
    col(Registration.id), col(Registration.email), col(Registration.password_hash), col(Registration.phone),
    col(Registration.consents), col(Registration.esia), col(Registration.address), col(Registration.created_at),
)  # fmt: skip
_BEHIND_LINK = select(*_COLUMNS).where(*_OPEN)
_Twin = aliased(Registration)
#: Each link of a form has a row, with the same salted password. Once one was opened, the form waits no more.
_OPENED_BY_ANOTHER_LINK = (
    select(col(_Twin.id))
    .where(
        col(_Twin.email_key) == col(Registration.email_key),
        col(_Twin.password_hash) == col(Registration.password_hash),
        col(_Twin.used_at).is_not(None),
    )
    .exists()
)
_PENDING = (
    select(*_COLUMNS)
    .where(
        col(Registration.email_key) == bindparam("key"),
        col(Registration.used_at).is_(None),
        col(Registration.created_at) > bindparam("since"),
        ~_OPENED_BY_ANOTHER_LINK,
    )
    # Somebody else may have filled in a form with this address since: a person's own one goes first.
    .order_by((col(Registration.id) == bindparam("own")).desc(), col(Registration.id).desc())
    .limit(bindparam("most"))
)
#: More letters than an address gets within the life of a link's form matter to nobody.
_MOST = 50


def pending(db: Reader, email: str, *, now: datetime, form_id: int = 0) -> Waiting | None:
    """The form of that address that waits for its link, the newest unless its number is known; or None."""
    row = db.first(_PENDING, key=email_key(email), since=now - KEPT, own=form_id, most=1)
    return None if row is None else Waiting(*row)


def waiting_forms(db: Reader, email: str, *, now: datetime, form_id: int = 0) -> list[Waiting]:
    """The different forms of that address that wait, in the order of `pending`: one that was sent again is one."""
    rows = [Waiting(*row) for row in db.rows(_PENDING, key=email_key(email), since=now - KEPT, own=form_id, most=_MOST)]
    different: dict[tuple[str | None, str | None, str], Waiting] = {}
    for form in rows:
        different.setdefault((form.password_hash, form.phone, repr(sorted((form.esia or {}).items()))), form)
    return list(different.values())


def opened(db: Reader, token: str, *, now: datetime) -> Waiting | None:
    """The form behind a link, or None where the link doesn't work (any more). Changes nothing."""
    row = db.first(_BEHIND_LINK, hashed=token_hash(token), now=now)
    return None if row is None else Waiting(*row)


def take(db: Writer, token: str, *, now: datetime) -> bool:
    """Use the link up; False where it doesn't work (any more)."""
    return db.change(_TAKE, hashed=token_hash(token), now=now) == 1
