"""Profiles and registers for tests, and the shortest ways to read and write them."""

from lk_reflex.exchange.registers.desk import take_register, write_register
from lk_reflex.exchange.registers.options import ProfileFile, check_options
from lk_reflex.exchange.registers.profiles import put
from tests.cast import NOW
from tests.exchange.sendings import INN


def profile(db, register, inn=INN, name="П", **options):
    given = ProfileFile.model_validate(
        {"name": name, "register": register, "organization": inn, "options": options}
    )  # fmt: skip
    db.write(put, given, check_options(register, options), now=NOW)
    return name


def city(db, inn=INN, **options):
    return profile(db, "city", inn, **{"service": "77", "receipt_kind": "Город", **options})


def bank(db, inn=INN, **options):
    return profile(db, "bank", inn, **{"bank": "«Урал»", **options})


def clock():
    return NOW


def take(db, path, month=None, **options):
    return take_register(db, path, "П", month, clock=clock, **options)


def write(db, kind, out, month=None):
    return write_register(db, kind, out, "П", month, clock=clock)


def lines(path, encoding="cp1251"):
    return path.read_bytes().decode(encoding).split("\r\n")[:-1]


def faults(report):
    return [(fault.line, fault.column) for fault in report.faults.listed]
