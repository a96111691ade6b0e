"""The register of payments for billing: what came and what went back, service by service, and its sums."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BigInteger, and_, bindparam, case, cast, func, or_, select
from sqlmodel import col

from lk_reflex.core.db import Database, Reader
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Account, Organization
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.payments.orders.present import line_called
from lk_reflex.domain.payments.tables import Order, OrderLine, Posting, PostingLine
from lk_reflex.exchange.export_stream import Spelled, columns_of, local_minute, minute_of
from lk_reflex.exchange.out_file import safe_text

HEADER = (
    "ИНН", "Лицевой счет", "Квитанция", "Месяц", "Услуга", "Сумма", "Номер заказа", "Дата приема", "Комиссия",
)  # fmt: skip
#: The places of the columns that are sums.
SUMS = (5, 8)

_First = OrderLine.__table__.alias("first")  # pyright: ignore[reportAttributeAccessIssue]
_FIRST = select(func.min(_First.c.id)).where(_First.c.order_id == col(Posting.order_id)).scalar_subquery()
#: The commission is the order's as a whole: it stands on the order's first line, so that the column adds up.
_COMMISSION = case((and_(col(Posting.commission) != 0, col(OrderLine.id) == _FIRST), col(Posting.commission)), else_=0)
_AMOUNT = func.coalesce(col(PostingLine.amount), 0)
#: What a bank took is dated by the bank; of a refund we know when we learned of it.
_ACCEPTED = case((col(Posting.amount) < 0, col(Posting.created_at)), else_=func.coalesce(
    col(Order.paid_at), col(Posting.created_at)
))  # fmt: skip


def _of_batch(*columns: Any) -> Any:
    """A posting's lines, and its order's first one also where a refund took nothing but commission of it."""
    return (
        select(*columns)
        .select_from(Posting)
        .join(Order, col(Order.id) == col(Posting.order_id))
        .join(OrderLine, col(OrderLine.order_id) == col(Posting.order_id))
        .outerjoin(
            PostingLine,
            and_(col(PostingLine.posting_id) == col(Posting.id), col(PostingLine.order_line_id) == col(OrderLine.id)),
        )
        .where(col(Posting.export_id) == bindparam("export"), or_(col(PostingLine.id).is_not(None), _COMMISSION != 0))
    )


_BATCH = (
    _of_batch(
        col(Organization.inn), col(Account.number), col(Receipt.kind), col(Receipt.month), col(OrderLine.service),
        col(OrderLine.part), _AMOUNT.label("amount"),
        col(Order.number).label("order"), _ACCEPTED.label("accepted"), col(Organization.time_zone), _COMMISSION,
    )
    .join(Organization, col(Organization.id) == col(Order.organization_id))
    .join(Account, col(Account.id) == col(OrderLine.account_id))
    .join(Receipt, col(Receipt.id) == col(OrderLine.receipt_id))
    .order_by(col(Posting.id), col(OrderLine.id))
)  # fmt: skip


def _sum(value: Any) -> Any:
    return cast(func.coalesce(func.sum(value), 0), BigInteger)


_SUMS = _of_batch(
    func.count().label("rows"),
    _sum(_AMOUNT).label("amount"),
    _sum(_COMMISSION).label("commission"),
    _sum(case((col(Posting.amount) < 0, _AMOUNT + _COMMISSION), else_=0)).label("returned"),
)
_POSTED = select(_sum(col(Posting.amount))).where(col(Posting.export_id) == bindparam("export"))


@dataclass(frozen=True, slots=True)
class RegisterSums:
    """Control totals of a register, in kopecks: `returned` is the (negative) part of refunds, commission included.

    `posted` is what the ledger says of the same postings: `amount` + `commission` must be equal to it.
    """

    rows: int
    amount: int
    commission: int
    returned: int
    posted: int

    @property
    def whole(self) -> int:
        """What the bank moved: the lines and the commission."""
        return self.amount + self.commission


def register_sums(db: Reader, export_id: int) -> RegisterSums:
    """The totals of a claimed batch."""
    row = db.first(_SUMS, export=export_id)
    posted = db.value(_POSTED, export=export_id) or 0
    return RegisterSums(*(int(value) for value in row or (0, 0, 0, 0)), posted=int(posted))


def payment_rows(db: Database, export_id: int) -> Iterator[tuple[str, ...]]:
    """The rows of an export in the order of posting."""
    text, month, minute, service = Spelled(safe_text), Spelled(_month), Spelled(local_minute), Spelled(_service)
    for columns in columns_of(db, _BATCH, export_id):
        inns, accounts, kinds, months, services, parts, amounts, numbers, moments, zones, commissions = columns
        yield from zip(
            map(text.__getitem__, inns), map(text.__getitem__, accounts), map(text.__getitem__, kinds),
            map(month.__getitem__, months), map(service.__getitem__, zip(services, parts, strict=True)),
            _hundredths(amounts), numbers,
            [minute[minute_of(moment)[0], zone][:10] for moment, zone in zip(moments, zones, strict=True)],
            _hundredths(commissions),
            strict=True,
        )  # fmt: skip


def _service(given: tuple[str, str]) -> str:
    """As the person saw it: «ХВС», «ХВС, пени», «Аванс», «Аванс, пени»."""
    return safe_text(line_called(*given))


def _month(ordinal: int) -> str:
    return Month.from_ordinal(ordinal).dotted


def _hundredths(values: Iterable[int]) -> list[str]:
    return [
        f"{value // 100},{value % 100:02d}" if value >= 0 else f"-{-value // 100},{-value % 100:02d}"
        for value in values
    ]
