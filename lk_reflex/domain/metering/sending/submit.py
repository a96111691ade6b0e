"""Sending readings: all filled rows or none, once however often the form comes in."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.domain.accounts.guest import Guest
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.metering.correcting.corrections import drop_waiting
from lk_reflex.domain.metering.ledger import Terms, meter_records, terms_for_guest, terms_of
from lk_reflex.domain.metering.meters import account_refusal, never_refusal, row_of, today_of, window_of
from lk_reflex.domain.metering.sending.entries import TAKEN_ON, Accepted, Entry, NeedsConfirmation, Sheet
from lk_reflex.domain.metering.sending.letters import BY_GUEST, NOT_US, confirm_by_mail, tell_residents
from lk_reflex.domain.metering.sending.photos import attach
from lk_reflex.domain.metering.sending.taken import Taken, taken_by
from lk_reflex.domain.metering.tables import BY_LINK, CABINET, WITHOUT_REGISTRATION, SentReading, Submission
from lk_reflex.domain.metering.typed import Unreadable, parse_taken_on

NOTHING_FILLED = "Введите новое показание хотя бы одного прибора учёта"
NO_SUCH_FORM = "Эта форма не ваша или устарела. Обновите страницу"
_KEY_LENGTH = range(8, 65)

_BY_KEY = select(
    col(Submission.id), col(Submission.user_id), col(Submission.account_id), col(Submission.created_at)
).where(col(Submission.key) == bindparam("key"))
_EMAIL = select(col(User.email)).where(col(User.id) == bindparam("user_id"))
_REPLACE = (
    update(SentReading)
    .where(col(SentReading.id) == bindparam("sent_id"), col(SentReading.replaced_at).is_(None))
    .values(replaced_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, as it is kept: a login, or nobody in particular; `email` is where a confirmation goes.

    An operator enters readings for a caller. `subject` and `mind` are those of the holders' letter where nobody's
    login has sent.
    """

    user_id: int | None
    source: str
    email: str = ""
    entered_by: int | None = None
    caller: str = ""
    subject: str = BY_GUEST
    mind: str = NOT_US


@dataclass(frozen=True, slots=True)
class Filled:
    """A form as it came in."""

    entries: Mapping[str, Entry]
    taken_on: str
    key: str
    confirmations: frozenset[str]


def submit(
    db: Writer,
    actor: Actor,
    account_id: int,
    entries: Mapping[str, Entry],
    taken_on: str,
    key: str,
    confirmations: Collection[str] = (),
    *,
    now: datetime,
) -> Taken:
    """Take the filled rows (by name: «m12-1») as typed; `taken_on` is ДД.ММ.ГГГГ, empty for today.

    The same `key` again returns what it stored the first time. Raises NotFound for what isn't the actor's, Refused
    where no readings are taken now, Invalid with every fault (rows, `taken_on`), NeedsConfirmation with every question.
    """
    terms = terms_of(db, actor, account_id, lock=True)
    filled = Filled(entries, taken_on, key, frozenset(confirmations))
    return take(db, terms, Sender(actor.user_id, CABINET, actor.email), filled, now)


def submit_as_guest(
    db: Writer,
    guest: Guest,
    entries: Mapping[str, Entry],
    taken_on: str,
    key: str,
    confirmations: Collection[str] = (),
    *,
    now: datetime,
) -> Taken:
    """Take the filled rows for the account that a guest is visiting; as `submit`, but readings count and not volumes.

    A volume would have to be added to a reading that a guest isn't shown. Raises Refused, too, where the visit has
    ended.
    """
    terms = terms_for_guest(db, guest, lock=True)
    readings = {row: Entry(entry.reading) for row, entry in entries.items()}
    filled = Filled(readings, taken_on, key, frozenset(confirmations))
    return take(db, terms, _sender(db, guest), filled, now)


def _sender(db: Reader, guest: Guest) -> Sender:
    """Nobody in particular; or the addressee of the reminder whose link opened the visit, who gets the letter."""
    if guest.user_id is None:
        return Sender(None, WITHOUT_REGISTRATION)
    return Sender(guest.user_id, BY_LINK, db.value(_EMAIL, user_id=guest.user_id) or "")


def is_stored(db: Reader, key: str) -> bool:
    """Whether the form with this key has been taken already."""
    return fits(key) and db.first(_BY_KEY, key=key) is not None


def take(db: Writer, terms: Terms, sender: Sender, filled: Filled, now: datetime) -> Taken:
    """As `submit`, for whom the caller has proven; `terms` are locked."""
    known = stored(db, sender.user_id, terms, filled.key)
    if known is not None:
        return known
    sheet = judge(db, terms, filled, now)
    submission = Submission(
        key=filled.key, account_id=terms.account_id, user_id=sender.user_id, source=sender.source, created_at=now,
        entered_by=sender.entered_by, caller=sender.caller,
    )  # fmt: skip
    try:
        db.add(submission)
    except IntegrityError:  # the same key for another account in the same instant
        raise NotFound(NO_SUCH_FORM) from None
    submission_id = int(submission.id or 0)
    for accepted in sheet.accepted:
        _store(db, submission_id, accepted, sheet, now)
    if sender.source == CABINET and sender.user_id is not None:
        meters = {accepted.record.meter.id for accepted in sheet.accepted}
        attach(db, sender.user_id, terms.account_id, meters, submission_id, filled.key, now=now)
    taken = taken_by(db, submission_id, now, terms)
    if sender.user_id is not None:
        confirm_by_mail(db, sender.user_id, sender.email, terms.account_id, taken, now=now)
    else:
        tell_residents(db, terms.account_id, taken, now=now, subject=sender.subject, mind=sender.mind)
    return taken


def stored(db: Reader, user_id: int | None, terms: Terms, key: str) -> Taken | None:
    """What the form with this key has made already. Raises NotFound where it is another's, or of another account."""
    if not fits(key):
        raise NotFound(NO_SUCH_FORM)
    known = db.first(_BY_KEY, key=key)
    if known is None:
        return None
    if (known.user_id, known.account_id) != (user_id, terms.account_id):
        raise NotFound(NO_SUCH_FORM)
    return taken_by(db, known.id, known.created_at, terms)


def fits(key: str) -> bool:
    """Whether a form of ours may have such a key; PostgreSQL takes no NUL."""
    return len(key) in _KEY_LENGTH and "\0" not in key


def judge(db: Reader, terms: Terms, filled: Filled, now: datetime, *, ahead: bool = False) -> Sheet:
    """Judge a form by the next window's rules; `ahead` as well while none is open. Raises as `submit` does."""
    today = today_of(terms, now)
    window = window_of(terms, today)
    refusal = never_refusal(terms, today) if ahead else account_refusal(terms, window, today)
    if refusal:
        raise Refused(refusal)
    records = meter_records(db, terms.account_id)
    _check_rows(
        filled.entries, {row_of(record.meter.id, scale) for record in records for scale in record.scale_numbers}
    )
    day, date_fault = _read_date(filled.taken_on, today)
    sheet = Sheet(terms, window, today, day, filled.confirmations)
    for record in records:
        sheet.add_meter(record, filled.entries)
    faults = sheet.faults | date_fault
    if faults:
        raise Invalid(faults)
    if sheet.questions:
        raise NeedsConfirmation(sheet.questions)
    return sheet


def _check_rows(entries: Mapping[str, Entry], known: set[str]) -> None:
    filled = {row for row, entry in entries.items() if entry.filled}
    if filled - known:
        raise NotFound(NO_SUCH_FORM)
    if not filled:
        raise Refused(NOTHING_FILLED)


def _read_date(taken_on: str, today: date) -> tuple[date, dict[str, str]]:
    try:
        return parse_taken_on(taken_on, today), {}
    except Unreadable as fault:
        return today, {TAKEN_ON: str(fault)}


def _store(db: Writer, submission_id: int, accepted: Accepted, sheet: Sheet, now: datetime) -> None:
    if accepted.replaces is not None:
        db.change(_REPLACE, sent_id=accepted.replaces.sent_id, now=now)
        drop_waiting(db, accepted.replaces.sent_id, now=now)
    db.add(
        SentReading(
            submission_id=submission_id,
            meter_id=accepted.record.meter.id,
            scale=accepted.scale,
            period=sheet.window.period,
            taken_on=sheet.taken_on,
            value=accepted.value,
            volume=accepted.volume,
            confirmed=",".join(accepted.confirmed),
        )
    )
