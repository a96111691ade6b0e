"""A form filled while no readings are taken: judged at once, kept, and sent by the worker when the window opens."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import NotFound
from lk_reflex.core.exact import NBSP
from lk_reflex.core.months import Month
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.identity.attempts import Limit, note_miss, refuse_while_waiting
from lk_reflex.domain.metering.ledger import Terms, terms_of
from lk_reflex.domain.metering.meters import row_of, today_of, window_of
from lk_reflex.domain.metering.sending.entries import Accepted, Entry
from lk_reflex.domain.metering.sending.photos import keep_for, release
from lk_reflex.domain.metering.sending.submit import NO_SUCH_FORM, Filled, fits, judge, stored, submit
from lk_reflex.domain.metering.sending.taken import Taken
from lk_reflex.domain.metering.tables import Meter, WaitingForm
from lk_reflex.domain.metering.units import number
from lk_reflex.domain.notifications.feed import tell

SENT, REFUSED, WITHDRAWN, REPLACED = "sent", "refused", "withdrawn", "replaced"
KIND = "readings"
LINK = "/readings"
NO_LONGER = "Эти показания уже не ждут: они переданы, отменены или заменены другими. Обновите страницу"
REPLACED_BY_OTHER = "Отложенные показания заменены"
_CONFIRMATIONS_KEPT = 50
#: Of one person in a day, whatever the accounts.
FORMS = Limit("waiting-form", 20, longest=timedelta(hours=1), window=timedelta(days=1), first=timedelta(minutes=5))
TOO_OFTEN = "Сегодня вы откладывали показания уже много раз."

_FORM = (
    col(WaitingForm.id),
    col(WaitingForm.key),
    col(WaitingForm.user_id),
    col(WaitingForm.account_id),
    col(WaitingForm.entries),
    col(WaitingForm.taken_on),
    col(WaitingForm.period),
    col(WaitingForm.opens_on),
    col(WaitingForm.settled_at),
    col(WaitingForm.outcome),
    col(WaitingForm.reason),
)
_BY_KEY = select(*_FORM).where(col(WaitingForm.key) == bindparam("key"))
_NEWEST = (
    select(*_FORM)
    .where(col(WaitingForm.account_id) == bindparam("account_id"), owned(WaitingForm.account_id))
    .order_by(col(WaitingForm.id).desc())
    .limit(1)
)
_OPEN = select(col(WaitingForm.id), col(WaitingForm.user_id), col(WaitingForm.key), col(WaitingForm.period)).where(
    col(WaitingForm.account_id) == bindparam("account_id"), col(WaitingForm.settled_at).is_(None)
)
_METERS = select(col(Meter.id), col(Meter.name), col(Meter.serial), col(Meter.scales)).where(
    col(Meter.account_id) == bindparam("account_id")
)
SETTLE = (
    update(WaitingForm)
    .where(col(WaitingForm.id) == bindparam("form_id"), col(WaitingForm.settled_at).is_(None))
    .values(settled_at=bindparam("now"), outcome=bindparam("became"), reason=bindparam("because"))
)
_PUT_AWAY = (
    update(WaitingForm)
    .where(col(WaitingForm.id) == bindparam("form_id"), col(WaitingForm.outcome) == REFUSED)
    .values(outcome=WITHDRAWN)
)


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One scale's reading as it was typed; `meter` is «ХВС С/У № 26616450, Т1»."""

    row: str
    meter: str
    reading: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form that waits for its window; or, with `reason`, one that couldn't be sent when it opened."""

    form_id: int
    opens_on: date
    period: Month
    taken_on: date
    mine: bool
    may_cancel: bool
    refused: bool
    reason: str
    rows: tuple[WaitingRow, ...]


def send_when_open(
    db: Writer,
    actor: Actor,
    account_id: int,
    entries: Mapping[str, Entry],
    taken_on: str,
    key: str,
    confirmations: Collection[str] = (),
    *,
    now: datetime,
) -> Taken | Waiting:
    """Send where readings are taken by now; else keep the form for the day on which the window opens.

    Raises as `submit` does: the same rules are judged now, and the same questions asked. The same `key` again returns
    what it has made. A new form takes the place of the one that waits for this account.
    """
    terms = terms_of(db, actor, account_id, lock=True)
    if not fits(key):
        raise NotFound(NO_SUCH_FORM)
    known = db.first(_BY_KEY, key=key)
    if known is not None and (known.user_id, known.account_id) != (actor.user_id, account_id):
        raise NotFound(NO_SUCH_FORM)
    # A form that has been sent is no longer one that can wait: its photos and its readings are settled.
    sent = stored(db, actor.user_id, terms, key)
    if sent is not None:
        return sent
    if known is not None and known.settled_at is None:
        return _view(db, known, actor, terms)
    today = today_of(terms, now)
    if window_of(terms, today).takes_now:
        return submit(db, actor, account_id, entries, taken_on, key, confirmations, now=now)
    if known is not None:
        raise NotFound(NO_LONGER)
    return _wait(db, actor, terms, Filled(entries, taken_on, key, frozenset(confirmations)), now)


def _wait(db: Writer, actor: Actor, terms: Terms, filled: Filled, now: datetime) -> Waiting:
    sheet = judge(db, terms, filled, now, ahead=True)
    refuse_while_waiting(db, [(FORMS, str(actor.user_id))], TOO_OFTEN, now=now)
    note_miss(db, FORMS, str(actor.user_id), now=now)
    rows = {row_of(one.record.meter.id, one.scale): _typed(one, filled) for one in sheet.accepted}
    _replace(db, actor, terms.account_id, now=now)
    form = WaitingForm(
        key=filled.key,
        account_id=terms.account_id,
        user_id=actor.user_id,
        entries=rows,
        confirmations=[yes for yes in filled.confirmations if yes.split(":")[0] in rows][:_CONFIRMATIONS_KEPT],
        taken_on=sheet.taken_on,
        period=sheet.window.period,
        opens_on=sheet.window.opens,
        created_at=now,
    )
    try:
        db.add(form)
    except IntegrityError:  # the same key for another account in the same instant
        raise NotFound(NO_SUCH_FORM) from None
    keep_for(db, actor.user_id, terms.account_id, {one.record.meter.id for one in sheet.accepted}, filled.key, now=now)
    return _view(db, db.first(_BY_KEY, key=filled.key), actor, terms)


def _typed(accepted: Accepted, filled: Filled) -> str:
    """The reading as typed; where only a volume was, the reading that it made."""
    entry = filled.entries[row_of(accepted.record.meter.id, accepted.scale)]
    return entry.reading.strip() or number(accepted.value, accepted.record.meter.decimals).replace(NBSP, "")


def _replace(db: Writer, actor: Actor, account_id: int, *, now: datetime) -> None:
    """One form waits for an account: an older one gives way, and whoever filled it is told, if it was another."""
    for old in db.rows(_OPEN, account_id=account_id):
        db.change(SETTLE, form_id=old.id, now=now, became=REPLACED, because="")
        release(db, old.user_id, account_id, old.key, now=now)
        if old.user_id != actor.user_id:
            body = "Другой человек с доступом к этому лицевому счету отложил другие показания: уйдут они."
            tell(db, old.user_id, REPLACED_BY_OTHER, body, kind=KIND, now=now, link=LINK, account_id=account_id,
                 once_key=f"waiting-replaced:{old.user_id}:{account_id}:{old.period.dotted}")  # fmt: skip


def waiting_of(db: Reader, actor: Actor, account_id: int, *, now: datetime) -> Waiting | None:
    """The account's form that waits, or the newest one that couldn't be sent; None for others' accounts."""
    row = db.first(_NEWEST, account_id=account_id, **actor.owning)
    if row is None or (row.settled_at is not None and row.outcome != REFUSED):
        return None
    terms = terms_of(db, actor, account_id)
    if row.settled_at is not None and (
        row.user_id != actor.user_id or row.period != window_of(terms, today_of(terms, now)).period
    ):
        return None  # the next period's form begins anew
    return _view(db, row, actor, terms)


def newest_form(db: Reader, actor: Actor, account_id: int) -> int:
    """The number of the account's newest form that waits or has waited, 0 where there was none."""
    row = db.first(_NEWEST, account_id=account_id, **actor.owning)
    return row.id if row else 0


def withdraw(db: Writer, actor: Actor, account_id: int, form_id: int, *, now: datetime) -> None:
    """«Отменить» a form that waits, or put away one that couldn't be sent.

    Raises NotFound where it isn't there any more, or isn't the actor's to cancel.
    """
    terms = terms_of(db, actor, account_id, lock=True)
    row = db.first(_NEWEST, account_id=account_id, **actor.owning)
    if row is None or row.id != form_id or not terms.may_send:
        raise NotFound(NO_LONGER)
    if row.settled_at is not None:
        if row.user_id == actor.user_id:
            db.change(_PUT_AWAY, form_id=form_id)
        return
    db.change(SETTLE, form_id=form_id, now=now, became=WITHDRAWN, because="")
    release(db, row.user_id, account_id, row.key, now=now)


def names_of(db: Reader, account_id: int) -> dict[str, str]:
    """What people call the rows of an account's form: «ХВС С/У № 26616450, Т1» by «m12-1»."""
    return {
        row_of(meter.id, scale): f"{meter.name} №{NBSP}{meter.serial}" + (f", Т{scale}" if meter.scales > 1 else "")
        for meter in db.rows(_METERS, account_id=account_id)
        for scale in range(1, meter.scales + 1)
    }


def _view(db: Reader, row: Any, actor: Actor, terms: Terms) -> Waiting:
    names = names_of(db, row.account_id)
    typed = tuple(WaitingRow(key, names[key], text) for key, text in row.entries.items() if key in names)
    return Waiting(
        row.id,
        row.opens_on,
        row.period,
        row.taken_on,
        row.user_id == actor.user_id,
        terms.may_send,
        row.settled_at is not None,
        row.reason,
        typed,
    )
