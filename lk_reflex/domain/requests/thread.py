"""What both sides say about a request that was sent, and what staff note for themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.core.text import storable, visible
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.identity.attempts import Limit, note_misses, refuse_while_waiting
from lk_reflex.domain.requests.attaching import attach_to_message, waiting_files
from lk_reflex.domain.requests.closing import may_write
from lk_reflex.domain.requests.history import Author, EventKind, note_event
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.moving import stir_request
from lk_reflex.domain.requests.slots import MESSAGE
from lk_reflex.domain.requests.tables import Request, RequestEvent
from lk_reflex.domain.requests.telling import tell_of_message
from lk_reflex.domain.requests.versions import change, hold

TEXT: Final = "text"
LONGEST: Final = 4000
#: The same words again this soon are a second press of the same button.
PRESSED_TWICE = timedelta(minutes=5)
#: A day's worth of a resident's messages, and what one request bears at once.
BY_PERSON = Limit("request-message", 60, longest=timedelta(hours=12), window=timedelta(days=1))
IN_REQUEST = Limit("request-message:one", 10, longest=timedelta(minutes=10), window=timedelta(minutes=10))
#: Writing is an operator's work all day long: this stops a flood alone. Notes count as well.
BY_STAFF = Limit("request-message:staff", 2000, longest=timedelta(hours=1), window=timedelta(days=1))

NO_REQUEST = "Такой заявки нет"
NOTHING = "Напишите сообщение или приложите файл"
NO_NOTE = "Напишите заметку"
TOO_LONG = f"Не больше {LONGEST} знаков"
NOT_SENT = "Сначала отправьте заявку: до этого писать по ней некому"
CLOSED = "Заявка завершена больше 30 дней назад, писать по ней уже нельзя. Подайте новое обращение в разделе «Услуги»"
NOBODY = "Учётная запись заявителя удалена: сообщение никто не прочитает"
CLOSED_TO_STAFF = (
    "Заявка завершена больше 30 дней назад, писать жителю по ней уже нельзя. Заметку для сотрудников оставить можно"
)
NOT_IN_NOTE = "Файлы уходят только жителю: уберите их или отправьте ответом"
OFTEN = "Вы отправили много сообщений подряд."

_COLUMNS = (
    col(Request.id), col(Request.number), col(Request.user_id), col(Request.account_id), col(Request.status),
    col(Request.version), col(Request.ended_at),
)  # fmt: skip
_MINE = select(*_COLUMNS).where(col(Request.number) == bindparam("number"), col(Request.user_id) == bindparam("person"))
_OVERSEEN = select(*_COLUMNS).where(
    col(Request.number) == bindparam("number"),
    col(Request.status) != Status.DRAFT.value,
    overseen(col(Request.organization_id)),
)
_LAST = (
    select(col(RequestEvent.id), col(RequestEvent.kind), col(RequestEvent.comment), col(RequestEvent.actor_id),
           col(RequestEvent.at))
    .where(col(RequestEvent.request_id) == bindparam("request_id"))
    .order_by(col(RequestEvent.id).desc())
    .limit(1)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    """A message that stands in the thread, and the request's version since."""

    event_id: int
    version: int


def say(
    db: Writer, actor: Actor, number: str, text: str, *, now: datetime, site: str, version: int | None = None
) -> Said:
    """The person writes to the organization; what they have uploaded to the slot «message» goes along.

    A second press of the same is quiet. Raises NotFound for what isn't theirs, Refused before the sending, 30 days
    after the end and when too much is written, Invalid for «text», Conflict where `version` is old.
    """
    row = _mine(db, actor, number)
    if not may_write(Status(row.status), row.ended_at, now):
        raise Refused(NOT_SENT if Status(row.status) is Status.DRAFT else CLOSED)
    return _put(db, actor, row, Author.RESIDENT, text, version, site, now)


def answer(
    db: Writer, actor: Actor, number: str, text: str, *, now: datetime, site: str, version: int | None = None
) -> Said:
    """Staff write to the person, who is told of it by feed, mail and push. Raises as `say`."""
    row = _overseen(db, actor, number)
    if row.user_id is None:
        raise Refused(NOBODY)
    if not may_write(Status(row.status), row.ended_at, now):
        raise Refused(CLOSED_TO_STAFF)
    return _put(db, actor, row, Author.OPERATOR, text, version, site, now)


def note_for_staff(db: Writer, actor: Actor, number: str, text: str, *, now: datetime) -> int:
    """A note that staff alone see; returns its line's id.

    Raises NotFound, Invalid for «text», and for «message» while files wait there: they would go with the next answer.
    """
    row = _overseen(db, actor, number)
    plain = clean(text)
    if not plain:
        raise Invalid({TEXT: NO_NOTE})
    hold(db, row.id)
    if waiting_files(db, actor, row.id):
        raise Invalid({MESSAGE: NOT_IN_NOTE})
    last = _repeated(db, row.id, actor, EventKind.NOTE, plain, now)
    if last is not None:
        return last
    _count(db, [(BY_STAFF, str(actor.user_id))], now)
    event_id = note_event(
        db, row.id, EventKind.NOTE, author=Author.OPERATOR, now=now, actor_id=actor.user_id, comment=plain
    )
    _log(db, "request-noted", actor, row, now)
    stir_request(db, None, row.number, now=now)
    return event_id


def clean(text: str) -> str:
    """What is kept of a message: without what nobody sees. Raises Invalid for «text» that is too long."""
    plain = visible(storable(text)).strip()
    if len(plain) > LONGEST:
        raise Invalid({TEXT: f"{TOO_LONG}, сейчас {len(plain)}. Сократите текст"})
    return plain


def _mine(db: Reader, actor: Actor, number: str) -> Any:
    row = db.first(_MINE, number=number, person=actor.user_id)
    if row is None:
        raise NotFound(NO_REQUEST)
    return row


def _overseen(db: Reader, actor: Actor, number: str) -> Any:
    row = db.first(_OVERSEEN, number=number, **actor.overseeing)
    if row is None:
        raise NotFound(NO_REQUEST)
    return row


def _put(
    db: Writer, actor: Actor, row: Any, author: Author, text: str, version: int | None, site: str, now: datetime
) -> Said:  # fmt: skip
    plain, current = clean(text), hold(db, row.id)
    if not waiting_files(db, actor, row.id):
        last = _repeated(db, row.id, actor, EventKind.MESSAGE, plain, now)
        if last is not None:
            return Said(last, current)
        if not plain:
            raise Invalid({TEXT: NOTHING})
    person = str(actor.user_id)
    of_resident = [(BY_PERSON, person), (IN_REQUEST, f"{person}:{row.id}")]
    _count(db, of_resident if author is Author.RESIDENT else [(BY_STAFF, person)], now)
    new = change(db, row.id, version=version, now=now)
    event_id = note_event(db, row.id, EventKind.MESSAGE, author=author, now=now, actor_id=actor.user_id, comment=plain)
    attach_to_message(db, actor, row.id, event_id, now=now)
    if author is Author.OPERATOR:
        tell_of_message(db, row.id, event_id, site=site, now=now)
        _log(db, "request-answered", actor, row, now)
    stir_request(db, row.user_id, row.number, now=now)
    return Said(event_id, new)


def _count(db: Writer, limits: Sequence[tuple[Limit, str]], now: datetime) -> None:
    refuse_while_waiting(db, limits, OFTEN, now=now)
    note_misses(db, limits, now=now)


def _repeated(db: Reader, request_id: int, actor: Actor, kind: EventKind, text: str, now: datetime) -> int | None:
    """The line's id where the request's newest line is the same by the same person, just now."""
    last = db.first(_LAST, request_id=request_id)
    if last is None or (last.kind, last.comment, last.actor_id) != (kind.value, text, actor.user_id):
        return None
    return last.id if last.at > now - PRESSED_TWICE else None


def _log(db: Writer, deed: str, actor: Actor, row: Any, now: datetime) -> None:
    note(db, deed, now=now, actor_id=actor.user_id, user_id=row.user_id, account_id=row.account_id, request=row.id)
