"""Meters of a dwelling: their rows, their monthly readings, and what they say was used."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from lk_reflex.core.clock import format_date
from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.numbers import thousandths
from lk_reflex.exchange.demo.plan import Dwelling, MeterPlan, Span

Row = list[str]
_SOURCES = ("Личный кабинет", "Личный кабинет", "По телефону", "Контролёр", "Касса")
_CLOSED = "Закрытие лицевого счета"
_SPREAD = 40


@dataclass
class Metering:
    """`used[resource][month]` in thousandths, for the months that are charged; rows for both files."""

    used: dict[str, dict[Month, int]]
    meters: list[Row]
    readings: list[Row]


def run_meters(dwelling: Dwelling, span: Span, months: list[Month], random: Random) -> Metering:
    """Everything about the meters of one dwelling."""
    found = Metering({}, [], [])
    for meter in dwelling.meters:
        found.meters.append(_meter_row(dwelling, meter))
        found.readings += _initial(dwelling, meter)
        if meter.idle:
            continue
        found.readings += _monthly(dwelling, meter, span, months, random, found.used.setdefault(meter.resource, {}))
    return found


def _meter_row(dwelling: Dwelling, meter: MeterPlan) -> Row:
    ended = dwelling.closed
    return [
        dwelling.inn, dwelling.number, meter.code, meter.serial, meter.name, meter.resource, meter.place,
        format_date(meter.installed) if meter.installed_known else "",
        format_date(meter.verification), format_date(meter.installed),
        format_date(ended.day(31)) if ended else "", _CLOSED if ended else "",
        str(meter.digits), str(meter.decimals), str(len(meter.usage)),
    ]  # fmt: skip


def _initial(dwelling: Dwelling, meter: MeterPlan) -> Iterator[Row]:
    day = format_date(meter.installed)
    for scale in range(1, len(meter.usage) + 1):
        yield [dwelling.inn, meter.code, str(scale), day, day, "Начальное", "0,000"]


def _monthly(
    dwelling: Dwelling, meter: MeterPlan, span: Span, months: list[Month], random: Random, used: dict[Month, int]
) -> Iterator[Row]:
    since = Month.of(meter.installed)
    start = months[0] if months else span.start
    first = since.shift(1) if meter.whole_history else max(start, since.shift(1))
    values = [usage * (first.ordinal - since.ordinal - 1) for usage in meter.usage]
    last = min(span.until, dwelling.closed) if dwelling.closed else span.until
    for ordinal in range(first.ordinal, last.ordinal + 1):
        month = Month.from_ordinal(ordinal)
        spent = [_odd(meter, span, month, usage, _spent(meter, usage, random)) for usage in meter.usage]
        values = [(value + more) % 10 ** (meter.digits + 3) for value, more in zip(values, spent, strict=True)]
        used[month] = used.get(month, 0) + sum(spent)
        if month <= span.last_reading:
            yield from _readings(dwelling, meter, month, values, random)


def _spent(meter: MeterPlan, usage: int, random: Random) -> int:
    """A month's volume; nobody was at home in one of twenty-five. Power in hundredths, as its dials show."""
    if meter.steady:
        return usage
    if random.random() < 0.04:
        return 0
    spent = usage * (100 - _SPREAD + int(random.random() * 2 * _SPREAD)) // 100
    step = 10 ** (3 - meter.decimals)
    return spent // step * step


def _odd(meter: MeterPlan, span: Span, month: Month, usage: int, spent: int) -> int:
    """The month's volume, or what the plan wants of the newest ones instead: up to the newest that is read."""
    if not meter.last:
        return spent
    back = max(span.last_reading.ordinal - month.ordinal, 0)
    return usage * meter.last[-1 - back] // 100 if back < len(meter.last) else spent


def _readings(dwelling: Dwelling, meter: MeterPlan, month: Month, values: list[int], random: Random) -> Iterator[Row]:
    taken = 15 + int(random.random() * 11)
    day = f"{taken:02d}.{month.dotted}"
    accounted, source = f"25.{month.dotted}", _SOURCES[int(random.random() * len(_SOURCES))]
    for scale, value in enumerate(values, 1):
        yield [dwelling.inn, meter.code, str(scale), accounted, day, source, thousandths(value)]
