"""The lines of the operators' desk as ready strings. No Reflex here."""

from dataclasses import dataclass
from datetime import datetime

from lk_reflex.core.clock import format_date, local_time
from lk_reflex.core.exact import NBSP
from lk_reflex.domain.metering.correcting.correction_list import CORRECTED, DECLINED, WITHDRAWN
from lk_reflex.domain.metering.correcting.correction_queue import DeskRequest
from lk_reflex.domain.metering.units import amount, number
from lk_reflex.ui.paths import FILES

_FATES = {CORRECTED: ("Исправлено", "good"), DECLINED: ("Отклонено", "bad"), WITHDRAWN: ("Отозвано", "info")}
NOT_BILLED = "нет"
ACCOUNTED, REFUSED = "Биллинг уже учёл это показание", "Биллинг не принял это показание"


@dataclass(frozen=True)
class WaitingRow:
    """One request that waits: what was sent, what is asked for, and what billing knows.

    `answer` says what billing has made of it meanwhile: then it can't be corrected any more. `photo` is a link.
    `opened`: something is asked below the line, namely `question` where it is about to be corrected, or why not.
    """

    key: str
    account: str
    address: str
    meter: str
    period: str
    was: str
    was_more: str
    asked: str
    asked_more: str
    billed: list[str]
    why: str
    asked_by: str
    at: str
    answer: str
    photo: str
    declining: bool
    question: str
    opened: bool


@dataclass(frozen=True)
class DecidedRow:
    """One request that was decided, by whom and how."""

    key: str
    account: str
    meter: str
    change: str
    fate: str
    kind: str
    comment: str
    by: str
    at: str


def waiting_row(one: DeskRequest, *, declining: str, confirming: str) -> WaitingRow:
    """A line of the queue; `declining` is the key of the one whose refusal is being written, `confirming` of the one
    about to be corrected.
    """
    key = str(one.correction_id)
    return WaitingRow(
        key,
        f"{one.number}, {one.organization}",
        one.address,
        _meter(one),
        one.period.title,
        amount(one.old_value, one.unit),
        f"снято {format_date(one.old_taken_on)}, расход {amount(one.old_volume, one.unit)}",
        amount(one.value, one.unit),
        f"снято {format_date(one.taken_on)}, расход {amount(one.volume, one.unit)}",
        [f"{format_date(row.taken_on)}: {number(row.value)} ({row.source})" for row in one.billed] or [NOT_BILLED],
        one.explanation,
        one.asked_by,
        _moment(one.created_at, one.time_zone),
        _answer(one),
        f"{FILES}/{one.photo}" if one.photo else "",
        key == declining,
        f"Заменить {number(one.old_value)} на {amount(one.value, one.unit)}?" if key == confirming else "",
        key in (declining, confirming),
    )


def decided_row(one: DeskRequest) -> DecidedRow:
    """A line of what was decided."""
    fate, kind = _FATES[one.fate]
    return DecidedRow(
        str(one.correction_id),
        f"{one.number}, {one.address}",
        _meter(one),
        f"{number(one.old_value)} → {amount(one.value, one.unit)}",
        fate,
        kind,
        one.comment,
        one.decided_by or one.asked_by,
        _moment(one.decided_at, one.time_zone),
    )


def waiting_title(total: int, shown: int) -> str:
    """«Ждут решения: 3», or that the list is longer than the page."""
    return f"Ждут решения: {total}" + (f", показаны самые ранние: {shown}" if shown < total else "")


def _answer(one: DeskRequest) -> str:
    if one.accounted is None:
        return ""
    return ACCOUNTED if one.accounted else f"{REFUSED}: {one.reason.rstrip('.')}" if one.reason else REFUSED


def _meter(one: DeskRequest) -> str:
    return f"{one.name} №{NBSP}{one.serial}" + (f", {one.label}" if one.label else "")


def _moment(at: datetime | None, time_zone: str) -> str:
    if at is None:
        return ""
    local = local_time(at, time_zone)
    return f"{format_date(local.date())} {local:%H:%M}"
