"""What became of the reading sent for this period, or for the one before, in a sentence with the way on. No Reflex."""

from lk_reflex.core.clock import format_date
from lk_reflex.domain.metering.history import refusal
from lk_reflex.domain.metering.ledger import Sent
from lk_reflex.domain.metering.meters import AccountMeters, MeterView, ScaleView
from lk_reflex.domain.metering.sending.entries import next_time
from lk_reflex.domain.metering.units import number
from lk_reflex.ui.meter_form.verification import VerificationNotice

AGAIN = "Проверьте показание и передайте новое: непринятое показание в расчёт не войдёт."


def replaceable(scale: ScaleView) -> bool:
    """Whether a reading of this period waits that a new one would take the place of."""
    return scale.sent is not None and not scale.sent.refused and not scale.sent.fixed


def sent_line(scale: ScaleView, account: AccountMeters, decimals: int) -> str:
    """«За ноябрь передано 124,000, снято 20.11.2026. Учтено.»; empty where nothing was sent or billing refused it.

    Where nothing new can be taken, when it can, and who else helps.
    """
    sent = scale.sent
    if sent is None or sent.refused:
        return ""
    value = number(sent.known.value, decimals)
    told = f"За {sent.period.name} передано {value}, снято {format_date(sent.known.taken_on)}."
    if sent.fixed:
        became = "Учтено." if sent.accounted else "Оно уже ушло на расчёт."
        otherwise = (
            "" if scale.correctable else f"; если переданное неверно, обратитесь в организацию: {account.contact}"
        )
        return f"{told} {became} {next_time(account.window)}{otherwise}."
    last = scale.against.last
    base = "" if last is None else f", объём считаем от {number(last, decimals)}"
    return f"{told} Новое показание заменит его{base}."


def refused_line(scale: ScaleView, decimals: int) -> str:
    """What billing refused, why, and what to do; empty where it refused nothing."""
    sent = scale.sent or scale.before
    if sent is None or not sent.refused:
        return ""
    return f"Показание за {sent.period.name}, {number(sent.known.value, decimals)}. {refusal(sent.reason)}. {AGAIN}"


def guests_sent_line(scale: ScaleView, account: AccountMeters) -> str:
    """That something has been sent for this period, and what becomes of another reading; not what it was."""
    sent = scale.sent
    if sent is None or sent.refused:
        return ""
    told = f"За {sent.period.name} показание уже передано"
    if sent.accounted:
        return f"{told} и учтено. {next_time(account.window)}."
    if sent.exported:
        return f"{told} и ушло на расчёт. {next_time(account.window)}."
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
