"""What is typed into a form of readings and not sent: kept for a day, for the same browser, at the same form.

It comes back when the page is opened anew (a new version, a lost connection, a phone that has dropped the tab), and it
never sends itself. It belongs to one session or one guest's visit: whoever signs out leaves nothing to the next person.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, bindparam, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.pruning import older_than, prune
from lk_reflex.core.schema import UtcTime
from lk_reflex.domain.accounts.guest import Guest, visited
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.metering.tables import TypedReadings

#: A reading is read off the dial and sent on the same day.
KEPT = timedelta(days=1)
_SESSION, _VISIT = "session_id", "visit_id"
_OWN = {_SESSION: owned(col(Account.id)), _VISIT: visited(col(Account.id))}
_MAY = {
    whose: select(col(Account.id)).where(col(Account.id) == bindparam("account_id"), own) for whose, own in _OWN.items()
}


def _keep(maker: Any, whose: str) -> Any:
    row = {name: bindparam(f"of_{name}") for name in (whose, "account_id", "form", "texts", "typed_at")}
    insert = maker.insert(TypedReadings).values(row)
    new = {name: insert.excluded[name] for name in ("form", "texts", "typed_at")}
    # Two processes may have this tab's words one after the other: the later ones stay.
    newer = col(TypedReadings.typed_at) <= insert.excluded.typed_at
    return insert.on_conflict_do_update(index_elements=[whose, "account_id"], set_=new, where=newer)


def _found(whose: str) -> Select[Any]:
    return select(col(TypedReadings.texts)).where(
        getattr(TypedReadings, whose) == bindparam("holder"),
        col(TypedReadings.account_id) == bindparam("account_id"),
        col(TypedReadings.form) == bindparam("form"),
        col(TypedReadings.typed_at) > bindparam("since", type_=UtcTime()),
    )


def _drop(whose: str) -> Any:
    return delete(TypedReadings).where(
        getattr(TypedReadings, whose) == bindparam("holder"), col(TypedReadings.account_id) == bindparam("of_account")
    )


_KEEP = {
    (name, whose): _keep(maker, whose)
    for name, maker in (("sqlite", sqlite), ("postgresql", postgresql))
    for whose in (_SESSION, _VISIT)
}
_FIND = {whose: _found(whose) for whose in (_SESSION, _VISIT)}
_DROP = {whose: _drop(whose) for whose in (_SESSION, _VISIT)}
_OLD = older_than(TypedReadings, col(TypedReadings.typed_at))


def keep_typed(
    db: Writer, holder: Actor | Guest, account_id: int, form: str, texts: Mapping[str, str], *, now: datetime
) -> None:
    """Keep `texts` by their fields, in the place of what was kept; quiet where the account isn't the holder's."""
    whose, number, may = _of(holder)
    if db.first(_MAY[whose], account_id=account_id, **may) is None:
        return
    row = {whose: number, "account_id": account_id, "form": form, "texts": dict(texts), "typed_at": now}
    db.change(_KEEP[db.connection.dialect.name, whose], **{f"of_{name}": value for name, value in row.items()})


def typed_before(db: Reader, holder: Actor | Guest, account_id: int, form: str, *, now: datetime) -> dict[str, str]:
    """What this browser has typed into this form and not sent; a form that was sent since is another one."""
    whose, number, may = _of(holder)
    if db.first(_MAY[whose], account_id=account_id, **may) is None:
        return {}
    found = db.value(_FIND[whose], holder=number, account_id=account_id, form=form, since=now - KEPT)
    return dict(found or {})


def drop_typed(db: Writer, holder: Actor | Guest, account_id: int) -> None:
    """Forget it: the form has been sent."""
    whose, number, _ = _of(holder)
    db.change(_DROP[whose], holder=number, of_account=account_id)


def forget_old_typed(db: Writer, *, now: datetime) -> int:
    """Delete a portion of what nobody has come back to; returns how many rows went."""
    return prune(db, _OLD, now - KEPT)


def _of(holder: Actor | Guest) -> tuple[str, int, dict[str, Any]]:
    if isinstance(holder, Actor):
        return _SESSION, holder.session_id, holder.owning
    return _VISIT, holder.visit_id, holder.visiting
