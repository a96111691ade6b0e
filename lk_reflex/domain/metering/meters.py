"""An account's meters as its pages show them: facts, last readings, averages, and whether they take a new one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.guest import Guest
from lk_reflex.domain.accounts.overseen import OverseenAccount
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.metering import rules
from lk_reflex.domain.metering.correcting.correctable import correction_fault
from lk_reflex.domain.metering.ledger import (
    MeterRecord,
    Sent,
    Terms,
    meter_records,
    terms_for_guest,
    terms_for_staff,
    terms_of,
)
from lk_reflex.domain.metering.rules import Scale
from lk_reflex.domain.metering.units import plural, scale_label, unit_of
from lk_reflex.domain.metering.window import Window, window_on

#: So many days before the end of a verification people are told of it.
VERIFICATION_NOTICE_DAYS = 60
VERIFIED, VERIFICATION_SOON, VERIFICATION_OVER = "verified", "soon", "over"


@dataclass(frozen=True, slots=True)
class ScaleView:
    """One scale. `row` names its fields in forms; `sent` is what already went for this period; `against` judges.

    `before` is the reading of the period before, while none went for this one. `correctable` is the reading that
    «Исправить» may ask an operator about, 0 where there is none.
    """

    row: str
    number: int
    label: str
    last: int | None
    last_on: date | None
    average: int | None
    sent: Sent | None
    against: Scale
    before: Sent | None = None
    correctable: int = 0

    @property
    def given(self) -> bool:
        """Whether nothing more is to be sent for this period."""
        return self.sent is not None and not self.sent.refused


@dataclass(frozen=True, slots=True)
class MeterView:
    """One meter. `refusal` says why it takes no reading today, `verification_note` what its verification wants."""

    meter_id: int
    serial: str
    name: str
    place: str
    unit: str
    installed_on: date | None
    verification_due: date | None
    started_on: date | None
    ended_on: date | None
    end_reason: str
    digits: int
    decimals: int
    verification: str
    verification_note: str
    refusal: str
    scales: tuple[ScaleView, ...]
    resource: str = ""


@dataclass(frozen=True, slots=True)
class AccountMeters:
    """All meters of an account on one day. `refusal` says why the account takes no readings at all today.

    `latest_submission` is the newest sending that still counts, 0 where there is none: it changes with every sending.
    `can_wait`: nothing but the closed window refuses, so that a form may wait for it.
    """

    account_id: int
    today: date
    window: Window
    organization: str
    contact: str
    refusal: str
    latest_submission: int
    meters: tuple[MeterView, ...]
    can_wait: bool = False


#: For a relative whose access doesn't cover sending.
ONLY_SEEN = "Вы только смотрите показания этого лицевого счета: передаёт их тот, кто открыл вам доступ"


def row_of(meter_id: int, scale: int) -> str:
    """The name of a scale's fields in forms and errors: «m12-1»."""
    return f"m{meter_id}-{scale}"


def today_of(terms: Terms, now: datetime) -> date:
    """The organization's calendar day."""
    return local_date(now, terms.time_zone)


def window_of(terms: Terms, today: date) -> Window:
    """The organization's window of days as seen on a day."""
    return window_on(today, terms.window_opens, terms.window_closes, takes_early=terms.takes_early)


def account_refusal(terms: Terms, window: Window, today: date) -> str:
    """Why the account takes no readings today, or an empty string."""
    return never_refusal(terms, today) or ("" if window.takes_now else window.sentence)


def off_words(terms: Terms) -> str:
    """What is said where the organization takes no readings through the cabinet."""
    return f"Через личный кабинет показания здесь не принимаются. Передайте их иначе: {terms.contact}"


def never_refusal(terms: Terms, today: date) -> str:
    """Why the account takes no readings on whatever day, or an empty string."""
    if terms.closed_on and terms.closed_on <= today:
        return f"Лицевой счет закрыт {format_date(terms.closed_on)}, показания по нему не принимаются"
    if terms.switched_off:
        return off_words(terms)
    if not terms.may_send:
        return ONLY_SEEN
    return ""


def meters_of(db: Reader, actor: Actor, account_id: int, *, now: datetime) -> AccountMeters:
    """The account's meters with last readings and averages. Raises NotFound for an account that isn't the actor's."""
    return _account_meters(db, terms_of(db, actor, account_id), now)


def meters_for_guest(db: Reader, guest: Guest, *, now: datetime) -> AccountMeters:
    """The meters of the account that a guest is visiting; what of it is shown to a guest is the page's choice."""
    return _account_meters(db, terms_for_guest(db, guest), now)


def meters_for_staff(db: Reader, account: OverseenAccount, *, now: datetime) -> AccountMeters:
    """The same for staff."""
    return _account_meters(db, terms_for_staff(db, account.account_id), now)


def _account_meters(db: Reader, terms: Terms, now: datetime) -> AccountMeters:
    account_id, today = terms.account_id, today_of(terms, now)
    window = window_of(terms, today)
    records = meter_records(db, account_id)
    meters = tuple(_meter_view(record, terms, window, today) for record in records)
    refusal = account_refusal(terms, window, today)
    can_wait = bool(refusal) and not never_refusal(terms, today) and not terms.discreet
    return AccountMeters(
        account_id, today, window, terms.organization, terms.contact, refusal, _latest_submission(records), meters,
        can_wait,
    )  # fmt: skip


def refusal_of(record: MeterRecord, terms: Terms, today: date) -> str:
    """Why this meter takes no readings today, or an empty string."""
    return rules.meter_refusal(
        today=today,
        ended_on=record.meter.ended_on,
        verification_due=record.meter.verification_due,
        refuses_unverified=terms.refuses_unverified,
    )


def _latest_submission(records: Iterable[MeterRecord]) -> int:
    histories = (history for record in records for history in record.histories.values())
    return max((sent.submission_id for history in histories for sent in history.sent), default=0)


def _meter_view(record: MeterRecord, terms: Terms, window: Window, today: date) -> MeterView:
    meter = record.meter
    verification, note = verification_state(meter.verification_due, today)
    return MeterView(
        meter.id,
        meter.serial,
        meter.name,
        meter.place,
        unit_of(meter.resource),
        meter.installed_on,
        meter.verification_due,
        meter.started_on,
        meter.ended_on,
        meter.end_reason,
        meter.digits,
        meter.decimals,
        verification,
        note,
        refusal_of(record, terms, today),
        tuple(_scale_view(record, number, terms, window) for number in record.scale_numbers),
        meter.resource,
    )


def _scale_view(record: MeterRecord, number: int, terms: Terms, window: Window) -> ScaleView:
    sent = record.histories[number].of_period(window.period)
    now_known = record.scale(number, terms)
    newest = sent or record.histories[number].of_period(window.period.shift(-1))
    correctable = newest is not None and terms.may_send and not correction_fault(record.histories[number], newest)
    return ScaleView(
        row=row_of(record.meter.id, number),
        number=number,
        label=scale_label(number, record.meter.scales),
        last=now_known.last,
        last_on=now_known.last_on,
        average=now_known.average,
        sent=sent,
        against=now_known if sent is None or sent.exported else record.scale(number, terms, replacing=sent),
        before=newest if sent is None else None,
        correctable=newest.sent_id if newest and correctable else 0,
    )


def verification_state(due: date | None, today: date) -> tuple[str, str]:
    """Whether a verification holds, ends within 60 days or is over, and the sentence for it."""
    if due is None:
        return VERIFIED, ""
    left = (due - today).days
    if left < 0:
        return VERIFICATION_OVER, rules.verification_warning(today=today, verification_due=due)
    if left > VERIFICATION_NOTICE_DAYS:
        return VERIFIED, ""
    if left == 0:
        return VERIFICATION_SOON, "Срок поверки истекает сегодня"
    days = plural(left, "день", "дня", "дней")
    return VERIFICATION_SOON, f"Срок поверки истекает {format_date(due)}, через {days}"
