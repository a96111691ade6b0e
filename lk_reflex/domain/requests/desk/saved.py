"""What operators keep for themselves and each other: filters of the queue under a name, and ready answers."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import bindparam, delete, func, or_, select, update
from sqlmodel import col

from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.identity.access import Actor, overseen
from lk_reflex.domain.requests.desk.deeds import LONGEST, overseen_request, plain
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import Status
from lk_reflex.domain.requests.tables import AnswerTemplate, SavedFilter

TITLE, BODY = "title", "body"
LONGEST_TITLE: Final = 60
MOST_FILTERS, MOST_TEMPLATES = 30, 200
NO_TITLE, NO_BODY = "Введите название", "Введите текст ответа, который нужно сохранить"
TOO_LONG = f"Название длиннее {LONGEST_TITLE} знаков. Сократите его"
TOO_MANY = "Сохранено уже слишком много. Удалите то, что не нужно"
GONE = "Этот шаблон уже удалили"


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of one's own; `query` is the part of the queue's address after «?»."""

    filter_id: int
    title: str
    query: str


@dataclass(frozen=True, slots=True)
class Template:
    """A ready answer of the organization's staff, or of all organizations' (`own` is False)."""

    template_id: int
    title: str
    body: str
    own: bool


_FILTERS = (
    select(col(SavedFilter.id), col(SavedFilter.title), col(SavedFilter.query))
    .where(col(SavedFilter.user_id) == bindparam("me"))
    .order_by(col(SavedFilter.title))
)
_RENEW = (
    update(SavedFilter)
    .where(col(SavedFilter.user_id) == bindparam("me"), col(SavedFilter.title) == bindparam("of_title"))
    .values(query=bindparam("new_query"))
)
_DROP_FILTER = delete(SavedFilter).where(
    col(SavedFilter.user_id) == bindparam("me"), col(SavedFilter.id) == bindparam("of_id")
)
_FITS = (
    or_(
        col(AnswerTemplate.organization_id).is_(None),
        col(AnswerTemplate.organization_id) == bindparam("organization_id"),
    ),
    or_(col(AnswerTemplate.kind) == "", col(AnswerTemplate.kind) == bindparam("kind")),
    or_(col(AnswerTemplate.status) == "", col(AnswerTemplate.status) == bindparam("status")),
)
_TEMPLATES = (
    select(
        col(AnswerTemplate.id), col(AnswerTemplate.title), col(AnswerTemplate.body),
        col(AnswerTemplate.organization_id),
    )
    .where(*_FITS)
    .order_by(col(AnswerTemplate.position), col(AnswerTemplate.title), col(AnswerTemplate.id))
)  # fmt: skip
_HELD = select(func.count()).where(col(AnswerTemplate.organization_id) == bindparam("organization_id"))
_DROP_TEMPLATE = delete(AnswerTemplate).where(
    col(AnswerTemplate.id) == bindparam("of_id"), overseen(col(AnswerTemplate.organization_id))
)


def filters(db: Reader, actor: Actor) -> tuple[Filter, ...]:
    """The actor's own filters by their names."""
    return tuple(Filter(row.id, row.title, row.query) for row in db.rows(_FILTERS, me=actor.user_id))


def save_filter(db: Writer, actor: Actor, title: str, query: str) -> None:
    """Keep a filter; one of the same name is replaced. Raises Invalid for «title», Refused for too many."""
    name = _title(title)
    if db.change(_RENEW, me=actor.user_id, of_title=name, new_query=query):
        return
    if len(filters(db, actor)) >= MOST_FILTERS:
        raise Refused(TOO_MANY)
    db.add(SavedFilter(user_id=actor.user_id, title=name, query=query))


def drop_filter(db: Writer, actor: Actor, filter_id: int) -> None:
    """Forget one of the actor's own; quiet where it is gone."""
    db.change(_DROP_FILTER, me=actor.user_id, of_id=filter_id)


def templates(db: Reader, organization_id: int, kind: Kind, status: Status) -> tuple[Template, ...]:
    """The ready answers for such a request. The caller has proven that the actor works for the organization."""
    rows = db.rows(_TEMPLATES, organization_id=organization_id, kind=kind.value, status=status.value)
    return tuple(Template(row.id, row.title, row.body, row.organization_id is not None) for row in rows)


def save_template(db: Writer, actor: Actor, number: str, title: str, body: str, *, now: datetime) -> int:
    """Keep a ready answer for requests of this one's kind in its organization; returns its id.

    Raises NotFound, Invalid for «title» and «body», Refused for too many.
    """
    row = overseen_request(db, actor, number)
    said = plain(body)
    if not said or len(said) > LONGEST:
        raise Invalid({BODY: f"Текст шаблона не больше {LONGEST} знаков" if said else NO_BODY})
    name = _title(title)
    if int(db.value(_HELD, organization_id=row.organization_id) or 0) >= MOST_TEMPLATES:
        raise Refused(TOO_MANY)
    made = AnswerTemplate(organization_id=row.organization_id, kind=row.kind, title=name, body=said)
    db.add(made)
    assert made.id
    note(db, "template-saved", now=now, actor_id=actor.user_id, template=made.id, organization=row.organization_id)
    return made.id


def drop_template(db: Writer, actor: Actor, template_id: int, *, now: datetime) -> None:
    """Delete a ready answer of an organization of the actor's. Raises NotFound for another's and for shared ones."""
    if not db.change(_DROP_TEMPLATE, of_id=template_id, **actor.overseeing):
        raise NotFound(GONE)
    note(db, "template-dropped", now=now, actor_id=actor.user_id, template=template_id)


def _title(text: str) -> str:
    name = " ".join(plain(text).split())
    if not name:
        raise Invalid({TITLE: NO_TITLE})
    if len(name) > LONGEST_TITLE:
        raise Invalid({TITLE: TOO_LONG})
    return name
