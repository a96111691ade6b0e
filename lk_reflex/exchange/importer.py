"""The import of a package: one transaction, all or nothing, and a report."""

import gc
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlmodel import col

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database, Writer
from lk_reflex.domain.billing.tables import Receipt
from lk_reflex.domain.exchange_log.tables import ImportRun
from lk_reflex.domain.payments.orders.billed import compare_with_billing
from lk_reflex.domain.payments.orders.unknown import unknown_numbers
from lk_reflex.exchange.answers import AnswersImport
from lk_reflex.exchange.bad_rows import BadRows
from lk_reflex.exchange.layout import BY_NAME, PAYMENTS, READING_ANSWERS
from lk_reflex.exchange.lock import exclusive
from lk_reflex.exchange.package import Package, open_package
from lk_reflex.exchange.progress import Progress, Silent
from lk_reflex.exchange.receipt_sums import ReceiptSums
from lk_reflex.exchange.report import Remark, Report
from lk_reflex.exchange.sheet import Sheet, Source, Unreadable
from lk_reflex.exchange.store import Store, open_store
from lk_reflex.exchange.table_import import Header, TableImport, read_header

_NEWEST_RECEIPT = select(func.max(col(Receipt.id)))
Opener = Callable[[Path], AbstractContextManager[Package]]
NO_ORDER = "{}: у этой организации такого заказа нет, платеж учтен отдельно от оплаченных в кабинете"
BUSY = "Другая загрузка ещё идёт. Дождитесь её конца и повторите."


class _Undo(Exception):
    """Leaves the transaction without a trace."""


def import_package(
    db: Database,
    path: Path,
    *,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    progress: Progress | None = None,
    clock: Callable[[], datetime] = utc_now,
    opener: Opener = open_package,
) -> Report:
    """Take a package in, or only check it; the report tells which. `opener` makes a package of what lies at `path`.

    Faults of the package are in the report, not raised. Raises Conflict while another import runs, Unavailable when
    the database is busy. Source of the format: `docs/exchange.md`.
    """
    report = Report(path.name, dry_run=dry_run)
    began = time.monotonic()
    progress = progress or Silent()
    with exclusive(db, "import", BUSY), _rare_collections():
        try:
            with opener(path) as package:
                report.begin(package.notices, package.faults, package.totals)
                headers = _headers(package, report)
                if len(headers) == len(package.sources) and not package.refused:
                    _Run(package, headers, report, skip_bad_rows, progress).carry_out(db, clock)
                if report.imported and package.left_out is not None:
                    report.bad_files += package.left_out()
        except Unreadable as fault:
            report.faults.add(Remark(path.name, fault.line, "", fault.message))
        finally:
            progress.end()
    report.seconds = time.monotonic() - began
    return report


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Rows by the thousand would set off the cycle collector over and over: a quarter of the time, and no cycles."""
    usual = gc.get_threshold()
    gc.set_threshold(200_000, 20, 20)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _headers(package: Package, report: Report) -> dict[str, Header]:
    """The headers of all files. A file that can't be taken at all would drown its reason in broken references."""
    headers: dict[str, Header] = {}
    for source in package.sources:
        with _named(source, report), source.open() as sheet:
            headers[source.name] = header = read_header(BY_NAME[source.name], sheet.header)
            report.notices += [f"{source.label}: столбец «{name}» не известен и пропущен." for name in header.unknown]
    return headers


@contextmanager
def _named(source: Source, report: Report) -> Iterator[None]:
    try:
        yield
    except Unreadable as fault:
        report.faults.add(Remark(source.label, fault.line, "", fault.message))


class _Run:
    """One pass over a package whose headers are in order."""

    def __init__(
        self, package: Package, headers: dict[str, Header], report: Report, skip_bad_rows: bool, progress: Progress
    ) -> None:
        self.package, self.headers, self.report, self.progress = package, headers, report, progress
        self.skip = skip_bad_rows
        self.bad = BadRows(package.path) if skip_bad_rows and not report.dry_run else None
        self.size = sum(source.size for source in package.sources)
        self.passed = 0
        self.broken = False

    def carry_out(self, db: Database, clock: Callable[[], datetime]) -> None:
        try:
            with suppress(_Undo), db.transaction() as writer:
                self._import(writer, clock)
            self.report.imported = self._good
        finally:
            if self.bad is not None:
                self.bad.close()
                self.report.bad_files = self.bad.paths

    @property
    def _good(self) -> bool:
        return not self.report.dry_run and not self.broken and (self.skip or not self.report.faults.count)

    def _import(self, writer: Writer, clock: Callable[[], datetime]) -> None:
        now = clock()
        run = ImportRun(
            package=self.package.path.name, started_at=now, finished_at=now, totals={},
            receipts_before=writer.value(_NEWEST_RECEIPT) or 0,
        )  # fmt: skip
        writer.add(run)
        assert run.id is not None
        self.report.run_id = run.id
        store = open_store(writer, run.id, now)
        try:
            self._tables(store)
        finally:
            store.close()
        if not self._good:
            raise _Undo
        run.finished_at, run.totals = clock(), self.report.as_json()

    def _tables(self, store: Store) -> None:
        names = {source.name for source in self.package.sources}
        lines = "accruals" if "accruals" in names else "balances"
        sums: ReceiptSums | None = None
        for source in self.package.sources:
            if source.name == lines:
                sums = ReceiptSums(store, source.label)
            with self._stopping(source), source.open() as sheet:
                self._table(store, source, sheet, sums if source.name == lines else None)
            if self.broken:
                return
            self.passed += source.size
        if sums is not None:
            sums.compare(self.report)
            sums.close()
        # Last: the orders that it finds fault with stay locked until all is committed.
        for source in self.package.sources:
            if source.name == PAYMENTS.name:
                self._orders(store, source)

    def _orders(self, store: Store, source: Source) -> None:
        """Payments made here come back with their orders' numbers: what isn't as we handed it over is told."""
        for one in compare_with_billing(store.writer, store.run_id, now=store.now):
            self.report.warnings.add(Remark(source.label, None, "Номер заказа", one.words))
        for number in unknown_numbers(store.writer, store.run_id):
            self.report.warnings.add(Remark(source.label, None, "Номер заказа", NO_ORDER.format(number)))

    @contextmanager
    def _stopping(self, source: Source) -> Iterator[None]:
        """A file that can't be read on ends the check: what refers to its lost rows would only confuse."""
        try:
            yield
        except Unreadable as fault:
            self.broken = True
            reason = f"{fault.message} Дальше пакет не проверялся."
            self.report.faults.add(Remark(source.label, fault.line, "", reason))

    def _table(self, store: Store, source: Source, sheet: Sheet, sums: ReceiptSums | None) -> None:
        kind = AnswersImport if source.name == READING_ANSWERS.name else TableImport
        table = kind(store, BY_NAME[source.name], self.headers[source.name], source.label, self.report)
        if not self.package.totals:
            self.report.totals.append(table.totals)
        bad = self.bad
        if bad is not None:
            table.keep_bad = lambda row, reason: bad.write(source.name, sheet.header, row, reason)
        for portion in sheet.portions():
            batch = table.take(portion)
            if sums is not None:
                sums.meet(batch)
            rows = sum(total.read for total in self.report.totals)
            self.progress.step(source.label, rows, self.passed + sheet.done(), self.size)
        self.report.warnings_of(source.label, sheet.remarks())
