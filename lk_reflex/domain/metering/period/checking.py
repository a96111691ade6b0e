"""«Отметить проверенным»: an operator has looked into a reading's doubts, and says what they found."""

from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, select, update
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.errors import Conflict, Invalid, NotFound
from lk_reflex.core.text import visible
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.metering.tables import Meter, SentReading

NOTE: Final = "note"
LONGEST: Final = 300
SAY_WHAT = "Напишите, что выяснили: например, «позвонили, житель подтвердил»"
NO_READING = "Такого показания нет. Обновите страницу"
GONE = "Показание уже проверил кто-то другой, или житель передал новое. Обновите страницу"
DEED = "reading-checked"

_READING = (
    select(col(SentReading.id), col(Meter.account_id))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .where(col(SentReading.id) == bindparam("sent_id"), overseen(col(Meter.organization_id)))
)
_CHECK = (
    update(SentReading)
    .where(
        col(SentReading.id) == bindparam("sent_id"),
        col(SentReading.checked_at).is_(None),
        col(SentReading.replaced_at).is_(None),
    )
    .values(checked_at=bindparam("now"), checked_by=bindparam("operator"), check_note=bindparam("said"))
)


def mark_checked(db: Writer, actor: Actor, sent_id: int, said: str, *, now: datetime) -> None:
    """Take a reading off the doubtful ones, with a note.

    Raises NotFound for another organization's, Invalid without a note, Conflict where somebody was faster.
    """
    known = db.first(_READING, sent_id=sent_id, **actor.overseeing)
    if known is None:
        raise NotFound(NO_READING)
    plain = visible(said).strip()
    if not plain:
        raise Invalid({NOTE: SAY_WHAT})
    if len(plain) > LONGEST:
        raise Invalid({NOTE: f"Не больше {LONGEST} знаков, сейчас {len(plain)}"})
    if db.change(_CHECK, sent_id=sent_id, now=now, operator=actor.user_id, said=plain) != 1:
        raise Conflict(GONE)
    note(db, DEED, now=now, actor_id=actor.user_id, account_id=known.account_id, reading=sent_id)
