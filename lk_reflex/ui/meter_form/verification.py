"""Verifications that are over or end within 60 days, said once for all meters they concern. No Reflex here."""

from dataclasses import dataclass

from lk_reflex.domain.metering.meters import VERIFICATION_OVER, VERIFICATION_SOON, AccountMeters, MeterView

_OVER = "Показания по ним примем, но пока приборы не поверены, начислят по среднему или по нормативу."
_OVER_NOW_CLOSED = "Пока приборы не поверены, начислят по среднему или по нормативу."
_OVER_REFUSED = "Показания по ним не принимаются до поверки или замены: начислят по среднему или по нормативу."
_SOON = "Поверьте или замените их заранее: после этой даты начислят по среднему или по нормативу."


@dataclass(frozen=True)
class VerificationNotice:
    """One notice: how urgent it is, which meters, and what follows."""

    kind: str
    title: str
    text: str


def verification_notices(account: AccountMeters) -> list[VerificationNotice]:
    """What is over first; nothing for meters out of calculation."""
    used = [meter for meter in account.meters if meter.ended_on is None or meter.ended_on >= account.today]
    over = [meter for meter in used if meter.verification == VERIFICATION_OVER]
    soon = [meter for meter in used if meter.verification == VERIFICATION_SOON]
    refused = any(meter.refusal for meter in over)
    made = []
    if over:
        text = _OVER_REFUSED if refused else _OVER_NOW_CLOSED if account.refusal else _OVER
        made.append(VerificationNotice("bad", f"Срок поверки истёк: {_names(over)}.", text))
    if soon:
        made.append(VerificationNotice("due", f"Срок поверки истекает: {_names(soon)}.", _SOON))
    return made


def verification_tag(meter: MeterView) -> str:
    """«истекла» or «скоро истекает» beside a date, or an empty string."""
    if meter.ended_on is not None:
        return ""
    return {VERIFICATION_OVER: "истекла", VERIFICATION_SOON: "скоро истекает"}.get(meter.verification, "")


def _names(meters: list[MeterView]) -> str:
    return ", ".join(f"{meter.name} №\u00a0{meter.serial}" for meter in meters)
