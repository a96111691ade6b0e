"""Receipts as they are printed: one, those of a period, those of a house. Five queries however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.compiled import Query
from lk_reflex.core.db import Reader
from lk_reflex.core.errors import NotFound
from lk_reflex.core.months import Month
from lk_reflex.domain.accounts.tables import Account, Building, Organization
from lk_reflex.domain.billing.accruals import LINE
from lk_reflex.domain.billing.charges import FIGURES
from lk_reflex.domain.billing.due import due_date
from lk_reflex.domain.billing.sums import Sums, add_up
from lk_reflex.domain.billing.tables import Accrual, BalanceLine, Receipt
from lk_reflex.domain.documents.facts import BalanceRow, Dwelling, MeterLine, Paper, Payee
from lk_reflex.domain.documents.paper_lines import recalculations_of, service_lines
from lk_reflex.domain.documents.paper_meters import meters_at
from lk_reflex.domain.identity.access import Actor, owned

NO_RECEIPT = "Такой квитанции на ваших лицевых счетах нет"

_ABOUT = (
    col(Receipt.id),
    col(Receipt.kind),
    col(Receipt.month),
    col(Receipt.document_number),
    col(Receipt.issued_on),
    col(Receipt.advance),
    col(Receipt.advance_penalty),
    col(Organization.due_day),
)
_PAYEE = (
    col(Organization.name),
    col(Organization.short_name),
    col(Organization.inn),
    col(Organization.kpp),
    col(Organization.bank_account),
    col(Organization.bank),
    col(Organization.bic),
    col(Organization.correspondent_account),
    col(Organization.address),
    col(Organization.phone),
)
_DWELLING = (
    col(Account.id).label("account_id"),
    col(Account.number),
    col(Account.els),
    col(Account.izhku),
    col(Account.surname),
    col(Account.first_name),
    col(Account.patronymic),
    col(Building.city),
    col(Building.street),
    col(Building.house),
    col(Account.flat),
    col(Account.area),
    col(Account.residents),
    col(Account.closed_on),
)
_PAYEE_AT, _DWELLING_AT = len(_ABOUT), len(_ABOUT) + len(_PAYEE)
_HEADS: Query = (
    select(*_ABOUT, *_PAYEE, *_DWELLING)
    .select_from(Receipt)
    .join(Account, col(Account.id) == col(Receipt.account_id))
    .join(Building, col(Building.id) == col(Account.building_id))
    .join(Organization, col(Organization.id) == col(Account.organization_id))
)
_ONE = _HEADS.where(col(Receipt.id) == bindparam("receipt_id"), owned(Receipt.account_id))
_OF_ACCOUNT = _HEADS.where(
    col(Receipt.account_id) == bindparam("account_id"),
    col(Receipt.month).between(bindparam("first"), bindparam("last")),
    owned(Receipt.account_id),
)
_PRINTED = _HEADS.where(col(Receipt.id).in_(bindparam("ids", expanding=True)))
_BALANCES = (
    select(
        col(BalanceLine.receipt_id),
        col(BalanceLine.service),
        *FIGURES,
    )
    .where(col(BalanceLine.receipt_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(BalanceLine.receipt_id), col(BalanceLine.id))
)
_ACCRUALS = (
    select(
        col(Accrual.receipt_id),
        *LINE,
    )
    .where(col(Accrual.receipt_id).in_(bindparam("ids", expanding=True)))
    .order_by(col(Accrual.receipt_id), col(Accrual.line))
)


def paper_of(db: Reader, actor: Actor, receipt_id: int) -> Paper:
    """One receipt of the actor's. Raises NotFound where there is none, or it is somebody else's."""
    head = db.first(_ONE, receipt_id=receipt_id, **actor.owning)
    if head is None:
        raise NotFound(NO_RECEIPT)
    return _papers(db, [head])[0]


def papers_of(db: Reader, actor: Actor, account_id: int, first: Month, last: Month) -> tuple[Paper, ...]:
    """The receipts of those months, both included: oldest first, then by kind; empty for what isn't the actor's."""
    heads = db.rows(_OF_ACCOUNT, account_id=account_id, first=first, last=last, **actor.owning)
    return _papers(db, sorted(heads, key=lambda head: (head.month, head.kind, head.id)))


def papers_to_print(db: Reader, receipt_ids: Sequence[int]) -> tuple[Paper, ...]:
    """These receipts in this order, whoever's they are: for the organization's own printing, never for a page."""
    heads = {head.id: head for head in db.connection.execute(_PRINTED, {"ids": list(receipt_ids)})}
    return _papers(db, [heads[receipt] for receipt in receipt_ids if receipt in heads])


def _papers(db: Reader, heads: Sequence[Any]) -> tuple[Paper, ...]:
    if not heads:
        return ()
    ids = {"ids": [head.id for head in heads]}
    balances = _by_receipt(db.connection.execute(_BALANCES, ids))
    accruals = _by_receipt(db.connection.execute(_ACCRUALS, ids))
    meters = meters_at(db, {(head.account_id, head.month) for head in heads})
    return tuple(
        _paper(head, balances[head.id], accruals[head.id], meters[head.account_id, head.month]) for head in heads
    )


def _by_receipt(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.receipt_id].append(row)
    return found


def _paper(head: Any, balances: list[Any], accruals: list[Any], meters: tuple[MeterLine, ...]) -> Paper:
    services = service_lines(accruals)
    balance = tuple(BalanceRow(row[1], Sums(*row[2:6]), Sums(*row[6:10])) for row in balances)
    return Paper(
        receipt_id=head.id,
        kind=head.kind,
        month=head.month,
        document_number=head.document_number,
        issued_on=head.issued_on,
        due_on=due_date(head.month, head.due_day),
        payee=Payee(*head[_PAYEE_AT:_DWELLING_AT]),
        dwelling=Dwelling(*head[_DWELLING_AT:]),
        services=services,
        recalculations=recalculations_of(accruals),
        balance=balance,
        meters=meters,
        charged=sum(line.charged for line in services),
        recalculated=sum(line.recalculated for line in services),
        main=add_up([line.main for line in balance]),
        penalty=add_up([line.penalty for line in balance]),
        advance=head.advance,
        advance_penalty=head.advance_penalty,
    )
