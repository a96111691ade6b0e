"""Compares a receipt's accruals with what its balance lines charge, once all of a package is in."""

from typing import Any

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from lk_reflex.core.money import format_money
from lk_reflex.exchange.batch import Batch
from lk_reflex.exchange.report import Remark, Report
from lk_reflex.exchange.store import Store
from lk_reflex.tables import METADATA

_balances, _accruals = METADATA.tables["balance_lines"], METADATA.tables["accruals"]


def _touched(dialect: str) -> Table:
    drop: dict[str, Any] = {"postgresql_on_commit": "DROP"} if dialect == "postgresql" else {}
    return Table(
        "touched_receipts", MetaData(),
        Column("receipt_id", BigInteger, primary_key=True, autoincrement=False),
        Column("line", Integer, nullable=False),
        prefixes=["TEMPORARY"], **drop,
    )  # fmt: skip


class ReceiptSums:
    """Remembers in the database, not in memory, at which line of which file each receipt was first met."""

    def __init__(self, store: Store, file: str) -> None:
        self._store, self._connection = store, store.connection
        self._file = file
        dialect = self._connection.dialect.name
        self._table = _touched(dialect)
        self._table.create(self._connection)
        maker: Any = sqlite if dialect == "sqlite" else postgresql
        add = maker.insert(self._table).on_conflict_do_nothing()
        self._add = str(add.compile(dialect=maker.dialect(paramstyle=store.paramstyle)))

    def meet(self, batch: Batch) -> None:
        """Note the receipts of a portion."""
        places = range(len(batch) - 1, -1, -1)
        first = dict(zip(reversed(batch.columns["receipt_id"]), places, strict=True))
        if first:
            self._store.add_all(self._add, [(row_id, batch.line(index)) for row_id, index in first.items()])

    def compare(self, report: Report) -> None:
        """Warn of each receipt that has accruals and whose accruals and charges differ."""
        touched = self._table.c
        charged = select(func.sum(_balances.c.charged)).where(_balances.c.receipt_id == touched.receipt_id)
        accrued = select(func.sum(_accruals.c.amount)).where(_accruals.c.receipt_id == touched.receipt_id)
        sums = select(
            touched.line,
            cast(func.coalesce(charged.scalar_subquery(), 0), BigInteger).label("charged"),
            cast(accrued.scalar_subquery(), BigInteger).label("accrued"),
        ).subquery()
        differing = select(sums).where(sums.c.charged != sums.c.accrued).order_by(sums.c.line)
        for line, charge, accrual in self._connection.execute(differing):
            reason = f"начисления квитанции дают {format_money(accrual)}, а её «Начислено» — {format_money(charge)}"
            report.warnings.add(Remark(self._file, line, "", reason))

    def close(self) -> None:
        """Drop the temporary table: the connection goes back to its pool."""
        self._table.drop(self._connection)
