"""A request while its person may change it: opening, keeping what is typed, throwing away."""

import json
import math
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, func, select, update
from sqlmodel import col

from lk_reflex.core.clock import DEFAULT_ZONE
from lk_reflex.core.db import Reader, Writer
from lk_reflex.core.errors import Invalid, NotFound, Refused
from lk_reflex.core.text import storable
from lk_reflex.domain.accounts.switches import require_on
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.files.keeping import REMOVED
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.identity.tables import User
from lk_reflex.domain.requests.counting import recount
from lk_reflex.domain.requests.forms import keeps, meter_rows, split_name
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import EDITABLE, Status
from lk_reflex.domain.requests.moving import stir_request
from lk_reflex.domain.requests.numbers import new_number
from lk_reflex.domain.requests.tables import Request, RequestFile

NO_REQUEST = "Такой заявки среди ваших нет"
NO_FIELD = "Такого поля в заявке нет. Обновите страницу"
NOT_EDITABLE = "Эта заявка уже отправлена, изменить её нельзя. Её состояние смотрите в разделе «Услуги»"
SENT_ALREADY = "Эта заявка уже отправлена, удалить её нельзя"
NO_ACCOUNT = "Этот лицевой счет не привязан к вашему личному кабинету"
MOST_DRAFTS = 20
TOO_MANY = f"У вас уже {MOST_DRAFTS} черновиков. Отправьте их или удалите ненужные в разделе «Услуги»"
#: Nobody types more than this into one field; a draft keeps faults, but not a book. The first is for texts.
LONGEST, LONGEST_LINE = 5000, 1500
_TEXTS = frozenset({"text", "description"})
#: Of a whole form, in bytes.
LARGEST = 200_000
TOO_LARGE = "В заявке уже слишком много текста, больше не сохранить. Сократите это поле или уберите лишние строки"

_LOCK_PERSON = select(col(User.id)).where(col(User.id) == bindparam("person")).with_for_update()


def untouched() -> ColumnElement[bool]:
    """The condition that a draft has nothing but what the cabinet itself has filled in."""
    has_files = exists().where(col(RequestFile.request_id) == col(Request.id))
    return and_(
        col(Request.status) == Status.DRAFT.value,
        col(Request.updated_at) == col(Request.created_at),
        col(Request.kept).is_(False),
        col(Request.passport) == "",
        ~has_files,
    )


_UNTOUCHED = (
    select(col(Request.id), col(Request.number))
    .where(
        col(Request.user_id) == bindparam("person"),
        col(Request.kind) == bindparam("kind"),
        col(Request.organization_id) == bindparam("organization_id"),
        func.coalesce(col(Request.account_id), 0) == bindparam("account_id"),
        untouched(),
    )
    .limit(1)
)
_DRAFTS = select(func.count()).where(
    col(Request.user_id) == bindparam("person"), col(Request.status) == Status.DRAFT.value, ~untouched()
)
_MY_ACCOUNT = select(col(Account.id)).where(
    col(Account.id) == bindparam("account_id"),
    col(Account.organization_id) == bindparam("organization_id"),
    owned(col(Account.id)),
)
_ZONE = select(col(Organization.time_zone)).where(col(Organization.id) == bindparam("organization_id"))
_TAKEN = select(col(Request.id)).where(col(Request.number) == bindparam("number"))
_OWN = select(
    col(Request.id), col(Request.number), col(Request.kind), col(Request.status), col(Request.version),
    col(Request.organization_id), col(Request.account_id), col(Request.form), col(Request.kept),
    col(Request.to_correct), col(Request.comment), col(Request.updated_at),
).where(col(Request.number) == bindparam("number"), col(Request.user_id) == bindparam("person"))  # fmt: skip
_OWN_LOCKED = _OWN.with_for_update()
_OF_IT = select(col(RequestFile.file_id)).where(col(RequestFile.request_id) == bindparam("of_request"))
#: Unsent, whatever they were: the sweep takes them at once or in a day.
_DROP_FILES = (
    update(StoredFile).where(col(StoredFile.id).in_(_OF_IT)).values(purpose=REMOVED, name="", attached_at=None)
)
_DELETE_FILES = delete(RequestFile).where(col(RequestFile.request_id) == bindparam("of_request"))
_DELETE = delete(Request).where(col(Request.id) == bindparam("of_request"))


@dataclass(frozen=True, slots=True)
class Draft:
    """What its person may change just now; `form` as typed, `to_correct` and `comment` of «На исправление»."""

    request_id: int
    number: str
    kind: Kind
    status: Status
    version: int
    organization_id: int
    account_id: int | None
    form: dict[str, object] = field(repr=False)
    kept: bool
    to_correct: tuple[str, ...]
    comment: str
    updated_at: datetime


def open_draft(
    db: Writer, actor: Actor, kind: Kind, *, organization_id: int, account_id: int | None, now: datetime,
    form: Mapping[str, object] | None = None,
) -> str:  # fmt: skip
    """A draft to type into, with `form` filled in; one that nobody has touched yet is used again. Returns its number.

    Raises NotFound for an account that isn't the actor's or another organization's, Refused where the service is
    switched off or the person has too many drafts.
    """
    if account_id is not None and not db.first(
        _MY_ACCOUNT, account_id=account_id, organization_id=organization_id, **actor.owning
    ):
        raise NotFound(NO_ACCOUNT)
    zone = db.value(_ZONE, organization_id=organization_id)
    if zone is None:
        raise NotFound(NO_ACCOUNT)
    require_on(db, organization_id, kind.value)
    db.first(_LOCK_PERSON, person=actor.user_id)  # two presses at once are one draft
    known = db.first(
        _UNTOUCHED, person=actor.user_id, kind=kind.value, organization_id=organization_id, account_id=account_id or 0
    )
    if known is not None:
        _refill(db, known.id, form or {}, now)
        return known.number
    if int(db.value(_DRAFTS, person=actor.user_id) or 0) >= MOST_DRAFTS:
        raise Refused(TOO_MANY)
    number = free_number(db, zone or DEFAULT_ZONE, now)
    draft = Request(
        number=number, kind=kind.value, organization_id=organization_id, user_id=actor.user_id, account_id=account_id,
        status=Status.DRAFT.value, form=dict(form or {}), created_at=now, updated_at=now,
    )  # fmt: skip
    db.add(draft)
    recount(db, organization_id, kind.value, None, Status.DRAFT)
    return number


def own_draft(db: Reader, actor: Actor, number: str) -> Draft:
    """The actor's own request, as far as it may be changed. Raises NotFound, and Refused once it may not."""
    return _draft(db.first(_OWN, number=number, person=actor.user_id))


def locked_draft(db: Writer, actor: Actor, number: str) -> Draft:
    """The same, held until the end of the transaction."""
    return _draft(db.first(_OWN_LOCKED, number=number, person=actor.user_id))


def keep_fields(
    db: Writer, actor: Actor, number: str, fields: Mapping[str, object], *, now: datetime, kept: bool = False
) -> None:
    """Keep what was typed, field by field («phone», «m1.serial»): what other tabs have kept of others stays.

    `kept` says that the person pressed «Сохранить». Raises NotFound for what isn't the actor's, for a field or a row
    that isn't there; Refused once the request may not be changed; Invalid for what is too long to keep.
    """
    draft = locked_draft(db, actor, number)
    form = deepcopy(draft.form)
    for name, value in fields.items():
        _put(draft.kind, form, name, value)
    size = _size(form)
    if size > LARGEST and size > _size(draft.form):
        raise Invalid(dict.fromkeys(fields, TOO_LARGE))
    keep_form(db, draft, form, now=now, kept=kept)


def keep_form(db: Writer, draft: Draft, form: Mapping[str, object], *, now: datetime, kept: bool = False) -> None:
    """Store a whole form of a draft that the caller holds locked."""
    changes: dict[str, Any] = {"form": dict(form), "updated_at": now, "kept": draft.kept or kept}
    db.change(update(Request).where(col(Request.id) == draft.request_id).values(**changes))


def touch(db: Writer, draft: Draft, *, now: datetime) -> None:
    """Something that stands outside the form has changed: its passport, a file."""
    db.change(update(Request).where(col(Request.id) == draft.request_id).values(updated_at=now))


def delete_draft(db: Writer, actor: Actor, number: str, *, now: datetime) -> None:
    """Throw away what was never sent, with its passport and files. Raises NotFound, and Refused once it was sent."""
    draft = locked_draft(db, actor, number)
    if draft.status is not Status.DRAFT:
        raise Refused(SENT_ALREADY)
    forget_draft(db, draft.request_id, draft.organization_id, draft.kind)
    stir_request(db, actor.user_id, number, now=now)


def forget_draft(db: Writer, request_id: int, organization_id: int, kind: Kind) -> None:
    """The row of a draft goes, and its files are nobody's: the sweep removes their bytes."""
    db.change(_DROP_FILES, of_request=request_id)
    db.change(_DELETE_FILES, of_request=request_id)
    db.change(_DELETE, of_request=request_id)
    recount(db, organization_id, kind.value, Status.DRAFT, None)


def free_number(db: Reader, zone: str, now: datetime) -> str:
    """A number that no request has."""
    while True:
        number = new_number(now, zone)
        if db.first(_TAKEN, number=number) is None:
            return number


def _draft(row: Any | None) -> Draft:
    if row is None:
        raise NotFound(NO_REQUEST)
    if Status(row.status) not in EDITABLE:
        raise Refused(NOT_EDITABLE)
    return Draft(
        row.id, row.number, Kind(row.kind), Status(row.status), row.version, row.organization_id, row.account_id,
        row.form, bool(row.kept), tuple(row.to_correct), row.comment, row.updated_at,
    )  # fmt: skip


def _refill(db: Writer, request_id: int, form: Mapping[str, object], now: datetime) -> None:
    changes: dict[str, Any] = {"form": dict(form), "created_at": now, "updated_at": now}
    db.change(update(Request).where(col(Request.id) == request_id).values(**changes))


def _put(kind: Kind, form: dict[str, Any], name: str, value: object) -> None:
    if not keeps(kind, name):
        raise NotFound(NO_FIELD)
    plain = _plain(name, value)
    key, _, own_name = split_name(name)
    if not key:
        form[name] = plain
        return
    row = next((one for one in meter_rows(form) if one.get("key") == key), None)
    if row is None:
        raise NotFound(NO_FIELD)
    row[own_name] = str(plain)


def _size(form: Mapping[str, object]) -> int:
    return len(json.dumps(form, ensure_ascii=False).encode())


def _plain(name: str, value: object) -> object:
    """What a column of JSON takes on both databases."""
    if isinstance(value, str):
        longest = LONGEST if name in _TEXTS else LONGEST_LINE
        if len(value) > longest:
            raise Invalid({name: f"Не больше {longest} знаков, сейчас {len(value)}. Сократите текст"})
        return storable(value)
    if value is None or isinstance(value, int):
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    raise NotFound(NO_FIELD)
