"""Why a reading wants a second look. Pure: no database and no clock."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from lk_reflex.core.clock import format_date
from lk_reflex.domain.metering.rules import ROLLOVER, UNUSUAL, ZERO
from lk_reflex.domain.metering.units import amount, rounded

#: A volume under such a part of the usual one is told.
LOW_PART: Final = 5


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of a reading. Volumes in thousandths of `unit`; `usual` of the periods before it, if any."""

    confirmed: frozenset[str]
    volume: int
    usual: int | None
    unit: str
    decimals: int
    taken_on: date
    verification_due: date | None
    #: How many readings of this scale and day came besides, and were replaced.
    others: int
    #: Whether nobody in particular has given it: without registration, or at a bank.
    by_anybody: bool
    #: Whether an operator has entered it for somebody on the phone.
    by_operator: bool = False


def doubts_of(facts: Facts) -> tuple[str, ...]:
    """Each doubt as a sentence without its full stop; none is an empty tuple."""
    told = (
        _confirmed(facts),
        _low(facts),
        _unverified(facts),
        f"За этот день переданы разные показания: {facts.others + 1}" if facts.others else "",
    )
    sentences = tuple(sentence for sentence in told if sentence)
    if sentences and facts.by_anybody:
        return (*sentences, "Передано без входа в кабинет")
    return sentences


def _confirmed(facts: Facts) -> str:
    spent = amount(facts.volume, facts.unit, facts.decimals)
    who = "оператор подтвердил со слов звонящего" if facts.by_operator else "житель подтвердил"
    if ROLLOVER in facts.confirmed:
        return f"Счётчик прошёл полный круг, расход {spent}: {who}"
    if UNUSUAL in facts.confirmed:
        usual = f", обычно около {_usual(facts)}" if facts.usual else ""
        return f"Большой расход {spent}{usual}: {who}"
    if ZERO not in facts.confirmed:
        return ""
    return f"Показание не изменилось, расход нулевой: {who}"


def _low(facts: Facts) -> str:
    if not facts.usual or not 0 < facts.volume < facts.usual / LOW_PART:
        return ""
    return f"Расход {amount(facts.volume, facts.unit, facts.decimals)} намного меньше обычного: около {_usual(facts)}"


def _unverified(facts: Facts) -> str:
    if facts.verification_due is None or facts.taken_on <= facts.verification_due:
        return ""
    return f"Срок поверки истёк {format_date(facts.verification_due)}"


def _usual(facts: Facts) -> str:
    return amount(rounded(facts.usual or 0, facts.decimals), facts.unit, facts.decimals)
