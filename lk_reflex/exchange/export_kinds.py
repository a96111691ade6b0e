"""What can be handed to billing: how each kind is claimed, written and told."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select, update

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Refused
from lk_reflex.core.money import format_money
from lk_reflex.core.spreadsheet import Kind
from lk_reflex.domain.requests.machine import ENDED
from lk_reflex.exchange import payment_rows, reading_rows, request_rows
from lk_reflex.tables import METADATA

READINGS, PAYMENTS, REQUESTS = "readings", "payments", "requests"
UNBALANCED = (
    "Реестр платежей не сходится с учётом: строки дают {whole} руб., проведено {posted} руб. Ничего не выгружено; "
    "сообщите администратору кабинета."
)
_sent, _postings = METADATA.tables["sent_readings"], METADATA.tables["postings"]
_requests = METADATA.tables["requests"]
_FRESH_READINGS = (_sent.c.export_id.is_(None), _sent.c.replaced_at.is_(None))
_ENDED_REQUESTS = (
    _requests.c.export_id.is_(None), _requests.c.status.in_(sorted(status.value for status in ENDED)),
)  # fmt: skip


@dataclass(frozen=True)
class ExportKind:
    """One kind of export.

    `claim` puts all that is new under an export's id and returns how many rows that makes; `sums` is what is said of
    a batch behind its number of rows; `nothing` where there is nothing new.
    """

    name: str
    header: Sequence[str]
    columns: Mapping[int, Kind]
    claim: Callable[[Writer, int], int]
    rows: Callable[[Database, int], Iterator[Sequence[str]]]
    sums: Callable[[Reader, int], str]
    nothing: str


def _claim_readings(db: Writer, export_id: int) -> int:
    if db.connection.execute(select(_sent.c.id).where(*_FRESH_READINGS).limit(1)).first() is None:
        return 0
    return db.change(update(_sent).where(*_FRESH_READINGS).values(export_id=export_id))


def _claim_payments(db: Writer, export_id: int) -> int:
    """Raises Refused where the lines don't add up to the ledger: then nothing is claimed."""
    fresh = _postings.c.export_id.is_(None)
    if db.connection.execute(select(_postings.c.id).where(fresh).limit(1)).first() is None:
        return 0
    db.change(update(_postings).where(fresh).values(export_id=export_id))
    sums = payment_rows.register_sums(db, export_id)
    if sums.whole != sums.posted:
        raise Refused(UNBALANCED.format(whole=format_money(sums.whole), posted=format_money(sums.posted)))
    return sums.rows


def _claim_requests(db: Writer, export_id: int) -> int:
    if db.connection.execute(select(_requests.c.id).where(*_ENDED_REQUESTS).limit(1)).first() is None:
        return 0
    db.change(update(_requests).where(*_ENDED_REQUESTS).values(export_id=export_id))
    return request_rows.count_rows(db, export_id)


def _payment_sums(db: Reader, export_id: int) -> str:
    sums = payment_rows.register_sums(db, export_id)
    returned = f", в том числе возвраты {format_money(sums.returned)}" if sums.returned else ""
    return (
        f". Сумма {format_money(sums.amount)}, комиссия {format_money(sums.commission)}, "
        f"всего {format_money(sums.whole)} руб.{returned}"
    )


KINDS: Final = {
    READINGS: ExportKind(
        READINGS, reading_rows.HEADER, dict.fromkeys(reading_rows.NUMBERS, "number"), _claim_readings,
        reading_rows.batch_rows, lambda _db, _export: "", "Новых показаний для выгрузки нет, файл не записан.",
    ),
    PAYMENTS: ExportKind(
        PAYMENTS, payment_rows.HEADER, dict.fromkeys(payment_rows.SUMS, "money"), _claim_payments,
        payment_rows.payment_rows, _payment_sums, "Новых платежей для выгрузки нет, файл не записан.",
    ),
    REQUESTS: ExportKind(
        REQUESTS, request_rows.HEADER, dict.fromkeys(request_rows.NUMBERS, "number"), _claim_requests,
        request_rows.request_rows, request_rows.count_words,
        "Новых завершённых заявок для выгрузки нет, файл не записан.",
    ),
}  # fmt: skip


def kind_of(name: str) -> ExportKind:
    """Raises Refused for a kind that there isn't."""
    found = KINDS.get(name)
    if found is None:
        raise Refused(f"Такой выгрузки нет: {name}. Есть readings, payments, requests.")
    return found
