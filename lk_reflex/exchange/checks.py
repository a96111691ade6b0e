"""What is worth a warning though it is imported as it came. Pure rules over a portion's columns."""

from collections.abc import Callable, Iterator
from operator import add
from typing import Any

from lk_reflex.core.money import format_money
from lk_reflex.domain.documents.qr.bank_details import key_holds

Columns = dict[str, list[Any]]
#: Index within the portion, column, Russian sentence.
Warned = tuple[int, str, str]


def _bank_keys(columns: Columns) -> Iterator[Warned]:
    empty = [""] * len(columns["ИНН"])
    bics = columns.get("БИК", empty)
    for header, correspondent in (("Расчетный счет", False), ("Корр. счет", True)):
        for index, (bic, account) in enumerate(zip(bics, columns.get(header, empty), strict=True)):
            if bic and account and not key_holds(bic, account, correspondent=correspondent):
                yield index, header, f"контрольный ключ счета {account} не сходится с БИК {bic}"


def _balance_totals(columns: Columns) -> Iterator[Warned]:
    debts, charges, totals = columns["Долг"], columns["Начислено"], columns["Итого"]
    expected = list(map(add, debts, charges))
    if expected == totals:
        return
    for index, (should, total) in enumerate(zip(expected, totals, strict=True)):
        if should != total:
            yield index, "Итого", f"{format_money(total)}, а Долг + Начислено дают {format_money(should)}"


CHECKS: dict[str, Callable[[Columns], Iterator[Warned]]] = {
    "organizations": _bank_keys,
    "balances": _balance_totals,
}
