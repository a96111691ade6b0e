"""Whether «Исправить» may ask an operator about a sent reading. Pure: no database and no clock."""

from collections.abc import Iterable
from typing import Any

from lk_reflex.core.months import Month
from lk_reflex.domain.metering.average import Known
from lk_reflex.domain.metering.ledger import ScaleHistory, Sent

NOT_EXPORTED = "Показание ещё не ушло на расчёт: передайте новое, оно заменит прежнее"
REFUSED = "Организация не приняла это показание: передайте новое"
ACCOUNTED = "Показание уже учтено в расчёте. Чтобы исправить его, обратитесь в организацию"
NOT_NEWEST = "По этому прибору есть более новое показание. Чтобы исправить прежнее, обратитесь в организацию"


def correction_fault(history: ScaleHistory, sent: Sent) -> str:
    """Why an operator can't be asked to correct this reading, or an empty string.

    Billing must have it, without having answered or taken it in, and nothing newer may stand upon it.
    """
    if sent.refused:
        return REFUSED
    if not sent.exported:
        return NOT_EXPORTED
    if sent.accounted or taken_in(history.billed, sent.known, sent.period):
        return ACCOUNTED
    newest = max(known.taken_on for known in history.known())
    return NOT_NEWEST if newest > sent.known.taken_on else ""


def taken_in(readings: Iterable[Any], known: Known, period: Month) -> bool:
    """Whether billing has a reading of its own of the same value, of the same day or of the sent one's period."""
    return any(
        billed.value == known.value and (billed.taken_on == known.taken_on or Month.of(billed.taken_on) == period)
        for billed in readings
    )
