"""Reads a bank's register: its blocks are staged by account, whatever lines they stand on, and find their meters."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.metering.tables import Meter
from lk_reflex.exchange.registers.bank_lines import (
    ACCOUNT_CELLS,
    Block,
    blocks_of,
    read_block,
    resource_of,
    serial_key,
)
from lk_reflex.exchange.registers.lines import EMPTY, Line, read_lines
from lk_reflex.exchange.registers.options import BankOptions
from lk_reflex.exchange.registers.profiles import Profile
from lk_reflex.exchange.registers.staging import Staging, joined
from lk_reflex.exchange.report import FileTotals
from lk_reflex.exchange.sheet import Unreadable

GIVEN = "account TEXT, line INT, place INT, head TEXT, cells TEXT"
NO_METER = "прибора с таким номером и ресурсом у лицевого счета нет"
#: So many unknown accounts and not one known aren't slips of the pen.
_MANY = 3
_CITY = "Это реестр «Город», а профиль описывает реестр банка. Реестр не загружен."
_STRANGE = (
    "В файле нет ни одного лицевого счета организации «{organization}». Проверьте, тот ли это реестр и тот ли профиль: "
    "сейчас это «{name}». Реестр не загружен."
)
OTHER_SCALES = "у прибора в кабинете другое число тарифных зон"
_ACCOUNT = select(col(Account.id)).where(
    col(Account.organization_id) == bindparam("organization"), col(Account.number) == bindparam("number")
)
_METERS = select(
    col(Meter.id), col(Meter.code), col(Meter.serial), col(Meter.name), col(Meter.resource), col(Meter.scales),
    col(Meter.verification_due), col(Meter.ended_on),
).where(col(Meter.account_id) == bindparam("account_id"))  # fmt: skip


@dataclass(frozen=True, slots=True)
class OurMeter:
    """A meter of an account, as a register finds it."""

    meter_id: int
    code: str
    serial: str
    name: str
    resource: str
    scales: int
    verification_due: date | None
    ended_on: date | None


@dataclass(slots=True)
class AccountBlocks:
    """All that a register tells of one account; `head` is the account's own cells."""

    number: str
    account_id: int
    head: list[str]
    meters: list[OurMeter]
    blocks: list[Block]


def stage(path: Path, staged: Staging, options: BankOptions) -> None:
    """Put every block of a register into the staging file; lines that can't be cut are refused there."""
    totals = FileTotals(staged.file)
    staged.package.totals.append(totals)
    line = None
    for line in read_lines(path, options.encoding):
        if line.text.startswith("#"):
            raise Unreadable(_CITY, line.number)
        try:
            cells = line.cells()
            if not cells or not cells[0]:
                raise ValueError("не заполнен лицевой счет")
            if len(cells) > 1 and len(cells) < ACCOUNT_CELLS and _cut(line):
                raise ValueError("строка обрезана: до адреса не дошло")
        except ValueError as fault:
            totals.read += 1
            staged.refuse(line.number, "", str(fault), line.text)
            continue
        head = json.dumps((cells + [""] * ACCOUNT_CELLS)[:ACCOUNT_CELLS], ensure_ascii=False)
        rows = [
            (cells[0], line.number, place, head, json.dumps(block, ensure_ascii=False))
            for place, block in blocks_of(cells)
        ]
        staged.db.executemany("INSERT INTO given VALUES (?, ?, ?, ?, ?)", rows)
    if line is None:
        raise Unreadable(EMPTY)


def _cut(line: Line) -> bool:
    """Fewer separators than an account has: its end is lost, not left empty."""
    return line.text.count(";") < ACCOUNT_CELLS - 1


def accounts_of(db: Reader, staged: Staging, profile: Profile) -> Iterator[AccountBlocks]:
    """The accounts of a register one by one, with their meters; what can't be taken is refused on the way.

    Raises Unreadable where a register knows none of the organization's accounts: it is a wrong one, and a refusal of
    each line would only hide that.
    """
    cursor, strangers, met = staged.db.cursor(), 0, False
    rows = cursor.execute("SELECT account, line, place, head, cells FROM given ORDER BY account, line, place")
    for number, group in groupby(rows, key=lambda row: row[0]):
        own = list(group)
        blocks = [block for row in own if (block := _read(staged, row, profile.bank)) is not None]
        account_id = (
            db.value(_ACCOUNT, organization=profile.organization_id, number=number) if blocks or not met else None
        )
        strangers += not met and account_id is None
        met = met or account_id is not None
        if account_id is not None:
            meters = [OurMeter(*row) for row in db.rows(_METERS, account_id=account_id)]
            yield AccountBlocks(number, account_id, json.loads(own[0][3]), meters, blocks)
        for block in blocks if account_id is None else ():
            reason = "такого лицевого счета у организации нет"
            refuse(staged, json.loads(own[0][3]), block, reason, column="ЛС")
    if not met and (strangers >= _MANY or not staged.package.faults.count):
        raise Unreadable(_STRANGE.format(name=profile.name, organization=profile.organization))


def _read(staged: Staging, row: tuple[str, int, int, str, str], options: BankOptions) -> Block | None:
    _, line, place, head, cells = row
    texts = tuple(json.loads(cells))
    totals = staged.package.totals[0]
    try:
        block = read_block(line, place, texts, options)
    except ValueError as fault:
        totals.read += 1
        column = f"блок {place}, № {texts[1]}" if texts[1] else f"блок {place}"
        staged.refuse(line, column, str(fault), joined([*json.loads(head), *texts]))
        return None
    totals.read += block is not None
    return block


def refuse(staged: Staging, head: list[str], block: Block, reason: str, *, column: str = "") -> None:
    """A block that can't be taken; it goes to the lines left out as a line of its own."""
    staged.refuse(block.line, column or block.column, reason, joined([*head, *block.cells]))


def find_meter(account: AccountBlocks, block: Block, options: BankOptions) -> OurMeter | None:
    """The meter that a block speaks of: by billing's code where the register has it, else by number and resource.

    None where the account has none such. Raises ValueError where several are meant.
    """
    coded = [meter for meter in account.meters if block.extra and meter.code == block.extra]
    key = serial_key(block.serial)
    found = coded or [
        meter
        for meter in account.meters
        if serial_key(meter.serial) == key and resource_of(meter.resource, options) == block.resource
    ]
    current = [meter for meter in found if meter.ended_on is None] or found
    if len(current) > 1:
        raise ValueError("приборов с таким номером у лицевого счета несколько")
    return current[0] if current else None


def by_line(staged: Staging) -> None:
    """Faults and warnings were found account by account; people read a register from its top."""
    staged.package.faults.listed.sort(key=attrgetter("line"))
