"""What the overview says of meters: the window of readings, what wasn't sent, and verifications that end."""

from dataclasses import dataclass

from lk_reflex.core.clock import format_date
from lk_reflex.domain.metering.meters import VERIFICATION_OVER, VERIFICATION_SOON, AccountMeters, MeterView
from lk_reflex.domain.metering.units import plural

OVERDUE = "Пока прибор не поверен, начисляют по среднему, потом по нормативу."
ENDING = "Поверьте прибор до этого дня: без поверки начислят по среднему, потом по нормативу."


@dataclass(frozen=True)
class ReadingsCard:
    """«Показания за ноябрь»: the days left first, the sentence under it. An empty title means no meters."""

    title: str = ""
    number: str = ""
    unit: str = ""
    window: str = ""
    waiting: str = ""


@dataclass(frozen=True)
class Warning:
    """Meters whose verification is over («bad»), or ends within 60 days («due»)."""

    kind: str
    title: str
    meters: list[str]
    note: str


def readings_card(meters: AccountMeters) -> ReadingsCard:
    """The card of meters that still count; an empty one where there are none."""
    active = [meter for meter in meters.meters if not _ended(meters, meter)]
    if not active:
        return ReadingsCard()
    window = meters.window
    count, unit = ("", "")
    if window.is_open and not window.always:
        count, unit = _days_left(window.days_left)
    return ReadingsCard(
        f"Показания за {window.period.name}", count, unit, meters.refusal or f"{window.sentence}.", _waiting(active)
    )


def verification_warnings(meters: AccountMeters) -> list[Warning]:
    """One note for the overdue meters and one for those that soon will be; only meters in use."""
    used = [meter for meter in meters.meters if not _ended(meters, meter)]
    over = [_verified_until(meter) for meter in used if meter.verification == VERIFICATION_OVER]
    soon = [_verified_until(meter) for meter in used if meter.verification == VERIFICATION_SOON]
    found = []
    if over:
        found.append(Warning("bad", "Срок поверки истёк", over, OVERDUE))
    if soon:
        found.append(Warning("due", "Скоро истечёт срок поверки", soon, ENDING))
    return found


def _verified_until(meter: MeterView) -> str:
    return f"{meter.name} № {meter.serial}: поверка до {format_date(meter.verification_due)}"


def _days_left(days: int) -> tuple[str, str]:
    if days == 0:
        return "Сегодня", "последний день"
    count, word = plural(days, "день", "дня", "дней").split(" ")
    return count, f"{word} {'остался' if word == 'день' else 'осталось'}"


def _ended(meters: AccountMeters, meter: MeterView) -> bool:
    return meter.ended_on is not None and meter.ended_on <= meters.today


def _waiting(active: list[MeterView]) -> str:
    missing = [meter.name for meter in active if not all(scale.given for scale in meter.scales)]
    return f"Не переданы: {', '.join(missing)}." if missing else "Все показания за этот период переданы."
