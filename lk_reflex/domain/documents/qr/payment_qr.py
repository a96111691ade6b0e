"""The payment string of a receipt's QR code, by ГОСТ Р 56042-2014 «Двумерные символы штрихового кода для платежей»."""

from dataclasses import dataclass
from itertools import chain

from lk_reflex.core.months import Month
from lk_reflex.core.text import visible

#: «ST», version 0001, and 2 for UTF-8 (1 would be windows-1251, 3 KOI8-R).
PREFIX = "ST00012"
#: Housing and utilities.
UTILITIES = "02"
SEPARATORS = "|#;:^_~{}!$%&()*+,/@"
#: Bytes of the service block with the five mandatory requisites.
MANDATORY_BYTES = 300
#: What a symbol of version 17 holds at level M: 93 modules with its quiet zone, 46.5 mm at half a millimetre each.
LONGEST_BYTES = 504
#: The same of version 14, for screens: 81 modules with the quiet zone, four pixels each on the narrowest usual phone.
SCREEN_BYTES = 362
_LONGEST = {"Name": 160, "BankName": 45, "CorrespAcc": 20, "Purpose": 160}
_DEAR_FIRST = ("PayerAddress", "Category", "MiddleName", "FirstName", "LastName", "QuittId")

Field = tuple[str, str]


@dataclass(frozen=True, slots=True)
class PaymentOrder:
    """What is to be paid, to whom and for what. `amount` in kopecks; nothing is asked for where it isn't positive.

    `account` is the resident's account at the payee (PersAcc), not to be mixed with `bank_account` (PersonalAcc).
    """

    name: str
    bank_account: str
    bank: str
    bic: str
    correspondent_account: str
    amount: int = 0
    purpose: str = ""
    inn: str = ""
    kpp: str = ""
    surname: str = ""
    first_name: str = ""
    patronymic: str = ""
    account: str = ""
    address: str = ""
    month: Month | None = None
    document_number: str = ""
    category: str = ""
    tech_code: str = UTILITIES


def payment_string(order: PaymentOrder, *, longest: int = LONGEST_BYTES) -> str:
    """The string that a bank's application reads. What doesn't fit is shortened, the least needful left out."""
    fields = _fitting(_mandatory(order), [field for field in _optional(order) if field[1]], longest)
    separator = _separator(fields)
    # With none left over the values give way: a plain stroke tells no payment from another.
    cleaned = fields if separator else [(key, value.replace("|", "/")) for key, value in fields]
    return _joined(cleaned, separator or "|")


def payment_bytes(order: PaymentOrder) -> bytes:
    """The same in UTF-8, as it goes into the symbol: qrcode must not choose an encoding by itself."""
    return payment_string(order).encode()


def _mandatory(order: PaymentOrder) -> list[Field]:
    fields = [
        ("Name", order.name),
        ("PersonalAcc", order.bank_account),
        ("BankName", order.bank),
        ("BIC", order.bic),
        # A treasury account has none, and a mandatory requisite can't be left out.
        ("CorrespAcc", order.correspondent_account or "0"),
    ]
    return [(key, _value(key, value)) for key, value in fields]


def _optional(order: PaymentOrder) -> list[Field]:
    fields = [
        ("Sum", str(order.amount) if order.amount > 0 else ""),
        ("Purpose", order.purpose),
        ("PayeeINN", order.inn),
        ("KPP", order.kpp),
        ("LastName", order.surname),
        ("FirstName", order.first_name),
        ("MiddleName", order.patronymic),
        ("PersAcc", order.account),
        ("PayerAddress", order.address),
        ("PaymPeriod", f"{order.month.number:02d}{order.month.year}" if order.month else ""),
        ("QuittId", order.document_number),
        ("Category", order.category),
        ("TechCode", order.tech_code),
    ]
    return [(key, _value(key, value)) for key, value in fields]


def _value(key: str, text: str) -> str:
    """One line without anything unseen, of the field's length at most."""
    plain = " ".join(visible(text).split()).encode("utf-8", "replace").decode()
    return plain[: _LONGEST.get(key, 160)].rstrip()


def _fitting(mandatory: list[Field], optional: list[Field], longest: int) -> list[Field]:
    """Within the bytes: the name gives way in the first list; in the second what is of least need, then the purpose.

    Where there is nothing else left to cut, the name gives way once more.
    """
    head = [field for field in _shortened(mandatory, "Name", MANDATORY_BYTES) if field[1]]
    for key in _DEAR_FIRST:
        if _size([*head, *optional]) <= longest:
            break
        optional = [field for field in optional if field[0] != key]
    told = [field for field in _shortened([*head, *optional], "Purpose", longest) if field[1]]
    return _shortened(told, "Name", longest)


def _shortened(fields: list[Field], key: str, limit: int) -> list[Field]:
    """The fields with that one cut by as many bytes as they are over the limit."""
    over = max(0, _size(fields) - limit)
    return [(name, _cut(value, over) if name == key else value) for name, value in fields]


def _cut(value: str, over: int) -> str:
    raw = value.encode()
    return raw[: max(0, len(raw) - over)].decode(errors="ignore").rstrip() if over else value


def _size(fields: list[Field]) -> int:
    return len(_joined(fields, "|").encode())


def _joined(fields: list[Field], separator: str) -> str:
    return separator.join([PREFIX, *(f"{key}={value}" for key, value in fields)])


def _separator(fields: list[Field]) -> str:
    """«|», or where a value contains it the first sign that none contains; an empty string where all are taken."""
    taken = set(chain.from_iterable(value for _, value in fields))
    return next((sign for sign in SEPARATORS if sign not in taken), "")
