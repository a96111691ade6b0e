"""What became of the reading sent for this period, or for the one before, in a sentence with the way on. No Reflex."""

from lk_reflex.core.clock import format_date
from lk_reflex.domain.metering.history import refusal
from lk_reflex.domain.metering.ledger import Sent
from lk_reflex.domain.metering.meters import AccountMeters, MeterView, ScaleView
from lk_reflex.domain.metering.units import number
from lk_reflex.ui.meter_form.verification import VerificationNotice

AGAIN = "Проверьте показание и передайте новое: это в расчёт не войдёт."


def sent_line(scale: ScaleView) -> str:
    """«За ноябрь передано 124,000, снято 20.11.2026. Учтено.»; empty where nothing was sent or billing refused it."""
    sent = scale.sent
    if sent is None or sent.refused:
        return ""
    told = f"За {sent.period.name} передано {number(sent.known.value)}, снято {format_date(sent.known.taken_on)}."
    if sent.accounted:
        return f"{told} Учтено."
    if sent.exported:
        return f"{told} Оно уже ушло на расчёт."
    base = "" if scale.against.last is None else f", объём считаем от {number(scale.against.last)}"
    return f"{told} Новое показание заменит его{base}."


def refused_line(scale: ScaleView) -> str:
    """What billing refused, why, and what to do; empty where it refused nothing."""
    sent = scale.sent or scale.before
    if sent is None or not sent.refused:
        return ""
    return f"Показание за {sent.period.name}, {number(sent.known.value)}. {refusal(sent.reason)}. {AGAIN}"


def guests_sent_line(scale: ScaleView) -> str:
    """That something has been sent for this period, and what becomes of another reading; not what it was."""
    sent = scale.sent
    if sent is None or sent.refused:
        return ""
    told = f"За {sent.period.name} показание уже передано"
    if sent.accounted:
        return f"{told} и учтено."
    if sent.exported:
        return f"{told} и ушло на расчёт."
    if not sent.by_guest:
        return f"{told} из личного кабинета. Исправить его можно там."
    return f"{told}. Новое показание заменит его."


def guests_refused_line(scale: ScaleView) -> str:
    """That billing refused a reading. Its reason may tell figures: it is for those who see the account."""
    sent = scale.sent or scale.before
    if sent is None or not sent.refused:
        return ""
    return (
        f"Показание за {sent.period.name} не принято, передайте новое. Причина видна в личном кабинете,"
        " её скажут и в организации."
    )


def refusal_notices(account: AccountMeters) -> list[VerificationNotice]:
    """The same above a list of meters: what billing refused, with the way on."""
    made = []
    for meter in account.meters:
        for scale in meter.scales:
            sent = scale.sent or scale.before
            if sent is not None and sent.refused:
                made.append(VerificationNotice("bad", f"{_title(meter, scale, sent)}.", AGAIN))
    return made


def _title(meter: MeterView, scale: ScaleView, sent: Sent) -> str:
    zone = f", {scale.label}" if scale.label else ""
    return f"{meter.name} №\u00a0{meter.serial}{zone}, показание за {sent.period.name}. {refusal(sent.reason)}"
