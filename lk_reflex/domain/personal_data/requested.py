"""What a person has asked for through electronic services, as tables of their data."""

from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.crypt import Vault
from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.files.keeping import REMOVED
from lk_reflex.domain.files.tables import StoredFile
from lk_reflex.domain.identity.access import Actor, owned
from lk_reflex.domain.personal_data.sheets import Sheet
from lk_reflex.domain.personal_data.words import AUTHORS, DOCUMENTS
from lk_reflex.domain.requests.forms import METERS, meter_rows
from lk_reflex.domain.requests.history import EventKind
from lk_reflex.domain.requests.kinds import TITLES as KINDS
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.labels import FIELDS, METER_FIELDS, label
from lk_reflex.domain.requests.machine import TITLES, Status
from lk_reflex.domain.requests.numbers import grouped
from lk_reflex.domain.requests.passports.own import mask
from lk_reflex.domain.requests.passports.sealed import opened
from lk_reflex.domain.requests.tables import Request, RequestConsent, RequestEvent, RequestFile

_ME = bindparam("user_id")
_MINE = (
    select(
        col(Request.id), col(Request.number), col(Request.kind), col(Request.status), col(Request.form),
        col(Request.passport), col(Request.passport_wiped_at), col(Request.address), col(Request.created_at),
        col(Request.sent_at), col(Request.due_on), col(Request.ended_at), col(Request.rating),
        col(Request.rating_comment), col(Organization.name).label("organization"),
        col(Account.number).label("account"), owned(col(Request.account_id)).label("theirs"),
    )
    .join(Organization, col(Organization.id) == col(Request.organization_id))
    .outerjoin(Account, col(Account.id) == col(Request.account_id))
    .where(col(Request.user_id) == _ME)
    .order_by(col(Request.id))
)  # fmt: skip
#: Without what staff note for themselves.
_HISTORY = (
    select(
        col(Request.number), col(RequestEvent.at), col(RequestEvent.author), col(RequestEvent.was),
        col(RequestEvent.became), col(RequestEvent.comment),
    )
    .join(RequestEvent, col(RequestEvent.request_id) == col(Request.id))
    .where(col(Request.user_id) == _ME, col(RequestEvent.kind) != EventKind.NOTE.value)
    .order_by(col(RequestEvent.id))
)  # fmt: skip
_FILES = (
    select(
        col(Request.number), col(Request.kind), col(Request.form), col(RequestFile.slot), col(StoredFile.name),
        col(StoredFile.size), col(StoredFile.created_at), col(StoredFile.attached_at), col(StoredFile.user_id),
    )
    .join(RequestFile, col(RequestFile.request_id) == col(Request.id))
    .join(StoredFile, col(StoredFile.id) == col(RequestFile.file_id))
    .where(
        col(Request.user_id) == _ME,
        col(StoredFile.purpose) != REMOVED,
        (col(StoredFile.attached_at).is_not(None)) | (col(StoredFile.user_id) == _ME),
    )
    .order_by(col(RequestFile.id))
)  # fmt: skip
_CONSENTS = (
    select(
        col(Request.number), col(RequestConsent.document), col(RequestConsent.version), col(RequestConsent.given_at),
        col(RequestConsent.address),
    )
    .join(RequestConsent, col(RequestConsent.request_id) == col(Request.id))
    .where(col(Request.user_id) == _ME)
    .order_by(col(RequestConsent.id))
)  # fmt: skip


def request_sheets(db: Reader, vault: Vault, actor: Actor) -> list[Sheet]:
    """Requests, what was typed into them, what became of them, their files and consents; passports masked."""
    rows = db.rows(_MINE, **actor.owning)
    return [_requests(rows, vault), _fields(rows), _history(db, actor), _files(db, actor), _consents(db, actor)]


def _requests(rows: list[Any], vault: Vault) -> Sheet:
    columns = (
        "Номер", "Услуга", "Организация", "Лицевой счет", "Адрес", "Статус", "Создана", "Отправлена", "Срок ответа",
        "Завершена", "Паспорт", "Паспорт удалён", "Оценка", "Отзыв",
    )  # fmt: skip
    cells = [
        (
            grouped(row.number), KINDS[Kind(row.kind)], row.organization, row.account or "", _address(row),
            TITLES[Status(row.status)], row.created_at, row.sent_at, row.due_on, row.ended_at,
            mask(opened(vault, row.passport).typed).line, row.passport_wiped_at, row.rating, row.rating_comment,
        )
        for row in rows
    ]  # fmt: skip
    return Sheet("Заявки и обращения", columns, cells)


def _address(row: Any) -> str:
    """That of an account which one sees no more is somebody else's; that of an accident is in one's own words."""
    return row.address if row.theirs or row.kind == Kind.EMERGENCY.value else ""


def _fields(rows: list[Any]) -> Sheet:
    cells = []
    for row in rows:
        names = [name for name in FIELDS[Kind(row.kind)] if name != METERS]
        typed = [(name, row.form.get(name)) for name in names]
        for meter in meter_rows(row.form):
            typed += [(f"{meter['key']}.{name}", meter.get(name)) for name in METER_FIELDS]
        cells += [
            (grouped(row.number), label(Kind(row.kind), name, row.form), str(value))
            for name, value in typed
            if value not in (None, "")
        ]
    return Sheet("Поля заявок", ("Номер", "Поле", "Значение"), cells)


def _history(db: Reader, actor: Actor) -> Sheet:
    cells = [
        (grouped(row.number), row.at, AUTHORS.get(row.author, ""), _title(row.was), _title(row.became), row.comment)
        for row in db.rows(_HISTORY, user_id=actor.user_id)
    ]
    return Sheet("История заявок", ("Номер", "Когда", "Кто", "Было", "Стало", "Комментарий"), cells)


def _files(db: Reader, actor: Actor) -> Sheet:
    cells = [
        (
            grouped(row.number), label(Kind(row.kind), row.slot, row.form), row.name, row.size, row.created_at,
            row.attached_at,
        )
        for row in db.rows(_FILES, user_id=actor.user_id)
    ]  # fmt: skip
    return Sheet(
        "Файлы заявок", ("Номер", "Что приложено", "Название", "Размер, байт", "Загружено", "Отправлено"), cells
    )


def _consents(db: Reader, actor: Actor) -> Sheet:
    cells = [
        (grouped(row.number), DOCUMENTS.get(row.document, row.document), row.version, row.given_at, row.address)
        for row in db.rows(_CONSENTS, user_id=actor.user_id)
    ]
    return Sheet("Согласия в заявках", ("Номер", "Документ", "Редакция", "Принято", "Сетевой адрес"), cells)


def _title(status: str) -> str:
    return TITLES[Status(status)] if status else ""
