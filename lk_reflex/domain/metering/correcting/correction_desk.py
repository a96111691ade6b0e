"""The operators' desk for requests to correct readings: what waits, and the two decisions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.metering import rules
from lk_reflex.domain.metering.correcting.correctable import ACCOUNTED, NOT_NEWEST, correction_fault
from lk_reflex.domain.metering.correcting.correctable import REFUSED as REFUSED_BY_BILLING
from lk_reflex.domain.metering.correcting.correction_list import CORRECTED, DECLINED, WITHDRAWN, fate_of
from lk_reflex.domain.metering.correcting.correction_news import tell_decided
from lk_reflex.domain.metering.ledger import MeterRecord, Sent, Terms, meter_records, terms_for_staff
from lk_reflex.domain.metering.tables import BY_CORRECTION, ReadingCorrection, SentReading, Submission

COMMENT, LONGEST_COMMENT = "comment", 500
NOT_STAFF = "Эта страница для сотрудников"
NO_REQUEST = "Такой просьбы нет. Обновите страницу"
SAY_WHY = "Напишите, почему отклонено: это увидит житель"
_DECLINE_IT = "Отклоните просьбу с объяснением"
#: What the resident is told of the form, said to whoever decides: billing may have moved on since it was asked.
_FAULTS = {
    ACCOUNTED: f"Биллинг уже учёл это показание, заменить его нельзя. {_DECLINE_IT}",
    REFUSED_BY_BILLING: f"Биллинг не принял это показание: житель передаст новое сам. {_DECLINE_IT}",
    NOT_NEWEST: f"По этому прибору уже есть более новое показание. {_DECLINE_IT}",
}
REPLACED = "Это показание уже заменено новым. Обновите страницу"
_DECIDED = {CORRECTED: "исправлено", DECLINED: "отклонено", WITHDRAWN: "отозвано жителем"}

_REQUEST = (
    select(
        col(ReadingCorrection.id), col(ReadingCorrection.sent_reading_id), col(ReadingCorrection.account_id),
        col(ReadingCorrection.user_id), col(ReadingCorrection.value), col(ReadingCorrection.taken_on),
        col(ReadingCorrection.accepted), col(ReadingCorrection.decided_at), col(ReadingCorrection.withdrawn),
        col(SentReading.meter_id), col(SentReading.scale),
    )
    .join(SentReading, col(SentReading.id) == col(ReadingCorrection.sent_reading_id))
    .join(Account, col(Account.id) == col(ReadingCorrection.account_id))
    .where(col(ReadingCorrection.id) == bindparam("correction_id"), overseen(col(Account.organization_id)))
)  # fmt: skip
_DECIDE = (
    update(ReadingCorrection)
    .where(col(ReadingCorrection.id) == bindparam("correction_id"), col(ReadingCorrection.decided_at).is_(None))
    .values(
        decided_at=bindparam("now"), decided_by=bindparam("operator"), accepted=bindparam("is_accepted"),
        comment=bindparam("said"),
    )
)  # fmt: skip
_REPLACE = (
    update(SentReading)
    .where(col(SentReading.id) == bindparam("sent_id"), col(SentReading.replaced_at).is_(None))
    .values(replaced_at=bindparam("now"))
)


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision that has been stored: the account it was for, and whether the reading was corrected."""

    correction_id: int
    account_id: int
    accepted: bool


def accept(db: Writer, actor: Actor, correction_id: int, comment: str = "", *, now: datetime) -> Decided:
    """Correct the reading: the new one takes its place and goes out with the next export.

    Raises Conflict where somebody has decided or the reading was replaced meanwhile, Refused where billing has
    answered or taken in the old one since, or the new value doesn't hold any more (a later reading has come), Invalid
    for a comment that is too long.
    """
    said = _comment(comment, needed=False)
    request, terms = _locked(db, actor, correction_id)
    _decide(db, actor, request, terms, True, said, now)
    record = next(one for one in meter_records(db, terms.account_id) if one.meter.id == request.meter_id)
    history = record.histories[request.scale]
    sent = next((s for s in history.sent if s.sent_id == request.sent_reading_id), None)
    fault = correction_fault(history, sent) if sent else ""
    if fault:
        raise Refused(_FAULTS.get(fault, fault))
    if sent is None or not db.change(_REPLACE, sent_id=sent.sent_id, now=now):
        raise Conflict(REPLACED)
    _put(db, request, record, sent, _verdict(request, record, sent, terms), now)
    return _told(db, actor, request, True, said, now)


def decline(db: Writer, actor: Actor, correction_id: int, comment: str, *, now: datetime) -> Decided:
    """Leave the reading as it is, with the reason that the resident reads. Raises as `accept`, Invalid without one."""
    said = _comment(comment, needed=True)
    request, terms = _locked(db, actor, correction_id)
    _decide(db, actor, request, terms, False, said, now)
    return _told(db, actor, request, False, said, now)


def staff_only(actor: Actor) -> None:
    """Raises Refused for a resident, whatever let them come this far."""
    if not actor.is_staff():
        raise Refused(NOT_STAFF)


def _comment(text: str, *, needed: bool) -> str:
    plain = text.replace("\0", "").strip()
    if needed and not plain:
        raise Invalid({COMMENT: SAY_WHY})
    if len(plain) > LONGEST_COMMENT:
        raise Invalid({COMMENT: f"Не больше {LONGEST_COMMENT} знаков, сейчас {len(plain)}"})
    return plain


def _locked(db: Writer, actor: Actor, correction_id: int) -> tuple[Any, Terms]:
    """The request, after whoever is sending for its account or deciding on it has come to an end."""
    staff_only(actor)
    known = db.first(_REQUEST, correction_id=correction_id, **actor.overseeing)
    if known is None:
        raise NotFound(NO_REQUEST)
    terms = terms_for_staff(db, known.account_id, lock=True)
    return db.rows(_REQUEST, correction_id=correction_id, **actor.overseeing)[0], terms


def _decide(db: Writer, actor: Actor, request: Any, terms: Terms, accepted: bool, said: str, now: datetime) -> None:
    changed = db.change(
        _DECIDE, correction_id=request.id, now=now, operator=actor.user_id, is_accepted=accepted, said=said
    )
    if not changed:
        # By whoever was faster since it was read.
        settled = db.rows(_REQUEST, correction_id=request.id, **actor.overseeing)[0]
        at = local_time(settled.decided_at or now, terms.time_zone)
        raise Conflict(f"Уже решено: {_DECIDED[fate_of(settled)]} {format_date(at.date())} в {at:%H:%M}")


def _verdict(request: Any, record: MeterRecord, sent: Sent, terms: Terms) -> rules.Verdict:
    """Judged once more: billing's readings may have moved on since the request was made."""
    scale = record.scale(request.scale, terms, replacing=sent)
    verdict = rules.judge_reading(request.value, request.taken_on, scale)
    late = scale.last_on is not None and request.taken_on < scale.last_on
    if verdict.fault or late:
        raise Refused(
            "По этому прибору уже есть более новое показание, и просьба с ним не сходится. Отклоните её с объяснением"
        )
    return verdict


def _put(db: Writer, request: Any, record: MeterRecord, sent: Sent, verdict: rules.Verdict, now: datetime) -> None:
    submission = Submission(
        key=f"correction-{request.id}", account_id=request.account_id, user_id=request.user_id, source=BY_CORRECTION,
        created_at=now,
    )  # fmt: skip
    db.add(submission)
    db.add(
        SentReading(
            submission_id=int(submission.id or 0),
            meter_id=record.meter.id,
            scale=request.scale,
            period=sent.period,
            taken_on=request.taken_on,
            value=request.value,
            volume=verdict.volume,
            confirmed=",".join(verdict.asks),
        )
    )


def _told(db: Writer, actor: Actor, request: Any, accepted: bool, said: str, now: datetime) -> Decided:
    deed = "correction-accepted" if accepted else "correction-declined"
    note(
        db, deed, now=now, actor_id=actor.user_id, user_id=request.user_id, account_id=request.account_id,
        correction=request.id,
    )  # fmt: skip
    tell_decided(db, request.id, said, accepted=accepted, now=now)
    return Decided(request.id, request.account_id, accepted)
