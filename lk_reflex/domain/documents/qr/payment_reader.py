"""Reads payment strings of any issuer (ГОСТ Р 56042-2014), forgiving what issuers get wrong.

Written apart from `payment_qr`, so that each can be tested by the other.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lk_reflex.core.months import Month

_HEAD = re.compile(rb"ST0001([123])(.)", re.DOTALL)
_ENCODINGS = {b"1": "cp1251", b"2": "utf-8", b"3": "koi8-r"}
#: How the standard spells its keys; others are kept as they came.
_KNOWN = (
    "Name PersonalAcc BankName BIC CorrespAcc Sum Purpose PayeeINN KPP LastName FirstName MiddleName PersAcc "
    "PayerAddress PaymPeriod QuittId Category TechCode DrawerStatus CBC OKTMO PaytReason TaxPeriod DocNo DocDate "
    "TaxPaytKind PersonalAccount DocIdx PensAcc Contract Flat Phone PayerIdType PayerIdNum ChildFio BirthDate "
    "PaymTerm ServiceName CounterId CounterVal InstNum ClassNum SpecFio AddAmount RuleId ExecId RegType UIN"
)
_SPELLED = {key.casefold(): key for key in _KNOWN.split()}
MANDATORY = ("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")


@dataclass(frozen=True, slots=True)
class ReadPayment:
    """What a code asks for. `values` under the standard's spelling of the keys, `amount` in kopecks or None."""

    values: Mapping[str, str]
    amount: int | None
    period: Month | None

    @property
    def missing(self) -> tuple[str, ...]:
        """The mandatory requisites that aren't there."""
        return tuple(key for key in MANDATORY if not self.values.get(key))


def read_payment(code: bytes | str) -> ReadPayment:
    """Read a payment string; text is what a scanner has decoded already. Raises ValueError for any other code."""
    raw = code.encode("utf-8", "replace") if isinstance(code, str) else code
    raw = raw.removeprefix(b"\xef\xbb\xbf").lstrip()
    head = _HEAD.match(raw)
    if head is None:
        raise ValueError("not a payment string")
    encoding = "utf-8" if isinstance(code, str) else _ENCODINGS[head[1]]
    values: dict[str, str] = {}
    # Split while in bytes: the separator is one byte, and no letter of these encodings contains an ASCII byte.
    for segment in raw[head.end() :].split(head[2]):
        key, equals, value = segment.decode(encoding, "replace").partition("=")
        name, plain = key.strip(), value.strip()
        if equals and name and plain:
            values.setdefault(_SPELLED.get(name.casefold(), name), plain)
    return ReadPayment(
        MappingProxyType(values), _amount(values.get("Sum", "")), period_of(values.get("PaymPeriod", ""))
    )


def period_of(text: str) -> Month | None:
    """A month from «MMYYYY», «MM.YYYY» or «YYYYMM»; None for anything else. No six digits can be read both ways."""
    digits = re.sub(r"[.\-/\s]", "", text)
    if not re.fullmatch(r"[0-9]{6}", digits):
        return None
    for year, number in ((digits[2:], digits[:2]), (digits[:4], digits[4:])):
        try:
            return Month(int(year), int(number))
        except ValueError:
            continue
    return None


def _amount(text: str) -> int | None:
    return int(text) if re.fullmatch(r"[0-9]{1,18}", text) else None
