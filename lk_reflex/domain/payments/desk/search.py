"""What an operator types into the search of orders: a number, a bank's id, an account, an address or a sum."""

import re
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import bindparam, select
from sqlmodel import col

from lk_reflex.core.db import Reader
from lk_reflex.core.errors import Invalid
from lk_reflex.core.money import parse_money, without_roubles
from lk_reflex.core.text import account_key, email_key, visible
from lk_reflex.domain.accounts.tables import Account
from lk_reflex.domain.payments.orders.numbers import bare_number
from lk_reflex.domain.payments.tables import Order

FIELD, LONGEST = "search", 100
TOO_LONG = (
    f"Не больше {LONGEST} знаков. Введите номер заказа, номер лицевого счета, адрес почты, сумму или номер у банка"
)
_FRACTION = re.compile(r"[.,]\d{1,2}$")

_NUMBER = select(col(Order.id)).where(col(Order.number) == bindparam("number")).limit(1)
_BANK = select(col(Order.id)).where(col(Order.bank_id) == bindparam("bank_id")).limit(1)
_ACCOUNT = select(col(Account.id)).where(col(Account.number_key) == bindparam("key")).limit(1)

Kind = Literal["all", "number", "account", "bank", "payer", "total", "nothing"]


@dataclass(frozen=True, slots=True)
class Sought:
    """By what orders are looked for, and the parameters of that condition."""

    kind: Kind = "all"
    params: tuple[tuple[str, str | int], ...] = ()


def sought(db: Reader, text: str) -> Sought:
    """What was meant. Everything is compared whole: no sign of it is a wildcard. Raises Invalid for what is too long.

    A sum with kopecks is a sum; digits are a number of ours, else an account's, else the bank's, else whole roubles.
    """
    typed = visible(text).replace("\0", "").strip()
    if len(typed) > LONGEST:
        raise Invalid({FIELD: TOO_LONG})
    if not typed:
        return Sought()
    if "@" in typed:
        return Sought("payer", (("email_key", email_key(typed)), ("email", typed)))
    plain = without_roubles(typed)
    total = _total(plain)
    if total and (plain != typed or _FRACTION.search(plain)):
        return Sought("total", (("total", total),))
    return _named(db, typed) or (Sought("total", (("total", total),)) if total else Sought("nothing"))


def _named(db: Reader, typed: str) -> Sought | None:
    number = bare_number(typed)
    if number and db.value(_NUMBER, number=number):
        return Sought("number", (("number", number),))
    key = account_key(typed)
    if key and db.value(_ACCOUNT, key=key):
        return Sought("account", (("key", key),))
    # Banks' ids are case-sensitive where they are none of the hexadecimal ones.
    spelled = (typed, typed.lower())
    return next((Sought("bank", (("bank_id", one),)) for one in spelled if db.value(_BANK, bank_id=one)), None)


def _total(typed: str) -> int:
    try:
        return max(0, parse_money(typed))
    except ValueError:
        return 0
