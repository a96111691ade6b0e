"""What the form of readings shows, as ready strings. No Reflex here.

A guest knows the address and perhaps isn't of the house: nothing of what the meters have counted goes to them.
"""

from dataclasses import dataclass, replace

from lk_reflex.core.clock import DEFAULT_ZONE, format_date, local_time
from lk_reflex.domain.metering.meters import VERIFICATION_OVER, AccountMeters, MeterView, ScaleView
from lk_reflex.domain.metering.resources import COLD, GAS, HEAT, HOT, POWER, kind_of
from lk_reflex.domain.metering.rules import Scale
from lk_reflex.domain.metering.sending.taken import Taken, TakenReading
from lk_reflex.domain.metering.units import amount, number, rounded, unit_of
from lk_reflex.ui.meter_form.fates import guests_refused_line, guests_sent_line, refused_line, replaceable, sent_line
from lk_reflex.ui.meter_form.verification import verification_tag

#: In the order in which a dwelling's meters are walked round.
_ORDER = {kind: place for place, kind in enumerate((COLD, HOT, POWER, HEAT, GAS))}
_HINTS = ("Целое число", "Целые и один знак", "Целые и два знака", "Целые и три красные цифры")


@dataclass(frozen=True)
class ScaleRow:
    """One scale of a meter: what is known of it, and the names of its two fields."""

    row: str
    label: str
    average: str
    last_on: str
    last: str
    sent: str
    reading_id: str
    volume_id: str
    yes_id: str
    reading_label: str
    volume_label: str
    volume_hint: str
    hint: str
    #: What billing refused and what to do about it; empty where it refused nothing.
    refused: str = ""
    #: The reading that «Исправить» may ask an operator about.
    correct: str = ""
    #: Whether the reading of this period waits still: then `last` is the one before it, from which volumes count.
    held: bool = False
    #: The reading of this period that a new one would replace.
    given: str = ""
    #: Whether a new reading can be taken for this scale at all.
    open: bool = True


@dataclass(frozen=True)
class MeterCard:
    """One meter. `accepts` says whether it has fields, `refusal` why it has none."""

    key: str
    number: str
    name: str
    place: str
    verification: str
    verification_tag: str
    verification_kind: str
    accepts: bool
    refusal: str
    scales: list[ScaleRow]


@dataclass(frozen=True)
class TakenRow:
    """One reading that was taken, and what follows from it."""

    key: str
    text: str
    warning: str


def reading_id(row: str) -> str:
    """The id and name of a scale's field «Новое показание»."""
    return f"reading-{row}"


def volume_id(row: str) -> str:
    """The id and name of a scale's field «Объем изменения»."""
    return f"volume-{row}"


def yes_id(row: str) -> str:
    """The id and name of a scale's «Да, показание верное»."""
    return f"yes-{row}"


def meter_cards(account: AccountMeters, *, guest: bool = False, may_wait: bool = False) -> list[MeterCard]:
    """The account's meters by what they count, those out of calculation last; for a guest without a figure.

    With `may_wait` a form may be filled while the window is closed.
    """
    closed = bool(account.refusal) and not (may_wait and account.can_wait)
    # Waters stand together, and so do the zones of power; a stable sort keeps the names' order within.
    meters = sorted(account.meters, key=lambda meter: (bool(meter.refusal), _ORDER.get(kind_of(meter.resource), 9)))
    return [_card(meter, account, closed, guest) for meter in meters]


def scales_by_row(account: AccountMeters) -> dict[str, tuple[Scale, int]]:
    """By field name, what a new reading is judged against, and the decimals of its dial."""
    return {scale.row: (scale.against, meter.decimals) for meter in account.meters for scale in meter.scales}


def _card(meter: MeterView, account: AccountMeters, closed: bool, guest: bool) -> MeterCard:
    refusal = meter.refusal
    scales = [
        _guests_scale(scale, meter, account) if guest else _scale(scale, meter, account) for scale in meter.scales
    ]
    return MeterCard(
        str(meter.meter_id),
        meter.serial,
        meter.name,
        meter.place,
        format_date(meter.verification_due),
        verification_tag(meter),
        "bad" if meter.verification == VERIFICATION_OVER else "due",
        not refusal and not closed and any(scale.open for scale in scales),
        refusal,
        scales,
    )


def _scale(scale: ScaleView, meter: MeterView, account: AccountMeters) -> ScaleRow:
    zone = f" {scale.label}" if scale.label else ""
    held, decimals, sent = replaceable(scale), meter.decimals, scale.sent
    # A volume counts from the reading before the one that waits: that is the one to show as the last.
    last, last_on = (scale.against.last, scale.against.last_on) if held else (scale.last, scale.last_on)
    known = "" if last is None else number(last, decimals)
    return ScaleRow(
        scale.row,
        scale.label,
        "" if scale.average is None else amount(rounded(scale.average, decimals), meter.unit, decimals),
        format_date(last_on),
        known,
        sent_line(scale, account, decimals),
        reading_id(scale.row),
        volume_id(scale.row),
        yes_id(scale.row),
        f"Новое показание{zone}",
        f"Объем изменения{zone}",
        f"{meter.unit} от {known}" if known else f"{meter.unit} с последнего показания",
        _HINTS[min(max(meter.decimals, 0), 3)] + (" через запятую" if meter.decimals > 0 else ""),
        refused_line(scale, decimals),
        str(scale.correctable or ""),
        held,
        number(sent.known.value, decimals) if sent and held else "",
        not (sent and sent.fixed),
    )


def _guests_scale(scale: ScaleView, meter: MeterView, account: AccountMeters) -> ScaleRow:
    return replace(
        _scale(scale, meter, account), average="", last_on="", last="", sent=guests_sent_line(scale, account),
        refused=guests_refused_line(scale), correct="", volume_hint="", held=False, given="",
    )  # fmt: skip


def taken_title(taken: Taken, time_zone: str = DEFAULT_ZONE) -> str:
    """«Показания переданы 20.11.2026 в 15:00 и войдут в расчёт за ноябрь 2026»."""
    at = local_time(taken.at, time_zone)
    when = f"{format_date(at.date())} в {at:%H:%M}"
    return f"Показания переданы {when} и войдут в расчёт за {taken.period.title.lower()}"


def guests_taken_rows(taken: Taken) -> list[TakenRow]:
    """What was taken, row by row, as it was typed: a volume would tell the reading before."""
    return [
        TakenRow(one.row, f"{_meter(one)}: показание {number(one.value, one.decimals)}", one.warning)
        for one in _walked(taken)
    ]


def _walked(taken: Taken) -> list[TakenReading]:
    """In the order of the form."""
    return sorted(taken.readings, key=lambda one: _ORDER.get(kind_of(one.resource), 9))


def taken_rows(taken: Taken) -> list[TakenRow]:
    """What was taken, row by row, and the sum of a resource that several rows make."""
    rows = [TakenRow(one.row, _taken(one), one.warning) for one in _walked(taken)]
    for resource, volume, unit in taken.totals:
        alike = [one for one in taken.readings if one.resource == resource]
        if len(alike) > 1:
            what = "" if unit_of(resource) == resource else f" {resource}"
            rows.append(
                TakenRow(resource, f"Всего{what}: {amount(volume, unit, min(one.decimals for one in alike))}", "")
            )
    return rows


def _taken(one: TakenReading) -> str:
    volume = amount(one.volume, one.unit, one.decimals)
    return f"{_meter(one)}: показание {number(one.value, one.decimals)}, расход {volume}"


def _meter(one: TakenReading) -> str:
    return f"{one.name} № {one.serial}" + (f", {one.label}" if one.label else "")
