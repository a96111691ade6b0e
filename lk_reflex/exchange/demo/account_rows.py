"""All rows of one dwelling, by file."""

from dataclasses import astuple
from random import Random
from uuid import UUID, uuid5

from lk_reflex.core.clock import format_date
from lk_reflex.core.months import Month
from lk_reflex.exchange.demo.charging import Charge, charges
from lk_reflex.exchange.demo.ledger import Ledger
from lk_reflex.exchange.demo.metering import run_meters
from lk_reflex.exchange.demo.numbers import brief, kopecks
from lk_reflex.exchange.demo.plan import Dwelling, Span
from lk_reflex.exchange.demo.tariffs import UNITED

Row = list[str]
Rows = dict[str, list[Row]]
_WAYS = ('оплата "Город"', "Сбербанк Онлайн", "оплата в кассе", "СБП", "Почта России")
_ISSUED = 28
#: Dwellings get made-up numbers in the address register, the same for the same dwelling.
_REGISTER = UUID("0c5b2444-70a0-4932-980c-b4dc0d3f02b5")


def rows_of(dwelling: Dwelling, span: Span, seed: int) -> Rows:
    """File → rows, the same for the same seed."""
    random = Random(f"{seed}:months:{dwelling.inn}:{dwelling.number}")  # noqa: S311  made-up figures, not secrets
    months = span.months(dwelling.closed, dwelling.not_before)
    metering = run_meters(dwelling, span, months, random)
    rows: Rows = {"accounts": [_account(dwelling)], "receipts": [], "balances": [], "accruals": [], "payments": []}
    rows["meters"], rows["readings"] = metering.meters, metering.readings
    for kind, services in dwelling.receipts:
        ledger = Ledger(dwelling.payer)
        for month in months:
            found = charges(dwelling, services, month, metering.used, random)
            _receipt(rows, dwelling, kind, month, found, ledger, random)
    return rows


def _account(dwelling: Dwelling) -> Row:
    els = f"74АБ{int(dwelling.number[-6:]):06d}"
    return [
        dwelling.inn, dwelling.number, dwelling.house.code, dwelling.flat, *dwelling.person,
        brief(dwelling.area), str(dwelling.residents), els, f"{els}-01",
        format_date(dwelling.closed.day(31)) if dwelling.closed else "",
        str(uuid5(_REGISTER, f"{dwelling.house.code}/{dwelling.flat}")),
    ]  # fmt: skip


def _receipt(
    rows: Rows, dwelling: Dwelling, kind: str, month: Month, found: list[Charge], ledger: Ledger, random: Random
) -> None:
    charged: dict[str, int] = {}
    for charge in found:
        charged[charge.service] = charged.get(charge.service, 0) + charge.amount
    paid = ledger.turn(charged, random)
    key = [dwelling.inn, dwelling.number, kind, month.dotted]
    document = f"{dwelling.number}-{month.number:02d}{month.year % 100:02d}{'' if kind == UNITED else 'В'}"
    advance = kopecks(max(0, sum(charged.values()))) if dwelling.advance and kind == UNITED else "0,00"
    rows["receipts"].append([*key, f"{_ISSUED}.{month.dotted}", document, advance, "0,00"])
    rows["balances"] += [[*key, service, *map(kopecks, astuple(line))] for service, line in ledger.lines.items()]
    rows["accruals"] += [
        [*key, str(line), charge.service, charge.operation, *charge.cells, kopecks(charge.amount)]
        for line, charge in enumerate(found, 1)
    ]
    if paid:
        rows["payments"].append(_payment(dwelling, document, month, paid, random))


def _payment(dwelling: Dwelling, document: str, month: Month, paid: int, random: Random) -> Row:
    accepted = 2 + int(random.random() * 13)
    processed = accepted + 1 + int(random.random() * 3)
    way = _WAYS[int(random.random() * len(_WAYS))]
    dates = (f"{accepted:02d}.{month.dotted}", f"{processed:02d}.{month.dotted}")
    return [dwelling.inn, dwelling.number, f"P-{document}", way, *dates, kopecks(-paid), ""]
