"""The rules for one new reading: what is refused, what is asked once more, and what volume it makes.

Pure: no database and no clock. Values and volumes are whole thousandths of the meter's unit.
"""

from dataclasses import dataclass
from datetime import date

from lk_reflex.core.clock import format_date
from lk_reflex.core.months import Month
from lk_reflex.domain.metering.average import volume_between
from lk_reflex.domain.metering.typed import capacity
from lk_reflex.domain.metering.units import amount, number, plural, rounded

ROLLOVER, UNUSUAL, ZERO = "rollover", "unusual", "zero"
#: A volume over so many times the average is asked about.
UNUSUAL_TIMES = 3
IS_IT_RIGHT = "Показание верное?"


@dataclass(frozen=True, slots=True)
class Scale:
    """What is known of one scale before the new reading; `last` is the reading that it is judged against."""

    digits: int
    unit: str
    last: int | None
    last_on: date | None
    average: int | None
    ceiling: int
    #: Whom to turn to where a form can't help: «ПОВВ, телефон 8 351 000-00-00».
    contact: str
    #: Whether sentences keep the known figures to themselves: for whoever may send and not see.
    discreet: bool = False
    #: How many decimals its dial has, as figures are told.
    decimals: int = 3


@dataclass(frozen=True, slots=True)
class Verdict:
    """A reading judged. `fault` refuses it; `asks` (kinds of doubt) and `question` want the person's «Да»."""

    volume: int
    fault: str = ""
    asks: tuple[str, ...] = ()
    question: str = ""


def judge_reading(value: int, taken_on: date, scale: Scale) -> Verdict:
    """Judge a value against the last one: lower, rolled over, unusually much, or the same."""
    last = scale.last or 0
    volume = volume_between(last, value, scale.digits)
    if volume < 0:
        return Verdict(volume, fault=lower_than_last(last, scale))
    doubts = [
        doubt
        for doubt in (
            _rolled_over(value, volume, scale),
            _unusual(volume, taken_on, scale),
            _zero(volume, scale),
        )
        if doubt
    ]
    question = " ".join([*(sentence for _, sentence in doubts), IS_IT_RIGHT]) if doubts else ""
    return Verdict(volume, asks=tuple(kind for kind, _ in doubts), question=question)


def lower_than_last(last: int, scale: Scale) -> str:
    """The refusal of a reading lower than the last one, with the ways out; without a `contact` for who is one."""
    known = "" if scale.discreet else f" {number(last, scale.decimals)}"
    lower = f"Меньше последнего показания{known}"
    if not scale.contact:
        return lower
    return (
        f"{lower}. Проверьте число. Если счётчик заменён"
        f" или последнее показание неверно, обратитесь в организацию: {scale.contact}"
    )


def _rolled_over(value: int, volume: int, scale: Scale) -> tuple[str, str] | None:
    if scale.last is None or value >= scale.last:
        return None
    if scale.discreet:
        return ROLLOVER, "Показание меньше последнего. Так бывает, если счётчик прошёл полный круг."
    return ROLLOVER, (
        f"Показание меньше последнего ({number(scale.last, scale.decimals)}). Если счётчик прошёл полный круг,"
        f" расход {amount(volume, scale.unit, scale.decimals)}."
    )


def _unusual(volume: int, taken_on: date, scale: Scale) -> tuple[str, str] | None:
    """Over three times the average of one month, however long ago the last reading was; else over the ceiling."""
    spent = f"Расход {amount(volume, scale.unit, scale.decimals)}"
    if volume <= (UNUSUAL_TIMES * scale.average if scale.average else scale.ceiling):
        return None
    if scale.discreet:
        return UNUSUAL, "Расход по этому показанию необычно большой. Проверьте, на месте ли запятая."
    if not scale.average:
        return UNUSUAL, f"{spent}, это больше {amount(scale.ceiling, scale.unit, scale.decimals)}."
    months = Month.of(taken_on).ordinal - Month.of(scale.last_on or taken_on).ordinal
    average = rounded(scale.average, scale.decimals)
    usual = f"обычно около {amount(average, scale.unit, scale.decimals)}"
    if months <= 1:
        return UNUSUAL, f"{spent}, {usual}."
    return UNUSUAL, f"{spent} за {plural(months, 'месяц', 'месяца', 'месяцев')}, {usual} в месяц."


def _zero(volume: int, scale: Scale) -> tuple[str, str] | None:
    if volume or scale.last is None:
        return None
    if scale.discreet:
        return ZERO, "Показание такое же, как последнее."
    return ZERO, f"Показание такое же, как последнее: расход {amount(0, scale.unit, scale.decimals)}."


def value_after(volume: int, scale: Scale) -> int:
    """The value that the dial shows after such a volume; past its last digit it starts anew."""
    return ((scale.last or 0) + volume) % capacity(scale.digits)


def date_fault(
    taken_on: date, *, today: date, last_on: date | None, installed_on: date | None, discreet: bool = False
) -> str:
    """Why a reading can't be dated so, or an empty string."""
    if taken_on > today:
        return "Дата снятия показания ещё не наступила"
    if last_on and taken_on < last_on:
        return "Дата раньше последнего показания" + ("" if discreet else f": оно снято {format_date(last_on)}")
    if installed_on and taken_on < installed_on:
        return f"Дата раньше установки счётчика: он установлен {format_date(installed_on)}"
    return ""


def meter_refusal(
    *, today: date, ended_on: date | None, verification_due: date | None, refuses_unverified: bool
) -> str:
    """Why this meter takes no readings today, or an empty string. The last day of each term still counts."""
    if ended_on and today > ended_on:
        return f"Расчёт по этому прибору окончен {format_date(ended_on)}, показания не принимаются"
    if refuses_unverified and verification_due and today > verification_due:
        return f"Срок поверки истёк {format_date(verification_due)}: показания не принимаются до поверки или замены"
    return ""


def verification_warning(*, today: date, verification_due: date | None) -> str:
    """What an overdue verification means for a reading that is taken all the same, or an empty string."""
    if verification_due is None or today <= verification_due:
        return ""
    over = f"Срок поверки истёк {format_date(verification_due)}"
    return f"{over}: пока прибор не поверен, начислят по среднему или по нормативу"
