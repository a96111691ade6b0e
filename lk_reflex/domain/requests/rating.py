"""How a person found it in the end: one to five, with a word if they like; it may be changed once."""

from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.core.text import storable, visible
from lk_reflex.domain.identity.access import Actor
from lk_reflex.domain.requests.closing import OPEN_AFTER_END
from lk_reflex.domain.requests.history import Author, EventKind, note_event
from lk_reflex.domain.requests.machine import ENDED, Status
from lk_reflex.domain.requests.moving import stir_request
from lk_reflex.domain.requests.tables import Request, RequestEvent
from lk_reflex.domain.requests.thread import NO_REQUEST
from lk_reflex.domain.requests.versions import change

RATING, COMMENT = "rating", "comment"
BEST, LONGEST_COMMENT = 5, 1000
#: The first mark, and one change of mind.
MOST = 2
CHOOSE = "Выберите оценку от 1 до 5"
NOT_ENDED = "Оценить можно, когда работа по заявке закончена"
LATE = "Оценить заявку можно в течение 30 дней после её завершения"
RATED_TWICE = "Вы уже изменили свою оценку, второй раз изменить её нельзя"

_ROW = select(
    col(Request.id), col(Request.number), col(Request.status), col(Request.ended_at), col(Request.rating),
    col(Request.rating_comment),
).where(col(Request.number) == bindparam("number"), col(Request.user_id) == bindparam("person"))  # fmt: skip
_RATED = select(func.count()).where(
    col(RequestEvent.request_id) == bindparam("request_id"), col(RequestEvent.kind) == EventKind.RATED.value
)


def rate(db: Writer, actor: Actor, number: str, rating: object, comment: str, *, now: datetime) -> None:
    """Keep the mark; a repeat of the same is quiet.

    Raises NotFound for what isn't theirs, Refused before the end, 30 days after it and for a third mark, Invalid for
    «rating» or «comment».
    """
    row = db.first(_ROW, number=number, person=actor.user_id)
    if row is None:
        raise NotFound(NO_REQUEST)
    said = visible(storable(comment)).strip()
    if isinstance(rating, bool) or not isinstance(rating, int) or not 1 <= rating <= BEST:
        raise Invalid({RATING: CHOOSE})
    if len(said) > LONGEST_COMMENT:
        raise Invalid({COMMENT: f"Не больше {LONGEST_COMMENT} знаков, сейчас {len(said)}. Сократите текст"})
    if (row.rating, row.rating_comment) == (rating, said):
        return
    if not may_rate(db, row, now):
        raise Refused(_why_not(row, now))
    change(db, row.id, version=None, now=now, rating=rating, rating_comment=said)
    line = f"Оценка {rating} из {BEST}. {said}".strip()
    note_event(db, row.id, EventKind.RATED, author=Author.RESIDENT, now=now, actor_id=actor.user_id, comment=line)
    stir_request(db, actor.user_id, row.number, now=now)


def may_rate(db: Reader, row: Any, now: datetime) -> bool:
    """Whether a mark is taken for a request: `row` has its `id`, `status` and `ended_at`."""
    ended = Status(row.status) in ENDED and row.ended_at is not None and now < row.ended_at + OPEN_AFTER_END
    return ended and int(db.value(_RATED, request_id=row.id) or 0) < MOST


def _why_not(row: Any, now: datetime) -> str:
    if Status(row.status) not in ENDED or row.ended_at is None:
        return NOT_ENDED
    return RATED_TWICE if now < row.ended_at + OPEN_AFTER_END else LATE
