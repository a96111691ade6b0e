"""What the commands ask for: a register taken in or written by the name of its profile."""

import json
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

from lk_reflex.core.clock import local_date, utc_now
from lk_reflex.core.db import Database
from lk_reflex.core.errors import Refused
from lk_reflex.core.months import Month
from lk_reflex.domain.audit.log import note
from lk_reflex.exchange.importer import import_package
from lk_reflex.exchange.progress import Progress
from lk_reflex.exchange.registers.bank_billing import open_bank
from lk_reflex.exchange.registers.bank_collected import take_bank_readings
from lk_reflex.exchange.registers.bank_write import write_bank
from lk_reflex.exchange.registers.city_read import open_city
from lk_reflex.exchange.registers.city_write import write_city
from lk_reflex.exchange.registers.options import BANK
from lk_reflex.exchange.registers.profiles import Profile, find
from lk_reflex.exchange.report import Report

CHARGES, READINGS = "charges", "readings"
_WRITES = {BANK: READINGS, "city": CHARGES}


def take_register(
    db: Database,
    path: Path,
    name: str,
    month: Month | None = None,
    *,
    dry_run: bool = False,
    skip_bad_rows: bool = False,
    progress: Progress | None = None,
    clock: Callable[[], datetime] = utc_now,
) -> Report:
    """Take a register in by the profile `name`; what it becomes is the profile's to say.

    Raises NotFound for an unknown profile, Refused for a month that is missing or of no use, Conflict and Unavailable
    as the import does.
    """
    profile = db.read(find, name)
    if path.is_dir():
        raise Refused(f"Это папка, а нужен файл: {path}")
    if not path.is_file():
        raise Refused(f"Нет такого файла: {path}")
    if profile.register == BANK:
        if month is not None:
            raise Refused("Месяц реестру банка не нужен: у каждого показания своя дата. Уберите --month.")
        if profile.bank.meaning == "collected":
            return take_bank_readings(
                db, path, profile, dry_run=dry_run, skip_bad_rows=skip_bad_rows, progress=progress, clock=clock
            )
        opener = partial(open_bank, db=db, profile=profile)
    else:
        opener = partial(open_city, db=db, profile=profile, month=month or _usual_month(profile, clock()))
    return import_package(
        db, path, dry_run=dry_run, skip_bad_rows=skip_bad_rows, progress=progress, clock=clock, opener=opener
    )


def _usual_month(profile: Profile, now: datetime) -> Month:
    rule = profile.city.month
    if rule == "given":
        raise Refused("В реестре «Город» месяца нет: укажите его, например --month 2026-10.")
    return Month.of(local_date(now, profile.time_zone)).shift(-1 if rule == "previous" else 0)


def written_by(profile: Profile) -> str:
    """What is written by a profile: readings for a bank, charges for «Город»."""
    return _WRITES[profile.register]


def write_register(
    db: Database,
    kind: str,
    out: Path,
    name: str,
    month: Month | None = None,
    *,
    clock: Callable[[], datetime] = utc_now,
) -> str:
    """Write the register of the profile `name`; returns what to tell the person. Raises NotFound, Refused.

    That persons' data left the house is noted in the audit log.
    """
    profile = db.read(find, name)
    wanted = written_by(profile)
    if kind != wanted:
        raise Refused(f"По профилю «{name}» пишется {wanted}, а не {kind}.")
    if not out.parent.is_dir():
        raise Refused(f"Нет такой папки: {out.parent}")
    if profile.register == BANK:
        if month is not None:
            raise Refused("Месяц реестру банка не нужен: в нём последние показания. Уберите --month.")
        bank = write_bank(db, profile, out, now=clock())
        message, rows = bank.message, bank.accounts
    else:
        city = write_city(db, profile, out, month)
        message, rows = city.message, city.rows
    db.write(note, "register-written", now=clock(), rows=rows, names=profile.options.names)
    return message


def as_toml(profile: Profile) -> Iterator[str]:
    """The profile as its file would have it, with every option, those left at their defaults included."""
    yield f"name = {_toml(profile.name)}"
    yield f"register = {_toml(profile.register)}"
    yield f"organization = {_toml(profile.inn)}"
    yield ""
    yield "[options]"
    for key, value in profile.options.model_dump(mode="json").items():
        yield f"{key} = {_toml(value)}"


def _toml(value: object) -> str:
    """JSON's texts, numbers, booleans and arrays are TOML's, too."""
    if isinstance(value, dict):
        pairs = ", ".join(f"{_toml(key)} = {_toml(item)}" for key, item in value.items())
        return f"{{ {pairs} }}" if pairs else "{}"
    return json.dumps(value, ensure_ascii=False)
