"""What is worth a warning though it is imported as it came. Pure rules over a portion's columns."""

from collections.abc import Callable, Iterator
from operator import add
from typing import Any

from lk_reflex.core.money import format_money

Columns = dict[str, list[Any]]
#: Index within the portion, column, Russian sentence.
Warned = tuple[int, str, str]

_WEIGHTS = (7, 1, 3)


def key_holds(bic: str, account: str, *, correspondent: bool = False) -> bool:
    """The check digit of a bank account, weights 7-1-3 (Bank of Russia, order 515 of 08.09.1997)."""
    at_the_bank_of_russia = correspondent or bic[6:8] == "00" or bic[:2] in {"00", "01"}
    prefix = f"0{bic[4:6]}" if at_the_bank_of_russia else bic[-3:]
    return sum(int(digit) * _WEIGHTS[i % 3] % 10 for i, digit in enumerate(prefix + account)) % 10 == 0


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
