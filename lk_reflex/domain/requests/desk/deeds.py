"""What staff do with a request: moves, and who takes it on. Each stands in its history and in the audit log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Conflict, Invalid, NotFound, Refused
from lk_reflex.core.text import storable, visible
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.requests.desk.people import colleagues
from lk_reflex.domain.requests.forms import may_be_named
from lk_reflex.domain.requests.history import Author, EventKind, note_event
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import ENDED, NEEDS_COMMENT, TITLES, Status, by_resident
from lk_reflex.domain.requests.moving import CHANGED, move, stir_request
from lk_reflex.domain.requests.tables import Request
from lk_reflex.domain.requests.versions import change

COMMENT, FIELDS, ASSIGNEE = "comment", "fields", "assignee"
LONGEST: Final = 2000
NO_REQUEST = "Такой заявки нет. Проверьте номер"
SAY_WHY = {
    Status.CORRECTING: "Напишите, что и как исправить: житель увидит это над заявкой",
    Status.REFUSED: "Напишите причину отказа: житель увидит её в заявке и в письме",
}
NAME_FIELDS = "Отметьте, какие поля исправить"
NO_FIELD = "В заявке нет такого поля. Обновите страницу"
TOO_LONG = f"Не больше {LONGEST} знаков"
NO_COLLEAGUE = "Этот сотрудник не работает с заявками организации. Выберите другого"
OVER = "Заявка завершена, исполнителя у неё уже не меняют"
#: What the audit log calls them.
MOVED, ASSIGNED, SEEN = "request-moved", "request-assigned", "request-seen"

_FOUND = select(
    col(Request.id), col(Request.number), col(Request.kind), col(Request.status), col(Request.version),
    col(Request.organization_id), col(Request.user_id), col(Request.account_id), col(Request.sent_form),
    col(Request.assignee_id),
).where(
    col(Request.number) == bindparam("number"),
    col(Request.status) != Status.DRAFT.value,
    overseen(col(Request.organization_id)),
)  # fmt: skip


def move_request(
    db: Writer, actor: Actor, number: str, becomes: Status, *, version: int, comment: str, fields: Sequence[str] = (),
    site: str, now: datetime,
) -> None:  # fmt: skip
    """One of the staff's moves, with what the person reads of it; `fields` only where corrections are asked for.

    Whoever moves what nobody has taken on takes it on. Raises NotFound, Refused for a move that isn't the staff's or
    not from here, Invalid for «comment» and «fields», Conflict where somebody was faster.
    """
    row = overseen_request(db, actor, number)
    if row.version != version:
        raise Conflict(CHANGED)
    if by_resident(becomes):
        raise Refused(f"Статус «{TITLES[becomes]}» ставит сам житель")
    named = tuple(dict.fromkeys(fields)) if becomes is Status.CORRECTING else ()
    said = _checked(row, becomes, comment, named)
    taken = {} if row.assignee_id else {"assignee_id": actor.user_id}
    move(
        db, row.id, becomes, version=version, author=Author.OPERATOR, site=site, now=now, actor_id=actor.user_id,
        comment=said, fields=named, **taken,
    )  # fmt: skip
    _note(db, MOVED, actor, row, now, was=row.status, became=becomes.value)


def assign(db: Writer, actor: Actor, number: str, to: int | None, *, version: int, now: datetime) -> None:
    """Give a request to a colleague, take it oneself, or give it up (None); the same once more is quiet.

    Raises NotFound, Refused for one who doesn't work for the organization and once it has ended, Conflict.
    """
    row = overseen_request(db, actor, number)
    if row.version != version:
        raise Conflict(CHANGED)
    if row.assignee_id == to:
        return
    if Status(row.status) in ENDED:
        raise Refused(OVER)
    names = {one.user_id: one.name for one in colleagues(db, actor, row.organization_id)}
    if to is not None and to not in names:
        raise Refused(NO_COLLEAGUE)
    change(db, row.id, version=version, now=now, assignee_id=to)
    said = f"Исполнитель: {names[to]}" if to is not None else "Исполнитель снят"
    note_event(db, row.id, EventKind.NOTE, author=Author.OPERATOR, now=now, actor_id=actor.user_id, comment=said)
    _note(db, ASSIGNED, actor, row, now, to=to)
    stir_request(db, None, row.number, now=now)


def note_seen(db: Writer, actor: Actor, number: str, *, now: datetime) -> None:
    """Somebody of the staff has read what a person has sent. Raises NotFound."""
    _note(db, SEEN, actor, overseen_request(db, actor, number), now)


def overseen_request(db: Reader, actor: Actor, number: str) -> Any:
    """The row of a request that was sent to an organization of the actor's. Raises NotFound."""
    row = db.first(_FOUND, number=number, **actor.overseeing)
    if row is None:
        raise NotFound(NO_REQUEST)
    return row


def plain(text: str) -> str:
    """A text of staff without what nobody sees."""
    return visible(storable(text)).strip()


def _checked(row: Any, becomes: Status, comment: str, fields: Sequence[str]) -> str:
    """The comment as it is kept."""
    said, faults = plain(comment), {}
    if becomes is Status.CORRECTING and not fields:
        faults[FIELDS] = NAME_FIELDS
    if any(not may_be_named(Kind(row.kind), name, row.sent_form) for name in fields):
        faults[FIELDS] = NO_FIELD
    if becomes in NEEDS_COMMENT and not said:
        faults[COMMENT] = SAY_WHY[becomes]
    if len(said) > LONGEST:
        faults[COMMENT] = f"{TOO_LONG}, сейчас {len(said)}. Сократите текст"
    if faults:
        raise Invalid(faults)
    return said


def _note(db: Writer, deed: str, actor: Actor, row: Any, now: datetime, **detail: Any) -> None:
    note(
        db, deed, now=now, actor_id=actor.user_id, user_id=row.user_id, account_id=row.account_id, request=row.id,
        **detail,
    )  # fmt: skip
