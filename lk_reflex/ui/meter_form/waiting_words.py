"""A form that waits for its window, or couldn't be sent, as ready strings. No Reflex here."""

from dataclasses import dataclass, field

from lk_reflex.core.clock import format_date
from lk_reflex.core.exact import NBSP
from lk_reflex.core.months import day_in_words
from lk_reflex.domain.metering.sending.waiting import Waiting


@dataclass(frozen=True)
class WaitingLine:
    """One reading that waits."""

    key: str
    text: str


@dataclass(frozen=True)
class WaitingCard:
    """What is told of a form that waits; an empty title where none does."""

    title: str = ""
    text: str = ""
    kind: str = "info"
    reasons: list[str] = field(default_factory=list)
    lines: list[WaitingLine] = field(default_factory=list)
    may_cancel: bool = False
    may_restore: bool = False
    cancel: str = ""


NO_WAITING = WaitingCard()


def waiting_card(waiting: Waiting | None) -> WaitingCard:
    """«Показания ждут открытия приёма 15 декабря», or why they couldn't be sent."""
    if waiting is None:
        return NO_WAITING
    lines = [WaitingLine(row.row, f"{row.meter}: показание {row.reading}") for row in waiting.rows]
    day = day_in_words(waiting.opens_on)
    if waiting.refused:
        title = f"Отложенные показания не переданы {day}."
        text = "Проверьте их и передайте сами."
        return WaitingCard(title, text, "bad", waiting.reason.split("\n"), lines, True, waiting.may_cancel, "Убрать")
    whose = "" if waiting.mine else " Их отложил другой человек с доступом к этому лицевому счету."
    text = (
        f"Утром {day} кабинет проверит их ещё раз и передаст сам, дата снятия{NBSP}{format_date(waiting.taken_on)}."
        f" Если что-то не сойдётся, напишем.{whose}"
    )
    title = f"Показания за {waiting.period.name} ждут открытия приёма."
    return WaitingCard(title, text, "good", [], lines, waiting.may_cancel, False, "Отменить")
