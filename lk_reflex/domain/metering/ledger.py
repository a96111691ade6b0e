"""An account's meters with every reading that counts, in four queries however many meters there are."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound, Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.guest import VISIT_OVER, Guest, visited
from lk_reflex.domain.accounts.holding import hold
from lk_reflex.domain.accounts.linked import NOT_LINKED
from lk_reflex.domain.accounts.switches import READINGS, switched_off
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.metering.average import Known, monthly_average
from lk_reflex.domain.metering.rules import Scale
from lk_reflex.domain.metering.tables import (
    BY_BANK,
    WITHOUT_REGISTRATION,
    Meter,
    Reading,
    ReadingAnswer,
    SentReading,
    Submission,
)
from lk_reflex.domain.metering.units import unit_of

_TERMS = (
    select(
        col(Account.id).label("account_id"),
        col(Account.closed_on),
        col(Organization.name),
        col(Organization.short_name),
        col(Organization.phone),
        col(Organization.time_zone),
        col(Organization.window_opens),
        col(Organization.window_closes),
        col(Organization.takes_early),
        col(Organization.refuses_unverified),
        col(Organization.volume_ceiling),
    )
    .join(Organization, col(Organization.id) == col(Account.organization_id))
    .where(col(Account.id) == bindparam("account_id"))
)
_OFF = switched_off(col(Organization.id), READINGS).label("switched_off")
_OWNED_TERMS = _TERMS.add_columns(owned(col(Account.id), "send").label("may_send"), _OFF).where(owned(col(Account.id)))
_VISITED_TERMS = _TERMS.add_columns(_OFF).where(visited(col(Account.id)))
_METERS = (
    select(Meter)
    .where(col(Meter.account_id) == bindparam("account_id"))
    .order_by(col(Meter.name), col(Meter.place), col(Meter.serial), col(Meter.id))
)
_BILLED = (
    select(col(Reading.meter_id), col(Reading.scale), col(Reading.taken_on), col(Reading.value))
    .join(Meter, col(Meter.id) == col(Reading.meter_id))
    .where(col(Meter.account_id) == bindparam("account_id"))
    .order_by(col(Reading.taken_on), col(Reading.accounted_on), col(Reading.id))
)
_SENT = (
    select(
        col(SentReading.meter_id),
        col(SentReading.scale),
        col(SentReading.taken_on),
        col(SentReading.value),
        col(SentReading.id),
        col(SentReading.submission_id),
        col(SentReading.period),
        col(SentReading.export_id),
        col(Submission.source),
        col(ReadingAnswer.accounted),
        col(ReadingAnswer.reason),
    )
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .join(Submission, col(Submission.id) == col(SentReading.submission_id))
    .outerjoin(ReadingAnswer, col(ReadingAnswer.sent_reading_id) == col(SentReading.id))
    .where(col(Meter.account_id) == bindparam("account_id"), col(SentReading.replaced_at).is_(None))
    .order_by(col(SentReading.taken_on), col(SentReading.id))
)

#: Who gives one of these needs no login, and proves nothing but that an account's number is known.
BY_ANYBODY = (WITHOUT_REGISTRATION, BY_BANK)


@dataclass(frozen=True, slots=True)
class Terms:
    """What an account's organization has agreed about readings."""

    account_id: int
    closed_on: date | None
    organization: str
    contact: str
    time_zone: str
    window_opens: int
    window_closes: int
    takes_early: bool
    refuses_unverified: bool
    volume_ceiling: int
    #: Whether sentences keep the known figures to themselves: a guest sends and doesn't see.
    discreet: bool = False
    #: A relative may have been let to see the account without sending for it.
    may_send: bool = True
    #: The organization takes none through the cabinet; staff may enter them all the same.
    switched_off: bool = False


@dataclass(frozen=True, slots=True)
class Sent:
    """A reading sent from the cabinet that nothing has replaced; `by_guest` by nobody in particular: without
    registration, or at a bank.

    `accounted` is billing's answer, None while there is none; `reason` says why it refused.
    """

    sent_id: int
    submission_id: int
    period: Month
    exported: bool
    known: Known
    by_guest: bool = False
    accounted: bool | None = None
    reason: str = ""

    @property
    def refused(self) -> bool:
        """Whether billing didn't take it: it counts for nothing, and another may be sent for its period."""
        return self.accounted is False

    @property
    def fixed(self) -> bool:
        """Whether a new reading can't take its place any more: billing has it, and hasn't refused it."""
        return self.exported and not self.refused


@dataclass(slots=True)
class ScaleHistory:
    """The readings of one scale, oldest first."""

    billed: list[Known] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)

    def of_period(self, period: Month) -> Sent | None:
        """The reading sent for a period, or None; one that billing refused is still there to be told of."""
        return next((sent for sent in self.sent if sent.period == period), None)

    def known(self, without: Sent | None = None) -> list[Known]:
        """Billing's and sent readings as one history; `without` is the one about to be replaced.

        What billing refused isn't part of it.
        """
        sent = [one.known for one in self.sent if one is not without and not one.refused]
        return sorted([*self.billed, *sent], key=lambda known: known.taken_on)


@dataclass(frozen=True, slots=True)
class MeterRecord:
    """A meter's own facts and its scales' histories by number."""

    meter: Any
    histories: dict[int, ScaleHistory]

    @property
    def scale_numbers(self) -> range:
        """1 for a single-tariff meter, 1-3 for Т1-Т3."""
        return range(1, self.meter.scales + 1)

    def scale(self, number: int, terms: Terms, *, replacing: Sent | None = None) -> Scale:
        """What a new reading is judged against; `replacing` is left out of it."""
        known = self.histories[number].known(without=replacing)
        last = known[-1] if known else None
        return Scale(
            digits=self.meter.digits,
            unit=unit_of(self.meter.resource),
            last=last.value if last else None,
            last_on=last.taken_on if last else None,
            average=monthly_average(known, self.meter.digits),
            ceiling=terms.volume_ceiling,
            contact=terms.contact,
            discreet=terms.discreet,
            decimals=self.meter.decimals,
        )


def terms_of(db: Reader, actor: Actor, account_id: int, *, lock: bool = False) -> Terms:
    """The terms of an account of the actor's; `lock` keeps others from sending for it until the transaction ends.

    Raises NotFound where the account isn't linked to the actor.
    """
    if lock:
        hold(db, account_id)
    row = db.first(_OWNED_TERMS, account_id=account_id, **actor.owning)
    return replace(_terms(row), may_send=bool(row and row.may_send), switched_off=bool(row and row.switched_off))


def terms_for_guest(db: Reader, guest: Guest, *, lock: bool = False) -> Terms:
    """The terms of the account that a guest is visiting, with sentences that tell none of its figures.

    Who came by a reminder's link is its addressee, to whom the figures are known. Raises Refused where the visit has
    ended meanwhile.
    """
    if lock:
        hold(db, guest.account_id)
    row = db.first(_VISITED_TERMS, account_id=guest.account_id, **guest.visiting)
    if row is None:
        raise Refused(VISIT_OVER)
    return replace(_terms(row), discreet=guest.user_id is None, switched_off=bool(row.switched_off))


def _terms(row: Any) -> Terms:
    if row is None:
        raise NotFound(NOT_LINKED)
    name = row.short_name or row.name
    contact = f"{name}, телефон {row.phone}" if row.phone else name
    return Terms(row.account_id, row.closed_on, name, contact, *row[5:11])


def terms_for_staff(db: Reader, account_id: int, *, lock: bool = False) -> Terms:
    """The terms of any account. Whoever calls has proven to work here; raises NotFound where there is none."""
    if lock:
        hold(db, account_id)
    return _terms(db.first(_TERMS, account_id=account_id))


def meter_records(db: Reader, account_id: int) -> list[MeterRecord]:
    """The account's meters by name, with their readings. The caller has proven whose account it is."""
    histories: dict[int, dict[int, ScaleHistory]] = defaultdict(lambda: defaultdict(ScaleHistory))
    for meter_id, scale, taken_on, value in db.rows(_BILLED, account_id=account_id):
        histories[meter_id][scale].billed.append(Known(taken_on, value))
    for meter_id, scale, sent in _sent(db.rows(_SENT, account_id=account_id)):
        histories[meter_id][scale].sent.append(sent)
    return [MeterRecord(meter, histories[meter.id]) for meter in db.rows(_METERS, account_id=account_id)]


def _sent(rows: Iterable[Any]) -> Iterable[tuple[int, int, Sent]]:
    for row in rows:
        known = Known(row.taken_on, row.value)
        exported, by_guest = row.export_id is not None, row.source.startswith(BY_ANYBODY)
        accounted = None if row.accounted is None else bool(row.accounted)
        sent = Sent(
            row.id, row.submission_id, row.period, exported, known, by_guest, accounted, row.reason or ""
        )  # fmt: skip
        yield row.meter_id, row.scale, sent
