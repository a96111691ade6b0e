"""Writes a bank's register: every open account of the profile's organization, with its meters' last readings."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import bindparam, func, or_, select
from sqlmodel import col

from lk_reflex.core.clock import format_date, local_date
from lk_reflex.core.db import Database, Reader
from lk_reflex.core.disk_faults import said
from lk_reflex.core.errors import Refused
from lk_reflex.domain.accounts.linked import address_line
from lk_reflex.domain.accounts.tables import Account, Building
from lk_reflex.domain.metering.tables import Meter, Reading, ReadingAnswer, SentReading
from lk_reflex.exchange.out_file import replacing
from lk_reflex.exchange.registers.bank_lines import ACCOUNT_CELLS, code_of
from lk_reflex.exchange.registers.options import BankOptions
from lk_reflex.exchange.registers.profiles import Profile
from lk_reflex.exchange.registers.spelling import code, encoded, label, person

_PORTION = 1_000
_ACCOUNTS = (
    select(
        col(Account.id), col(Account.number), col(Account.surname), col(Account.first_name), col(Account.patronymic),
        col(Account.els), col(Account.fias), col(Building.city), col(Building.street), col(Building.house),
        col(Account.flat),
    )
    .join(Building, col(Building.id) == col(Account.building_id))
    .where(
        col(Account.organization_id) == bindparam("organization"),
        or_(col(Account.closed_on).is_(None), col(Account.closed_on) > bindparam("today")),
        col(Account.id) > bindparam("after"),
    )
    .order_by(col(Account.id))
    .limit(_PORTION)
)  # fmt: skip
_METERS = (
    select(
        col(Meter.account_id), col(Meter.id), col(Meter.code), col(Meter.serial), col(Meter.name), col(Meter.resource),
        col(Meter.scales), col(Meter.verification_due), col(Meter.decimals),
    )
    .where(
        col(Meter.account_id).in_(bindparam("accounts", expanding=True)),
        or_(col(Meter.ended_on).is_(None), col(Meter.ended_on) >= bindparam("today")),
    )
    .order_by(col(Meter.account_id), col(Meter.name), col(Meter.id))
)  # fmt: skip


def _newest(table: Any, *further: Any) -> Any:
    """The columns of a table of readings, and the place of each among its scale's, the newest being 1."""
    place = func.row_number().over(
        partition_by=(table.meter_id, table.scale), order_by=(table.taken_on.desc(), *further, table.id.desc())
    )
    return select(table.meter_id, table.scale, table.taken_on, table.value, place.label("place")).where(
        table.meter_id.in_(bindparam("meters", expanding=True))
    )


_billed = _newest(Reading, col(Reading.accounted_on).desc()).subquery("billed")
_BILLED = select(_billed).where(_billed.c.place == 1)
_sent = (
    _newest(SentReading)
    .outerjoin(ReadingAnswer, col(ReadingAnswer.sent_reading_id) == col(SentReading.id))
    # What was replaced, or refused by billing, counts for nothing.
    .where(col(SentReading.replaced_at).is_(None), col(ReadingAnswer.accounted).is_not(False))
    .subquery("sent")
)
_SENT = select(_sent).where(_sent.c.place == 1)
_Readings = dict[tuple[int, int], tuple[date, int]]


@dataclass(slots=True)
class Written:
    """A register that lies in `file`."""

    file: Path
    accounts: int = 0
    blocks: int = 0
    without_code: int = 0

    @property
    def message(self) -> str:
        """What to tell the person."""
        left = f" Приборов, для ресурса которых кода нет: {self.without_code}." if self.without_code else ""
        return f"Реестр банка: лицевых счетов {self.accounts}, показаний {self.blocks}, записано в {self.file}.{left}"


def write_bank(db: Database, profile: Profile, out: Path, *, now: datetime) -> Written:
    """Write the register. Raises Refused where there are no accounts or the file can't be written."""
    options, written = profile.bank, Written(out)
    try:
        with replacing(out) as file, db.engine.connect() as connection:
            reader, today = Reader(connection), local_date(now, profile.time_zone)
            for cells in _lines(reader, profile, today, written):
                file.write(encoded(cells, options.encoding, _exact(cells)))
                written.accounts += 1
            if not written.accounts:
                raise Refused("Лицевых счетов у организации нет: реестр не записан.")
    except OSError as fault:
        raise Refused(f"Не удалось записать файл {out}: {said(fault)}.") from fault
    return written


def _exact(cells: list[str]) -> list[int]:
    """Numbers of the account and of its meters."""
    return [0, 2, 3, *range(ACCOUNT_CELLS + 1, len(cells), 7)]


def _lines(db: Reader, profile: Profile, today: date, written: Written) -> Iterator[list[str]]:
    after = 0
    asked = {"organization": profile.organization_id, "today": today}
    while rows := db.connection.execute(_ACCOUNTS, {**asked, "after": after}).all():
        after = rows[-1].id
        meters: dict[int, list[Any]] = defaultdict(list)
        ids = {"accounts": [row.id for row in rows], "today": today}
        for meter in db.connection.execute(_METERS, ids):
            meters[meter.account_id].append(meter)
        readings = _readings(db, [meter.id for own in meters.values() for meter in own])
        for row in rows:
            blocks = _blocks(meters[row.id], readings, profile.bank, written)
            yield [*_account(row, profile.bank), *blocks]


def _readings(db: Reader, meters: list[int]) -> _Readings:
    """The newest reading of each scale, by meter and scale: of one day, what was sent comes after billing's."""
    found: _Readings = {}
    for query in (_BILLED, _SENT):
        ids = iter(meters)
        while part := list(islice(ids, _PORTION)):
            for row in db.connection.execute(query, {"meters": part}):
                key = (row.meter_id, row.scale)
                if key not in found or found[key][0] <= row.taken_on:
                    found[key] = row.taken_on, row.value
    return found


def _account(row: Any, options: BankOptions) -> list[str]:
    place = address_line(row.street, row.house, row.flat)
    return [
        code(row.number, "Лицевой счет"),
        person(row.surname, row.first_name, row.patronymic, options.names),
        code(row.els, "ЕЛС"),
        code(row.fias, "ФИАС"),
        label(f"{row.city}, {place}" if row.city else place),
    ]


def _blocks(meters: list[Any], readings: _Readings, options: BankOptions, written: Written) -> Iterator[str]:
    for meter in meters:
        for scale in range(1, meter.scales + 1):
            kind = code_of(meter.resource, meter.scales, scale, options)
            if kind is None:
                written.without_code += 1
                break
            taken_on, value = readings.get((meter.id, scale), (None, None))
            written.blocks += value is not None
            yield str(kind)
            yield code(meter.serial, "Номер прибора")
            yield label(meter.name)
            yield _day(meter.verification_due, options)
            yield "" if value is None else _value(value, meter.decimals, options)
            yield _day(taken_on, options)
            yield code(meter.code, "Код прибора") if options.extra == "meter_code" else ""


def _day(day: date | None, options: BankOptions) -> str:
    text = format_date(day)
    return text if options.dates == "dotted" else text.replace(".", "")


def _value(value: int, decimals: int, options: BankOptions) -> str:
    """As many places as the dial has; more, where billing has more."""
    whole, rest = divmod(value, 1_000)
    fraction = f"{rest:03d}".rstrip("0").ljust(decimals, "0")
    return f"{whole}{options.decimal}{fraction}" if fraction else str(whole)
