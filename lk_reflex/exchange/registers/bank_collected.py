"""Readings that a bank collected from residents: they become sent readings and go to billing with the next export."""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from lk_reflex.core.clock import utc_now
from lk_reflex.core.db import Database, Writer
from lk_reflex.domain.audit.log import note
from lk_reflex.domain.metering.sending.collected import Fate, Judged, Told, take_collected
from lk_reflex.domain.metering.tables import BY_BANK
from lk_reflex.exchange.importer import BUSY
from lk_reflex.exchange.lock import exclusive
from lk_reflex.exchange.package import Package
from lk_reflex.exchange.progress import Progress, Silent
from lk_reflex.exchange.registers.bank_lines import Block
from lk_reflex.exchange.registers.bank_read import (
    GIVEN,
    NO_METER,
    OTHER_SCALES,
    AccountBlocks,
    accounts_of,
    by_line,
    find_meter,
    refuse,
    stage,
)
from lk_reflex.exchange.registers.profiles import Profile
from lk_reflex.exchange.registers.staging import Staging, staging
from lk_reflex.exchange.report import Remark, Report
from lk_reflex.exchange.sheet import Unreadable


class _Undo(Exception):
    """Leaves the transaction without a trace."""


def take_bank_readings(
    db: Database,
    path: Path,
    profile: Profile,
    *,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    progress: Progress | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Report:
    """Take the readings of a bank's register, all or none; with `skip_bad_rows` all that hold.

    Faults are in the report. Raises Conflict while an import runs, Unavailable when the database is busy.
    """
    report = Report(path.name, dry_run=dry_run)
    began = time.monotonic()
    progress = progress or Silent()
    with exclusive(db, "import", BUSY):
        try:
            with staging(package := Package(path), GIVEN) as staged:
                stage(path, staged, profile.bank)
                run = _Run(staged, profile, report, progress, clock())
                with suppress(_Undo), db.transaction() as writer:
                    run.take(writer)
                    report.begin(package.notices, package.faults, package.totals)
                    report.imported = not dry_run and (skip_bad_rows or not package.faults.count)
                    if not report.imported:
                        raise _Undo
                if report.imported and package.faults.count:
                    report.bad_files += staged.write_bad(profile.bank.encoding)
        except Unreadable as fault:
            report.imported = False
            report.faults.add(Remark(path.name, fault.line, "", fault.message))
        except BaseException:
            report.imported = False
            raise
        finally:
            progress.end()
    report.seconds = time.monotonic() - began
    return report


class _Run:
    """One pass over the register's accounts."""

    def __init__(self, staged: Staging, profile: Profile, report: Report, progress: Progress, now: datetime) -> None:
        self.staged, self.profile, self.report, self.progress, self.now = staged, profile, report, progress, now
        self.known = 0

    def take(self, db: Writer) -> None:
        totals = self.staged.package.totals[0]
        for account in accounts_of(db, self.staged, self.profile):
            self._account(db, account)
            self.progress.step(self.staged.file, totals.read, 0, 0)
        by_line(self.staged)
        self.report.warnings.listed.sort(key=lambda remark: remark.line or 0)
        if self.known:
            self.staged.package.notices.append(f"Уже известных показаний: {self.known}, они не изменены.")
        if totals.taken:
            note(db, "bank-readings-taken", now=self.now, readings=totals.taken)

    def _account(self, db: Writer, account: AccountBlocks) -> None:
        told: dict[Told, Block] = {}
        for block in account.blocks:
            one = self._told(account, block)
            if one in told:
                self.known += 1
            elif one is not None:
                told[one] = block
        take_doubts = self.profile.bank.doubts == "take"
        fates = take_collected(
            db, account.account_id, list(told), self.source, take_doubts=take_doubts, now=self.now
        )  # fmt: skip
        for block, judged in zip(told.values(), fates, strict=True):
            self._tell(account, block, judged)

    @property
    def source(self) -> str:
        """How the history and the export to billing name them."""
        return BY_BANK + self.profile.bank.bank

    def _told(self, account: AccountBlocks, block: Block) -> Told | None:
        try:
            meter = find_meter(account, block, self.profile.bank)
        except ValueError as fault:
            refuse(self.staged, account.head, block, str(fault))
            return None
        fault = NO_METER if meter is None else OTHER_SCALES if meter.scales != block.scales else ""
        if meter is None or fault:
            refuse(self.staged, account.head, block, fault)
            return None
        return Told(meter.meter_id, block.scale, block.value, block.taken_on)

    def _tell(self, account: AccountBlocks, block: Block, judged: Judged) -> None:
        if judged.fate is Fate.REFUSED:
            refuse(self.staged, account.head, block, judged.sentence)
            return
        if judged.fate is Fate.KNOWN:
            self.known += 1
        elif judged.sentence:
            self.report.warnings.add(Remark(self.staged.file, block.line, block.column, judged.sentence))
        if judged.fate is Fate.TAKEN:
            self.staged.package.totals[0].taken += 1
