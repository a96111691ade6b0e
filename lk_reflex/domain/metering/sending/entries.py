"""The filled rows of one form judged together: values, or every fault and question at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from lk_reflex.core.errors import DomainError
from lk_reflex.core.months import day_in_words
from lk_reflex.domain.metering import rules
from lk_reflex.domain.metering.correcting.correctable import correction_fault
from lk_reflex.domain.metering.ledger import MeterRecord, Sent, Terms
from lk_reflex.domain.metering.meters import refusal_of, row_of
from lk_reflex.domain.metering.rules import Scale
from lk_reflex.domain.metering.typed import Unreadable, parse_number
from lk_reflex.domain.metering.units import number
from lk_reflex.domain.metering.window import Window

TAKEN_ON = "taken_on"


@dataclass(frozen=True, slots=True)
class Entry:
    """What was typed for one scale, as it was typed; either of the two is enough."""

    reading: str = ""
    volume: str = ""

    @property
    def filled(self) -> bool:
        """Whether anything was typed."""
        return bool(self.reading.strip() or self.volume.strip())


@dataclass(frozen=True, slots=True)
class Question:
    """A doubt about one row. Giving `token` back confirms it, for this value and volume only."""

    row: str
    text: str
    token: str


class NeedsConfirmation(DomainError):
    """Nothing is wrong and nothing is stored yet: the person must first say «Да, показание верное»."""

    def __init__(self, questions: Sequence[Question]) -> None:
        super().__init__("Проверьте показания и подтвердите их")
        self.questions = tuple(questions)


@dataclass(frozen=True, slots=True)
class Accepted:
    """One reading that held; `replaces` is the one it takes the place of."""

    record: MeterRecord
    scale: int
    value: int
    volume: int
    confirmed: tuple[str, ...]
    replaces: Sent | None


@dataclass
class Sheet:
    """One form against one account: collects what holds, faults by field, and questions."""

    terms: Terms
    window: Window
    today: date
    taken_on: date
    confirmations: frozenset[str]
    accepted: list[Accepted] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)

    def add_meter(self, record: MeterRecord, entries: Mapping[str, Entry]) -> None:
        """Judge all scales of a meter; a meter with nothing filled is passed over."""
        rows = {number: row_of(record.meter.id, number) for number in record.scale_numbers}
        typed = {number: entries.get(row, Entry()) for number, row in rows.items()}
        if not any(entry.filled for entry in typed.values()):
            return
        refusal = refusal_of(record, self.terms, self.today)
        for scale_number, entry in typed.items():
            row = rows[scale_number]
            if entry.filled and not refusal:
                self._add_scale(record, scale_number, row, entry)
            elif refusal:
                self.faults[row] = refusal
            elif not self._stands(record, scale_number):
                together = ", ".join(f"Т{other}" for other in rows)
                self.faults[row] = (
                    f"Введите показание Т{scale_number}: зоны этого счётчика передают вместе ({together})"
                )

    def _stands(self, record: MeterRecord, scale_number: int) -> bool:
        """Whether the zone has a reading of this period: who puts another zone right needn't type it again."""
        sent = record.histories[scale_number].of_period(self.window.period)
        return sent is not None and not sent.refused

    def _add_scale(self, record: MeterRecord, scale_number: int, row: str, entry: Entry) -> None:
        sent = record.histories[scale_number].of_period(self.window.period)
        if sent and sent.fixed:
            can_ask = not correction_fault(record.histories[scale_number], sent)
            self.faults[row] = already_exported(self.window, self.terms, sent, can_ask=can_ask)
            return
        if sent and not sent.by_guest and not sent.refused and self.terms.discreet:
            # Whoever only knows the address doesn't undo what a resident has sent and billing hasn't refused.
            self.faults[row] = sent_by_resident(self.window, self.terms)
            return
        scale = record.scale(scale_number, self.terms, replacing=sent)
        self._check_date(record, scale)
        try:
            value = read_entry(entry, scale, record.meter.decimals)
        except Unreadable as fault:
            self.faults[row] = str(fault)
            return
        verdict = rules.judge_reading(value, self.taken_on, scale)
        if verdict.fault:
            self.faults[row] = verdict.fault
            return
        if verdict.asks:
            self._ask(row, value, verdict)
        self.accepted.append(Accepted(record, scale_number, value, verdict.volume, verdict.asks, sent))

    def _ask(self, row: str, value: int, verdict: rules.Verdict) -> None:
        token = f"{row}:{'+'.join(verdict.asks)}:{value}:{verdict.volume}"
        if token not in self.confirmations:
            self.questions.append(Question(row, verdict.question, token))

    def _check_date(self, record: MeterRecord, scale: Scale) -> None:
        fault = rules.date_fault(
            self.taken_on,
            today=self.today,
            last_on=scale.last_on,
            installed_on=record.meter.installed_on,
            discreet=scale.discreet,
        )
        if fault and TAKEN_ON not in self.faults:
            self.faults[TAKEN_ON] = fault if self.taken_on > self.today else f"{record.meter.name}: {fault}"


def read_entry(entry: Entry, scale: Scale, decimals: int) -> int:
    """The value meant, in thousandths, from the reading or the volume typed. Raises Unreadable."""
    volume = _volume_meant(entry.volume, scale, decimals)
    if not entry.reading.strip() and volume is not None:
        return rules.value_after(volume, scale)
    value = parse_number(entry.reading, digits=scale.digits, decimals=decimals)
    if volume is not None and rules.value_after(volume, scale) != value:
        raise Unreadable(
            f"Показание {number(value, decimals)} и объём {number(volume, decimals)} не сходятся: последнее показание"
            f" {number(scale.last or 0, decimals)}. Исправьте одно из них или сотрите объём"
        )
    return value


def _volume_meant(text: str, scale: Scale, decimals: int) -> int | None:
    return parse_number(text, digits=scale.digits, decimals=decimals) if text.strip() else None


def already_exported(window: Window, terms: Terms, sent: Sent, *, can_ask: bool) -> str:
    """The refusal to replace a reading that billing already has, with the way out; without a contact for who is one.

    `can_ask` says whether «Исправить» is there: what billing has accounted, only the organization can put right.
    """
    told = f"Показание за {window.period.name} уже {'учтено' if sent.accounted else 'передано на расчёт'}."
    if not terms.contact:
        return told.rstrip(".")
    if terms.discreet:
        return f"{told} Чтобы исправить его, войдите в личный кабинет или обратитесь в организацию: {terms.contact}"
    if sent.accounted or not can_ask:
        return f"{told} {next_time(window)}; если переданное неверно, обратитесь в организацию: {terms.contact}"
    return (
        f"{told} Чтобы исправить его, нажмите «Исправить» у этого прибора или обратитесь в организацию: {terms.contact}"
    )


def next_time(window: Window) -> str:
    """«Новое можно передать с 15 декабря»: the first day of the window after this one."""
    return f"Новое можно передать с {day_in_words(window.next_opens)}"


def sent_by_resident(window: Window, terms: Terms) -> str:
    """The refusal to replace without registration what was sent from a personal cabinet, with the ways out."""
    return (
        f"Показание за {window.period.name} уже передано из личного кабинета."
        f" Исправить его можно там или в организации: {terms.contact}"
    )
