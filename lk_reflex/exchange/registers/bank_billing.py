"""A bank register that is billing's own: its meters and readings become those of a package."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, select, union_all
from sqlmodel import col

from lk_reflex.core.clock import format_date
from lk_reflex.core.db import Database, Reader
from lk_reflex.core.exact import parse_scaled
from lk_reflex.domain.metering.tables import BY_BANK, PLACES, Meter, Reading, SentReading
from lk_reflex.exchange.package import Package
from lk_reflex.exchange.registers.bank_lines import NAMES, Block
from lk_reflex.exchange.registers.bank_read import (
    GIVEN,
    OTHER_SCALES,
    AccountBlocks,
    OurMeter,
    accounts_of,
    by_line,
    find_meter,
    refuse,
    stage,
)
from lk_reflex.exchange.registers.profiles import Profile
from lk_reflex.exchange.registers.spelling import label
from lk_reflex.exchange.registers.staging import Staging, staging
from lk_reflex.exchange.sheet import Row

HEADERS: dict[str, Row] = {
    "meters": ["ИНН", "Лицевой счет", "Код ПУ", "Номер", "Наименование", "Ресурс", "Дата поверки", "Тарифных зон"],
    "readings": ["ИНН", "Код ПУ", "Зона", "Дата снятия", "Источник", "Показание"],
}
_BILLED = (
    select(col(Reading.meter_id), col(Reading.scale), col(Reading.taken_on), col(Reading.value))
    .join(Meter, col(Meter.id) == col(Reading.meter_id))
    .where(col(Meter.account_id) == bindparam("account_id"))
)
_SENT = (
    select(col(SentReading.meter_id), col(SentReading.scale), col(SentReading.taken_on), col(SentReading.value))
    .join(Meter, col(Meter.id) == col(SentReading.meter_id))
    .where(col(Meter.account_id) == bindparam("account_id"))
)
_Held = tuple[Any, ...]
_HELD = union_all(_BILLED, _SENT)


@contextmanager
def open_bank(path: Path, *, db: Database, profile: Profile) -> Iterator[Package]:
    """The package of a register's meters and readings. Raises Unreadable for what is no register."""
    package = Package(path)
    with staging(package, GIVEN) as staged:
        stage(path, staged, profile.bank)
        db.read(_make, staged, profile)
        by_line(staged)
        staged.offer(HEADERS)
        package.left_out = lambda: staged.write_bad(profile.bank.encoding) if package.faults.count else []
        yield package


def _make(db: Reader, staged: Staging, profile: Profile) -> None:
    for account in accounts_of(db, staged, profile):
        held: set[_Held] = {tuple(row) for row in db.connection.execute(_HELD, {"account_id": account.account_id})}
        for block in account.blocks:
            try:
                _block(staged, profile, account, block, held)
            except ValueError as fault:
                refuse(staged, account.head, block, str(fault))


def _block(staged: Staging, profile: Profile, account: AccountBlocks, block: Block, held: set[_Held]) -> None:
    """Stage what a block brings; what the cabinet has already brings nothing. Raises ValueError."""
    meter = find_meter(account, block, profile.bank)
    if meter is not None and meter.scales != block.scales:
        raise ValueError(OTHER_SCALES)
    code = meter.code if meter is not None else block.extra or f"{account.number}-{block.resource}-{block.serial}"
    try:
        value = parse_scaled(block.value, PLACES)
    except ValueError:
        value = -1
    if value < 0:
        raise ValueError("показание не число или знаков после запятой больше 3")
    if meter is None or _differs(meter, block):
        _stage_meter(staged, profile, account, block, code, meter)
    totals = staged.package.totals[0]
    totals.taken += 1
    if (
        meter is not None
        and not _differs(meter, block)
        and (meter.meter_id, block.scale, block.taken_on, value) in held
    ):
        totals.known += 1
    if meter is None or (meter.meter_id, block.scale, block.taken_on, value) not in held:
        source = BY_BANK + profile.bank.bank
        shown = f"{value // 1000},{value % 1000:03d}"
        cells = [profile.inn, code, str(block.scale), format_date(block.taken_on), source, shown]
        if not staged.make("readings", cells[:4], block.line, cells) and not staged.has("readings", cells[:4], cells):
            totals.taken -= 1
            raise ValueError("для этого прибора, зоны и даты в реестре уже было другое показание")


def _differs(meter: OurMeter, block: Block) -> bool:
    """Whether the register knows a meter's name or verification better than we do."""
    renamed = bool(block.name) and block.name != label(meter.name)
    return renamed or (block.verification is not None and block.verification != meter.verification_due)


def _stage_meter(
    staged: Staging, profile: Profile, account: AccountBlocks, block: Block, code: str, meter: OurMeter | None
) -> None:
    resource = meter.resource if meter is not None else NAMES[block.resource]
    serial = meter.serial if meter is not None else block.serial
    name = block.name or (meter.name if meter is not None else NAMES[block.resource])
    due = block.verification or (meter.verification_due if meter is not None else None)
    cells = [profile.inn, account.number, code, serial, name, resource, format_date(due), str(block.scales)]
    staged.make("meters", [profile.inn, code], block.line, cells)
