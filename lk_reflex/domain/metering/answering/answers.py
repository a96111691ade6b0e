"""Billing's answers to exported readings: «Учтено», or «Не принято» with its reason, taken in by the thousand."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.domain.metering.tables import ReadingAnswer, SentReading

#: So many answers are matched in one question to the database.
_AT_ONCE = 5_000

_SENT = (
    select(
        col(SentReading.id),
        col(SentReading.meter_id),
        col(SentReading.scale),
        col(SentReading.taken_on),
        col(SentReading.value),
        col(SentReading.export_id),
        col(SentReading.replaced_at),
        col(ReadingAnswer.accounted),
        col(ReadingAnswer.reason),
        col(ReadingAnswer.answered_at),
        col(ReadingAnswer.told_at),
        col(ReadingAnswer.import_id),
    )
    .outerjoin(ReadingAnswer, col(ReadingAnswer.sent_reading_id) == col(SentReading.id))
    .where(
        col(SentReading.meter_id).in_(bindparam("meters", expanding=True)),
        col(SentReading.taken_on).in_(bindparam("days", expanding=True)),
    )
    .order_by(col(SentReading.id).desc())
)
_NAMES = ("sent_reading_id", "accounted", "reason", "answered_at", "told_at", "import_id")


def _put(maker: Any) -> Any:
    insert = maker.insert(ReadingAnswer).values({name: bindparam(f"of_{name}") for name in _NAMES})
    new = {name: insert.excluded[name] for name in _NAMES[1:]}
    return insert.on_conflict_do_update(index_elements=["sent_reading_id"], set_=new)


_PUT = {"sqlite": _put(sqlite), "postgresql": _put(postgresql)}


@dataclass(frozen=True, slots=True)
class Answer:
    """One row of billing's answers. `value` in thousandths, None where billing doesn't repeat it."""

    meter_id: int
    scale: int
    taken_on: date
    value: int | None
    accounted: bool
    reason: str = ""


class Outcome(Enum):
    """What became of an answer; the value is the reason for the import's report, empty where all is well."""

    TAKEN = ""
    SAME = "тот же ответ уже загружен"
    UNKNOWN = "показание этого прибора, зоны и даты из кабинета не передавалось"
    OTHER_VALUE = "на эту дату из кабинета передано другое показание"
    AMBIGUOUS = "за эту дату выгружено несколько показаний: укажите в ответе, на какое из них"
    REPLACED = "это показание заменено другим: жителю об этом ответе не сообщаем, сверьте учтённое с новым показанием"
    NOT_EXPORTED = "это показание ещё не выгружено, ответа на него быть не может"
    REPEATED = "повтор ключа: на это показание в пакете уже есть ответ"
    NO_REASON = "у непринятого показания должна быть причина: её увидит житель"


def take_answers(db: Writer, answers: Sequence[Answer], *, import_id: int, now: datetime) -> list[Outcome]:
    """Store what billing says, an outcome for each answer in their order; nothing but TAKEN is news.

    An answer goes to the exported reading of its meter, scale and day, and of its value where it names one: where
    several were exported for a day (one was corrected), it has to. What was replaced needs no answer any more.
    Billing may change its mind: an answer of another import takes the place of the one before, and the same once
    more changes nothing. Whom it concerns is told later, by the worker.
    """
    outcomes: list[Outcome] = []
    for start in range(0, len(answers), _AT_ONCE):
        outcomes += _take(db, answers[start : start + _AT_ONCE], import_id, now)
    return outcomes


def _take(db: Writer, answers: Sequence[Answer], import_id: int, now: datetime) -> list[Outcome]:
    known = _known(db, answers)
    rows: dict[int, dict[str, Any]] = {}
    outcomes = []
    for answer in answers:
        outcome, sent = _match(answer, known.get((answer.meter_id, answer.scale, answer.taken_on), []))
        if sent is not None and (sent.id in rows or sent.import_id == import_id):
            outcome = Outcome.REPEATED
        elif sent is not None:
            rows[sent.id] = row = _row(answer, sent, import_id, now)
            if _says(sent) == (row["of_accounted"], row["of_reason"]):
                outcome = Outcome.SAME
        outcomes.append(outcome)
    if rows:
        db.connection.execute(_PUT[db.connection.dialect.name], list(rows.values()))
    return outcomes


def _known(db: Writer, answers: Sequence[Answer]) -> dict[tuple[int, int, date], list[Any]]:
    """The sent readings of these meters and days, newest first."""
    asked = {"meters": list({a.meter_id for a in answers}), "days": list({a.taken_on for a in answers})}
    known: dict[tuple[int, int, date], list[Any]] = defaultdict(list)
    for row in db.connection.execute(_SENT, asked):
        known[row.meter_id, row.scale, row.taken_on].append(row)
    return known


def _match(answer: Answer, sent: list[Any]) -> tuple[Outcome, Any | None]:
    if not answer.accounted and not answer.reason.strip():
        return Outcome.NO_REASON, None
    same = [row for row in sent if answer.value is None or row.value == answer.value]
    exported = [row for row in same if row.export_id is not None]
    if len({row.value for row in exported}) > 1:  # it may be the late answer to the one that was corrected
        return Outcome.AMBIGUOUS, None
    if exported:
        return (Outcome.REPLACED, None) if exported[0].replaced_at else (Outcome.TAKEN, exported[0])
    if same:
        return Outcome.NOT_EXPORTED, None
    return (Outcome.OTHER_VALUE if sent else Outcome.UNKNOWN), None


def _says(sent: Any) -> tuple[bool, str] | None:
    """The answer that a sent reading has; None where it has none."""
    return None if sent.accounted is None else (bool(sent.accounted), sent.reason)


def _row(answer: Answer, sent: Any, import_id: int, now: datetime) -> dict[str, Any]:
    """The row to store. «Учтено» is what everybody expects: it is told only after a refusal that was told."""
    reason = "" if answer.accounted else answer.reason.strip()
    if _says(sent) == (answer.accounted, reason):
        answered_at, told_at = sent.answered_at, sent.told_at
    else:
        refusal_told = sent.accounted is False and sent.told_at is not None
        answered_at, told_at = now, now if answer.accounted and not refusal_told else None
    values = (sent.id, answer.accounted, reason, answered_at, told_at, import_id)
    return {f"of_{name}": value for name, value in zip(_NAMES, values, strict=True)}
