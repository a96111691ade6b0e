"""Writes a demo package: a folder of CSV files, row by row, whatever its size."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.account_rows import rows_of
from lk_reflex.exchange.demo.cast import HOUSES, MANUAL, MANUAL_HOUSE, ORGANIZATIONS, cast
from lk_reflex.exchange.demo.manual import MANUAL_ROWS
from lk_reflex.exchange.demo.places import FEWEST_HOUSES, House, along_street, make_house
from lk_reflex.exchange.demo.plan import Dwelling, Span
from lk_reflex.exchange.demo.town import dwellings, houses_of
from lk_reflex.exchange.layout import LAYOUTS

_ISSUED = 28
Writers = dict[str, Any]


def make_demo(out: Path, *, accounts: int, months: int, today: date, until: Month | None = None, seed: int = 1) -> Span:
    """Write a package of `accounts` accounts and `months` months into the folder `out`, which is made if need be.

    The same for the same arguments. Without `until` the last month is the newest whose receipts are out on `today`.
    The special cast is always there. Returns the months written; raises OSError.
    """
    span = _span(months, today, until)
    special = cast(span)
    others = max(0, accounts - len(special))
    out.mkdir(parents=True, exist_ok=True)
    with _writers(out) as files:
        files["organizations"].writerows(ORGANIZATIONS)
        files["buildings"].writerows(map(_building, _houses(others)))
        for dwelling in _everybody(special, others, span, seed):
            rows = rows_of(dwelling, span, seed)
            if (dwelling.inn, dwelling.number) == MANUAL:
                rows = {name: MANUAL_ROWS.get(name, []) + found for name, found in rows.items()}
            for name, found in rows.items():
                files[name].writerows(found)
    return span


def _span(months: int, today: date, until: Month | None) -> Span:
    current = Month.of(today)
    last = until or (current if today.day >= _ISSUED else current.shift(-1))
    return Span(last.shift(1 - max(1, months)), last, min(last, current.shift(-1)))


def _everybody(special: list[Dwelling], others: int, span: Span, seed: int) -> Iterator[Dwelling]:
    yield from special
    yield from dwellings(others, span, seed)


def _houses(others: int) -> Iterator[House]:
    yield from HOUSES
    inhabited = [house for house, _ in houses_of(others)]
    yield from inhabited
    # What stands around them: accidents happen in streets where nobody of ours lives, too.
    yield from map(make_house, range(len(inhabited), FEWEST_HOUSES))
    yield from along_street(MANUAL_HOUSE.street, MANUAL_HOUSE.town, (55_190_412, 61_347_205), int(MANUAL_HOUSE.number))


def _building(house: House) -> Iterable[str]:
    flag = "1" if house.apartments else "0"
    return (house.code, house.town, house.street, house.number, flag, house.latitude, house.longitude)


@contextmanager
def _writers(out: Path) -> Iterator[Writers]:
    """A writer for each table, its header written."""
    with ExitStack() as stack:
        files: Writers = {}
        for layout in LAYOUTS:
            file = stack.enter_context((out / f"{layout.name}.csv").open("w", encoding="utf-8", newline=""))
            writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
            writer.writerow([cell.header for cell in layout.columns])
            files[layout.name] = writer
        yield files
