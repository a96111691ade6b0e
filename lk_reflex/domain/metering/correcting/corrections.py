"""«Исправить»: asking an operator about a reading that billing already has, and taking the request back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.identity.attempts import Limit, note_miss, refuse_while_waiting
from lk_reflex.domain.metering import rules
from lk_reflex.domain.metering.correcting.correctable import correction_fault
from lk_reflex.domain.metering.ledger import MeterRecord, Sent, Terms, meter_records, terms_of
from lk_reflex.domain.metering.meters import ONLY_SEEN, off_words, today_of
from lk_reflex.domain.metering.sending.entries import NeedsConfirmation, Question
from lk_reflex.domain.metering.tables import Meter, ReadingCorrection, SentReading
from lk_reflex.domain.metering.typed import Unreadable, parse_number, parse_taken_on
from lk_reflex.domain.metering.units import scale_label, unit_of

READING, TAKEN_ON, EXPLANATION = "reading", "taken_on", "explanation"
LONGEST_EXPLANATION = 500
NO_READING = "Такого переданного показания на ваших лицевых счетах нет"
NO_REQUEST = "Такой просьбы нет. Обновите страницу"
WAITS_ALREADY = "Исправить это показание уже попросили: дождитесь ответа оператора"
DECIDED_ALREADY = "Просьбу уже разобрали: её решение смотрите ниже"
SAME = "Это то же показание, что и переданное. Введите верное"
EXPLAIN = "Напишите, что было не так: оператору нужно понять, какое показание верное"
#: Of one person in a day: an operator reads each of them.
REQUESTS = Limit("correction", 20, longest=timedelta(hours=1), window=timedelta(days=1), first=timedelta(minutes=5))
TOO_OFTEN = "Сегодня вы просили об исправлении уже много раз."
_KEY_LENGTH = range(8, 65)

_OF_SENT = (
    select(col(Meter.account_id), col(SentReading.meter_id), col(SentReading.scale))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .where(col(SentReading.id) == bindparam("sent_id"), owned(col(Meter.account_id)))
)
_BY_KEY = select(
    col(ReadingCorrection.id), col(ReadingCorrection.user_id), col(ReadingCorrection.sent_reading_id)
).where(col(ReadingCorrection.key) == bindparam("key"))
_WAITS = select(col(ReadingCorrection.id)).where(
    col(ReadingCorrection.sent_reading_id) == bindparam("sent_id"), col(ReadingCorrection.decided_at).is_(None)
)
_MINE = select(col(ReadingCorrection.withdrawn), col(ReadingCorrection.account_id)).where(
    col(ReadingCorrection.id) == bindparam("correction_id"),
    col(ReadingCorrection.user_id) == bindparam("user_id"),
    owned(col(ReadingCorrection.account_id)),
)
_WITHDRAW = (
    update(ReadingCorrection)
    .where(col(ReadingCorrection.id) == bindparam("correction_id"), col(ReadingCorrection.decided_at).is_(None))
    .values(decided_at=bindparam("now"), withdrawn=True)
)
_DROP = (
    update(ReadingCorrection)
    .where(col(ReadingCorrection.sent_reading_id) == bindparam("sent_id"), col(ReadingCorrection.decided_at).is_(None))
    .values(decided_at=bindparam("now"), withdrawn=True)
)


@dataclass(frozen=True, slots=True)
class Correctable:
    """A reading that may be asked about: what was sent and what the new one is judged against."""

    sent_id: int
    name: str
    serial: str
    label: str
    period: Month
    value: int
    taken_on: date
    unit: str
    decimals: int
    last: int | None


@dataclass(frozen=True, slots=True)
class Request:
    """The form of a request as it was typed."""

    reading: str
    taken_on: str
    explanation: str


def correctable(db: Reader, actor: Actor, sent_id: int) -> Correctable:
    """What the form of a request begins with. Raises NotFound and, with the way out, Refused."""
    terms, record, number, sent = _found(db, actor, sent_id)
    meter, scale = record.meter, record.scale(number, terms, replacing=sent)
    return Correctable(
        sent_id,
        meter.name,
        meter.serial,
        scale_label(number, meter.scales),
        sent.period,
        sent.known.value,
        sent.known.taken_on,
        unit_of(meter.resource),
        meter.decimals,
        scale.last,
    )


def ask_correction(
    db: Writer,
    actor: Actor,
    sent_id: int,
    request: Request,
    key: str,
    confirmations: Collection[str] = (),
    *,
    now: datetime,
) -> int:
    """Ask an operator to correct a reading; returns the request's id, the same for the same `key`.

    Raises NotFound for what isn't the actor's, Refused where nobody can be asked (any more) or a request waits
    already, Invalid by field, NeedsConfirmation as for a new reading.
    """
    stored = _stored(db, actor, sent_id, key)
    if stored:
        return stored
    terms, record, number, sent = _found(db, actor, sent_id, lock=True)
    stored = _stored(db, actor, sent_id, key)  # whoever held the lock may have been the same press
    if stored:
        return stored
    if db.first(_WAITS, sent_id=sent_id):
        raise Refused(WAITS_ALREADY)
    value, taken_on = _judged(terms, record, number, sent, request, confirmations, now)
    refuse_while_waiting(db, [(REQUESTS, str(actor.user_id))], TOO_OFTEN, now=now)
    note_miss(db, REQUESTS, str(actor.user_id), now=now)
    correction = ReadingCorrection(
        key=key, sent_reading_id=sent_id, account_id=terms.account_id, user_id=actor.user_id, value=value,
        taken_on=taken_on, explanation=_plain(request.explanation), created_at=now,
    )  # fmt: skip
    db.add(correction)
    made = int(correction.id or 0)
    _note(db, "correction-asked", actor, terms.account_id, made, now)
    return made


def withdraw_correction(db: Writer, actor: Actor, correction_id: int, *, now: datetime) -> None:
    """Take one's own request back while it waits; a second press is quiet.

    Raises NotFound for what isn't the actor's, Conflict where an operator was faster.
    """
    mine = db.first(_MINE, correction_id=correction_id, **actor.owning)
    if mine is None:
        raise NotFound(NO_REQUEST)
    if db.change(_WITHDRAW, correction_id=correction_id, now=now):
        _note(db, "correction-withdrawn", actor, mine.account_id, correction_id, now)
    elif not db.rows(_MINE, correction_id=correction_id, **actor.owning)[0].withdrawn:
        raise Conflict(DECIDED_ALREADY)


def drop_waiting(db: Writer, sent_id: int, *, now: datetime) -> None:
    """A new reading has taken the place of this one: nobody needs to correct it."""
    db.change(_DROP, sent_id=sent_id, now=now)


def _found(db: Reader, actor: Actor, sent_id: int, *, lock: bool = False) -> tuple[Terms, MeterRecord, int, Sent]:
    row = db.first(_OF_SENT, sent_id=sent_id, **actor.owning)
    if row is None:
        raise NotFound(NO_READING)
    terms = terms_of(db, actor, row.account_id, lock=lock)
    if terms.switched_off:
        raise Refused(off_words(terms))
    if not terms.may_send:
        raise Refused(ONLY_SEEN)
    record = next(one for one in meter_records(db, row.account_id) if one.meter.id == row.meter_id)
    history = record.histories[row.scale]
    sent = next((one for one in history.sent if one.sent_id == sent_id), None)
    if sent is None:  # replaced meanwhile
        raise NotFound(NO_READING)
    fault = correction_fault(history, sent)
    if fault:
        raise Refused(fault)
    return terms, record, row.scale, sent


def _stored(db: Reader, actor: Actor, sent_id: int, key: str) -> int:
    if len(key) not in _KEY_LENGTH or "\0" in key:
        raise NotFound(NO_REQUEST)
    known = db.first(_BY_KEY, key=key)
    if known is None:
        return 0
    if (known.user_id, known.sent_reading_id) != (actor.user_id, sent_id):
        raise NotFound(NO_REQUEST)
    return known.id


def _judged(
    terms: Terms,
    record: MeterRecord,
    number: int,
    sent: Sent,
    request: Request,
    confirmations: Collection[str],
    now: datetime,
) -> tuple[int, date]:
    """The value and the day meant, by the rules for any new reading."""
    today, faults = today_of(terms, now), {}
    scale, value, verdict = record.scale(number, terms, replacing=sent), 0, None
    try:
        taken_on = parse_taken_on(request.taken_on or format_date(sent.known.taken_on), today)
    except Unreadable as fault:
        taken_on, faults[TAKEN_ON] = today, str(fault)
    else:
        wrong = rules.date_fault(taken_on, today=today, last_on=scale.last_on, installed_on=record.meter.installed_on)
        faults |= {TAKEN_ON: wrong} if wrong else {}
    try:
        value = parse_number(request.reading, digits=record.meter.digits, decimals=record.meter.decimals)
        verdict = rules.judge_reading(value, taken_on, scale)
        same = (value, taken_on) == (sent.known.value, sent.known.taken_on)
        faults |= {READING: SAME} if same else {READING: verdict.fault} if verdict.fault else {}
    except Unreadable as fault:
        faults[READING] = str(fault)
    faults |= _explanation_fault(request.explanation)
    if faults:
        raise Invalid({name: faults[name] for name in (READING, TAKEN_ON, EXPLANATION) if name in faults})
    if verdict is not None and verdict.asks:
        _confirm(sent, value, verdict, confirmations)
    return value, taken_on


def _confirm(sent: Sent, value: int, verdict: Any, confirmations: Collection[str]) -> None:
    token = f"correct-{sent.sent_id}:{'+'.join(verdict.asks)}:{value}:{verdict.volume}"
    if token not in confirmations:
        raise NeedsConfirmation([Question(READING, verdict.question, token)])


def _explanation_fault(text: str) -> dict[str, str]:
    plain = _plain(text)
    if not plain:
        return {EXPLANATION: EXPLAIN}
    if len(plain) > LONGEST_EXPLANATION:
        return {EXPLANATION: f"Не больше {LONGEST_EXPLANATION} знаков, сейчас {len(plain)}. Сократите объяснение"}
    return {}


def _plain(text: str) -> str:
    """PostgreSQL takes no NUL."""
    return text.replace("\0", "").strip()


def _note(db: Writer, deed: str, actor: Actor, account_id: int, correction_id: int, now: datetime) -> None:
    note(
        db, deed, now=now, actor_id=actor.user_id, user_id=actor.user_id, account_id=account_id,
        correction=correction_id,
    )  # fmt: skip
