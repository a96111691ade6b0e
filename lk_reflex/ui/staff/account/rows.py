"""An account's figures for staff as ready strings: the same as its resident reads. No Reflex here."""

from collections.abc import Iterable
from dataclasses import dataclass

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.exact import NBSP, format_scaled
from lk_reflex.core.money import format_money, format_roubles
from lk_reflex.domain.accounts.overseen import LinkedLogin, OverseenAccount
from lk_reflex.domain.billing.charges import ReceiptCharges
from lk_reflex.domain.billing.summary import KindSummary
from lk_reflex.domain.metering.history import PastReading
from lk_reflex.domain.metering.meters import AccountMeters, MeterView
from lk_reflex.domain.metering.units import amount, number, rounded
from lk_reflex.domain.payments.history import PaidYear
from lk_reflex.domain.requests.kinds import TITLES as KIND_TITLES
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import TITLES as STATUS_TITLES
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.of_account import RequestOfAccount
from lk_reflex.ui import paths
from lk_reflex.ui.meter_form.verification import verification_tag

#: So many payments, and readings of a meter, are shown at once; the rest folds.
SHOWN, READINGS = 13, 4


@dataclass(frozen=True)
class Fact:
    """A line of a list of facts."""

    key: str
    label: str
    value: str


@dataclass(frozen=True)
class ReceiptRow:
    """The newest receipt of a kind, in figures."""

    key: str
    title: str
    debt: str
    paid: str
    charged: str
    total: str
    penalty: str


@dataclass(frozen=True)
class ChargeRow:
    """One service of a receipt."""

    key: str
    service: str
    debt: str
    paid: str
    charged: str
    total: str


@dataclass(frozen=True)
class MonthReceipt:
    """One receipt of a month."""

    key: str
    title: str
    rows: list[ChargeRow]
    debt: str
    paid: str
    charged: str
    total: str
    penalty: str


@dataclass(frozen=True)
class PaidRow:
    """One payment."""

    key: str
    accepted: str
    kind: str
    processed: str
    amount: str
    pending: bool


@dataclass(frozen=True)
class ReadingRow:
    """One reading of a meter."""

    key: str
    taken: str
    source: str
    value: str
    fate: str
    photo: str


@dataclass(frozen=True)
class MeterFile:
    """A meter with its newest readings."""

    key: str
    title: str
    facts: list[Fact]
    warning: str
    rows: list[ReadingRow]
    older: list[ReadingRow]


@dataclass(frozen=True)
class RequestRow:
    """One request of the account."""

    key: str
    number: str
    href: str
    kind: str
    status: str
    sent: str


@dataclass(frozen=True)
class LoginRow:
    """Somebody who sees the account."""

    key: str
    email: str
    how: str
    since: str


def facts_of(account: OverseenAccount) -> list[Fact]:
    """What is known of the dwelling."""
    told = [
        ("Адрес:", account.address),
        ("Собственник:", account.person),
        ("Организация:", account.organization),
        ("Площадь:", f"{format_scaled(account.area, 3, show=0)}{NBSP}м²" if account.area else ""),
        ("Проживает:", str(account.residents) if account.residents is not None else ""),
        ("Закрыт:", format_date(account.closed_on)),
    ]
    return [Fact(label, label, value) for label, value in told if value]


def receipt_row(one: KindSummary) -> ReceiptRow:
    """The figures of a newest receipt."""
    main = one.main
    return ReceiptRow(
        str(one.receipt_id), one.title, format_money(main.debt), format_money(main.paid), format_money(main.charged),
        format_money(main.total), format_money(one.penalty.total),
    )  # fmt: skip


def month_receipt(one: ReceiptCharges) -> MonthReceipt:
    """A month's receipt by services."""
    rows = [ChargeRow(str(place), line.service, *map(format_money, line.main)) for place, line in enumerate(one.lines)]
    penalty = f"Кроме того, пени: {format_roubles(one.penalty.total)}" if one.penalty.total else ""
    return MonthReceipt(str(one.receipt_id), one.title, rows, *map(format_money, one.main), penalty)


def paid_rows(years: Iterable[PaidYear]) -> list[PaidRow]:
    """All payments, newest first."""
    payments = [payment for year in years for payment in year.payments]
    return [
        PaidRow(
            str(place), format_date(one.accepted_on), one.kind, format_date(one.processed_on),
            format_money(one.amount), one.pending,
        )
        for place, one in enumerate(payments)
    ]  # fmt: skip


def meter_file(meter: MeterView, past: tuple[PastReading, ...]) -> MeterFile:
    """A meter with its newest readings."""
    averages = [
        amount(rounded(s.average, meter.decimals), meter.unit, meter.decimals) for s in meter.scales if s.average
    ]
    told = [
        ("Место установки:", meter.place),
        ("Дата установки:", format_date(meter.installed_on)),
        ("Дата поверки:", format_date(meter.verification_due)),
        ("Окончание расчета:", " ".join(part for part in (format_date(meter.ended_on), meter.end_reason) if part)),
        ("Среднее за 6 месяцев:", ", ".join(averages)),
    ]
    rows = [_reading(str(place), one) for place, one in enumerate(past)]
    return MeterFile(
        str(meter.meter_id),
        f"{meter.name}, № {meter.serial}",
        [Fact(label, label, value) for label, value in told if value],
        verification_tag(meter),
        rows[:READINGS],
        rows[READINGS:],
    )


def window_words(meters: AccountMeters) -> str:
    """Whether readings are taken today."""
    return meters.refusal or meters.window.sentence


def request_row(one: RequestOfAccount, time_zone: str) -> RequestRow:
    """A line of the account's requests."""
    sent = format_date(local_time(one.sent_at, time_zone).date()) if one.sent_at else ""
    return RequestRow(
        one.number, grouped(one.number), paths.staff_request(one.number), KIND_TITLES[Kind(one.kind)],
        STATUS_TITLES[one.status], sent,
    )  # fmt: skip


def login_row(place: int, one: LinkedLogin, time_zone: str) -> LoginRow:
    """A line of those who see the account."""
    until = f" до {format_date(local_time(one.ends_at, time_zone).date())}" if one.ends_at else ""
    how = f"По доступу от собственника{until}" if one.granted else "По номеру, адресу и фамилии"
    return LoginRow(str(place), one.email, how, format_date(local_time(one.linked_at, time_zone).date()))


def _reading(key: str, one: PastReading) -> ReadingRow:
    value = number(one.value, one.decimals)
    photo = f"{paths.FILES}/{one.photo}" if one.photo else ""
    return ReadingRow(
        key, format_date(one.taken_on), one.source, f"{one.label}: {value}" if one.label else value, one.fate, photo
    )  # fmt: skip
