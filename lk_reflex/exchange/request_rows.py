"""The register of ended requests for billing: one row a meter of a sealing application, one row of any other request.

Only what has ended is handed over: it doesn't change any more, so that a batch can be written again. Nobody's name,
phone or passport is in it.
"""

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.requests.kinds import TITLES as KINDS
from lk_reflex.domain.requests.kinds import Kind
from lk_reflex.domain.requests.machine import TITLES, Status
from lk_reflex.domain.requests.tables import Request, RequestMeter
from lk_reflex.exchange.export_stream import columns_of, day, local_minute, minute_of
from lk_reflex.exchange.out_file import safe_text

HEADER = (
    "ИНН", "Лицевой счет", "Номер заявки", "Вид", "Адрес", "Отправлено", "Завершено", "Статус", "Комментарий", "Тема",
    "Описание", "№ п/п", "Тип заявки", "Тип ПУ", "Заводской номер", "Марка", "Показание", "Дата следующей поверки",
    "Место установки", "Монтаж",
)  # fmt: skip
#: The places of the columns that are numbers.
NUMBERS = (11, 16)

_JOINED = (
    select(
        col(Organization.inn), col(Account.number).label("account"), col(Request.number), col(Request.kind),
        col(Request.address), col(Request.sent_at), col(Request.ended_at), col(Organization.time_zone),
        col(Request.status), col(Request.comment), col(Request.sent_form), col(RequestMeter.position),
        col(RequestMeter.application), col(RequestMeter.meter_type), col(RequestMeter.serial),
        col(RequestMeter.brand), col(RequestMeter.reading), col(RequestMeter.verification_due),
        col(RequestMeter.place), col(RequestMeter.installer),
    )
    .select_from(Request)
    .join(Organization, col(Organization.id) == col(Request.organization_id))
    .outerjoin(Account, col(Account.id) == col(Request.account_id))
    .outerjoin(RequestMeter, col(RequestMeter.request_id) == col(Request.id))
    .where(col(Request.export_id) == bindparam("export"))
)  # fmt: skip
_BATCH = _JOINED.order_by(col(Request.id), col(RequestMeter.position))
_ROWS = (
    select(func.count())
    .select_from(Request)
    .outerjoin(RequestMeter, col(RequestMeter.request_id) == col(Request.id))
    .where(col(Request.export_id) == bindparam("export"))
)
_REQUESTS = select(func.count()).select_from(Request).where(col(Request.export_id) == bindparam("export"))


def count_rows(db: Reader, export_id: int) -> int:
    """How many rows a claimed batch makes."""
    return int(db.value(_ROWS, export=export_id) or 0)


def count_words(db: Reader, export_id: int) -> str:
    """«. Заявок 3»: said behind the number of rows."""
    return f". Заявок {int(db.value(_REQUESTS, export=export_id) or 0)}"


def request_rows(db: Database, export_id: int) -> Iterator[tuple[str, ...]]:
    """The rows of an export in the order in which the requests were begun."""
    for columns in columns_of(db, _BATCH, export_id):
        for values in zip(*columns, strict=True):
            yield _row(*values)


def _row(
    inn: str, account: str | None, number: str, kind: str, address: str, sent: Any, ended: Any, zone: str, status: str,
    comment: str, form: Any, position: int | None, *meter: Any,
) -> tuple[str, ...]:  # fmt: skip
    subject, said = _gist(Kind(kind), json.loads(form) if isinstance(form, str) else form)
    return (
        safe_text(inn), safe_text(account or ""), number, KINDS[Kind(kind)], safe_text(address), _minute(sent, zone),
        _minute(ended, zone), TITLES[Status(status)], safe_text(comment), safe_text(subject), safe_text(said),
        *(("",) * 9 if position is None else _meter(position, *meter)),
    )  # fmt: skip


def _meter(
    position: int, application: str, meter_type: str, serial: str, brand: str, reading: int, due: Any, place: str,
    installer: str,
) -> tuple[str, ...]:  # fmt: skip
    return (
        str(position), safe_text(application), safe_text(meter_type), safe_text(serial), safe_text(brand),
        f"{reading // 1000},{reading % 1000:03d}", day(due), safe_text(place), safe_text(installer),
    )  # fmt: skip


def _gist(kind: Kind, form: dict[str, object]) -> tuple[str, str]:
    """What an accident or an appeal is about, in short and at length."""
    names = {Kind.EMERGENCY: ("damage", "description"), Kind.APPEAL: ("topic", "text")}.get(kind)
    return (str(form.get(names[0]) or ""), str(form.get(names[1]) or "")) if names else ("", "")


def _minute(moment: Any, zone: str) -> str:
    return local_minute((minute_of(moment)[0], zone)) if moment else ""
