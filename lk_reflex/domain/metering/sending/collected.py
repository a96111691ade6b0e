"""Readings that somebody else collected for us, a bank's cashier for one: judged as a person's own, one by one.

Nobody can be asked «Показание верное?», so that a doubt is an answer of its own.
"""

import secrets
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, insert, select, update
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Writer
from lk_reflex.domain.metering import rules
from lk_reflex.domain.metering.correcting.corrections import drop_waiting
from lk_reflex.domain.metering.ledger import MeterRecord, Sent, Terms, meter_records, terms_for_staff
from lk_reflex.domain.metering.meters import account_refusal, refusal_of, today_of, window_of
from lk_reflex.domain.metering.sending.entries import already_exported
from lk_reflex.domain.metering.sending.letters import tell_residents
from lk_reflex.domain.metering.sending.taken import taken_by
from lk_reflex.domain.metering.tables import SentReading, Submission
from lk_reflex.domain.metering.typed import Unreadable, parse_number
from lk_reflex.domain.metering.window import Window

AT_A_DESK = (
    "Эти показания передал кабинету {source}: их назвали там по номеру вашего лицевого счета. Если это не вы и не "
    "ваши близкие, передайте верные показания в личном кабинете: они заменят эти."
)
_EARLIER = (
    select(
        col(SentReading.meter_id), col(SentReading.scale), col(SentReading.taken_on), col(SentReading.value)
    )
    .join(Submission, col(Submission.id) == col(SentReading.submission_id))
    .where(col(Submission.account_id) == bindparam("account_id"))
)  # fmt: skip
_ADD = insert(SentReading)
_REPLACE = (
    update(SentReading)
    .where(col(SentReading.id) == bindparam("sent_id"), col(SentReading.replaced_at).is_(None))
    .values(replaced_at=bindparam("now"))
)


class Fate(Enum):
    """What became of a reading: stored, known before, left aside for a better one, or refused."""

    TAKEN, KNOWN, LEFT, REFUSED = range(4)


@dataclass(frozen=True, slots=True)
class Told:
    """A reading of one scale as it was told: `value` is its text, as a person would type it."""

    meter_id: int
    scale: int
    value: str
    taken_on: date


@dataclass(frozen=True, slots=True)
class Judged:
    """The fate of a reading and the sentence for it, empty where there is nothing to say."""

    fate: Fate
    sentence: str = ""


_KNOWN = Judged(Fate.KNOWN)


def take_collected(
    db: Writer, account_id: int, told: Sequence[Told], source: str, *, take_doubts: bool, now: datetime
) -> list[Judged]:
    """Judge what was told for an account, and keep what holds as sent readings of `source`; a fate for each in order.

    A meter's scales hold together or not at all. What a resident has sent for the period stands, and so does what is
    newer. The same once more is known. With `take_doubts` a doubtful reading is taken and its doubt told.
    Raises NotFound for an unknown account.
    """
    terms = terms_for_staff(db, account_id, lock=True)
    earlier = [tuple(row) for row in db.rows(_EARLIER, account_id=account_id)]
    # Who reads the fates is the organization itself: it isn't sent to itself.
    desk = _Desk(replace(terms, contact=""), today_of(terms, now), take_doubts, earlier)
    by_meter: dict[int, list[int]] = defaultdict(list)
    for place, one in enumerate(told):
        by_meter[one.meter_id].append(place)
    fates: dict[int, Judged] = {}
    for record in meter_records(db, account_id):
        places = by_meter.get(record.meter.id, [])
        if places:
            fates |= dict(zip(places, desk.judge(record, [told[place] for place in places]), strict=True))
    for _, accepted in groupby(sorted(desk.accepted, key=_day), key=_day):
        _keep(db, terms, list(accepted), source, now)
    return [fates[place] for place in range(len(told))]


def _keep(db: Writer, terms: Terms, accepted: "list[_Accepted]", source: str, now: datetime) -> None:
    """One submission for what was told on one day, and a letter of it to those who see the account."""
    submission = Submission(
        key=secrets.token_hex(16), account_id=terms.account_id, user_id=None, source=source, created_at=now
    )  # fmt: skip
    db.add(submission)
    submission_id = int(submission.id or 0)
    for sent in (one.replaces for one in accepted if one.replaces is not None):
        db.change(_REPLACE, sent_id=sent.sent_id, now=now)
        drop_waiting(db, sent.sent_id, now=now)
    # All rows at once: a bank brings them by the ten thousand.
    db.connection.execute(_ADD, [one.row(submission_id) for one in accepted])
    taken = taken_by(db, submission_id, now, terms)
    subject, mind = f"Показания переданы: {source}", AT_A_DESK.format(source=source)
    tell_residents(db, terms.account_id, taken, now=now, subject=subject, mind=mind)


def _day(accepted: "_Accepted") -> date:
    return accepted.told.taken_on


@dataclass(frozen=True, slots=True)
class _Accepted:
    told: Told
    window: Window
    value: int
    volume: int
    replaces: Sent | None

    def row(self, submission_id: int) -> dict[str, Any]:
        """Its row among the sent readings; nobody has confirmed anything."""
        return {
            "submission_id": submission_id, "meter_id": self.told.meter_id, "scale": self.told.scale,
            "period": self.window.period, "taken_on": self.told.taken_on, "value": self.value, "volume": self.volume,
            "confirmed": "",
        }  # fmt: skip


@dataclass(slots=True)
class _Desk:
    """One account's readings on their way in. `earlier` is all that was ever sent for it, replaced or not."""

    terms: Terms
    today: date
    take_doubts: bool
    earlier: list[Any]
    accepted: list[_Accepted] = field(default_factory=list)

    def judge(self, record: MeterRecord, told: list[Told]) -> list[Judged]:
        """The fates of one meter's readings."""
        fates: list[Judged | None] = [self._first_look(record, one) for one in told]
        new = [place for place, fate in enumerate(fates) if fate is None]
        fault = self._together(record, [told[place] for place in new]) if new else ""
        accepted: list[_Accepted] = []
        for place in new:
            found = Judged(Fate.REFUSED, fault) if fault else self._one(record, told[place])
            if isinstance(found, _Accepted):
                accepted.append(found)
                found = Judged(Fate.TAKEN, self._doubt(record, found))
                if found.sentence and not self.take_doubts:
                    found = Judged(Fate.REFUSED, found.sentence)
            fates[place] = found
        left = [fate for place in new if (fate := fates[place]) and fate.fate is not Fate.TAKEN]
        if left:  # half of a meter's scales is no reading
            return [fate if fate.fate is not Fate.TAKEN else left[0] for fate in fates if fate]
        self.accepted += accepted
        return [fate for fate in fates if fate]

    def _first_look(self, record: MeterRecord, one: Told) -> Judged | None:
        """Refused where it can't be read or names no scale, known where we have it; None for news."""
        if one.scale not in record.scale_numbers:
            return Judged(Fate.REFUSED, f"у прибора нет тарифной зоны Т{one.scale}")
        try:
            value = parse_number(one.value, digits=record.meter.digits, decimals=record.meter.decimals)
        except Unreadable as fault:
            return Judged(Fate.REFUSED, str(fault))
        billed = record.histories[one.scale].billed
        if any((known.taken_on, known.value) == (one.taken_on, value) for known in billed):
            return _KNOWN
        mark = (one.meter_id, one.scale, one.taken_on, value)
        return _KNOWN if any(row[:4] == mark for row in self.earlier) else None

    def _together(self, record: MeterRecord, new: list[Told]) -> str:
        """Why a meter's new readings can't count as one, or an empty string."""
        missing = sorted(set(record.scale_numbers) - {one.scale for one in new})
        if missing:
            return f"нет нового показания по зоне Т{missing[0]}: у этого прибора показания всех зон передают вместе"
        if len(new) > record.meter.scales:
            return "для одной зоны прибора два разных показания"
        if len({one.taken_on for one in new}) > 1:
            return "показания зон одного прибора сняты в разные дни"
        return ""

    def _one(self, record: MeterRecord, one: Told) -> Judged | _Accepted:
        """Judged as on the day when it was told: a bank's register comes days later."""
        if one.taken_on > self.today:
            return Judged(Fate.REFUSED, "дата снятия ещё не наступила")
        window = window_of(self.terms, one.taken_on)
        fault = account_refusal(self.terms, window, one.taken_on) or refusal_of(record, self.terms, one.taken_on)
        if fault:
            return Judged(Fate.REFUSED, f"{format_date(one.taken_on)}: {fault}")
        sent = record.histories[one.scale].of_period(window.period)
        if sent is not None and (judged := self._beside(sent, one, window)) is not None:
            return judged
        scale = record.scale(one.scale, self.terms, replacing=sent)
        installed = record.meter.installed_on
        fault = rules.date_fault(one.taken_on, today=self.today, last_on=scale.last_on, installed_on=installed)
        value = parse_number(one.value, digits=record.meter.digits, decimals=record.meter.decimals)
        verdict = rules.judge_reading(value, one.taken_on, scale)
        if fault or verdict.fault:
            return Judged(Fate.REFUSED, fault or verdict.fault)
        return _Accepted(one, window, value, verdict.volume, sent)

    def _beside(self, sent: Sent, one: Told, window: Window) -> Judged | None:
        """What another reading of the same period means for this one; None where this one takes its place."""
        if sent.fixed:
            return Judged(Fate.REFUSED, already_exported(window, self.terms, sent, can_ask=False))
        if sent.refused:
            return None
        if not sent.by_guest:
            return Judged(Fate.LEFT, f"житель передал показание за {window.period.name} сам, оно и остаётся")
        if sent.known.taken_on > one.taken_on:
            return Judged(Fate.LEFT, f"за {window.period.name} есть показание новее")
        return None

    def _doubt(self, record: MeterRecord, accepted: _Accepted) -> str:
        """What a person would be asked; no consumption at all is no doubt, since the reading was told."""
        scale = record.scale(accepted.told.scale, self.terms, replacing=accepted.replaces)
        verdict = rules.judge_reading(accepted.value, accepted.told.taken_on, scale)
        if set(verdict.asks) <= {rules.ZERO}:
            return ""
        return verdict.question.removesuffix(rules.IS_IT_RIGHT).strip()
