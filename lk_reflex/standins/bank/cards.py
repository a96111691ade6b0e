"""The cards for trying out, one for each way that a payment may go, and what is wrong with a card as typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

NO_NUMBER = "Введите номер карты"
WRONG_NUMBER = "В номере карты ошибка: проверьте цифры"
REAL_CARD = "Это не тестовая карта. Возьмите номер из списка внизу страницы: настоящие карты здесь вводить нельзя"
NO_MONTH = "Введите месяц двумя цифрами, например 09"
NO_YEAR = "Введите год двумя цифрами, например 31"
PAST = "Срок действия карты закончился: введите будущий месяц и год"
NO_CVC = "Введите три цифры с оборота карты"


class Way(StrEnum):
    """What a card does."""

    PAID = "paid"
    SECURE = "secure"
    DECLINED = "declined"
    NO_MONEY = "no-money"
    SLOW = "slow"
    CHARGED_SILENT = "charged-silent"
    SILENT = "silent"
    HELD = "held"
    LOST = "lost"
    TWICE_LATE = "twice-late"
    DISORDERED = "disordered"


@dataclass(frozen=True, slots=True)
class TestCard:
    """One of them; `shows` tells what trying it shows."""

    __test__ = False  # no test, though it is called so

    way: Way
    number: str
    shows: str

    @property
    def grouped(self) -> str:
        """«4111 1111 1111 1111»."""
        return " ".join(self.number[at : at + 4] for at in range(0, 16, 4))


CARDS = (
    TestCard(Way.PAID, "4111111111111111", "Оплата проходит сразу"),
    TestCard(Way.SECURE, "5555555555554444", "Банк просит подтвердить оплату кодом из СМС: 1234"),
    TestCard(Way.DECLINED, "4000000000000002", "Банк отклоняет оплату"),
    TestCard(Way.NO_MONEY, "4000000000009995", "На карте недостаточно средств"),
    TestCard(Way.SLOW, "2200000000000004", "Банк отвечает через несколько секунд"),
    TestCard(Way.CHARGED_SILENT, "2200000000000012", "Деньги списаны, но ответа нет и уведомление не приходит"),
    TestCard(Way.SILENT, "2200000000000020", "Ответа нет, деньги не списаны"),
    TestCard(Way.HELD, "2200000000000038", "Деньги только заблокированы на карте"),
    TestCard(Way.LOST, "2200000000000046", "Оплата проходит, уведомление теряется"),
    TestCard(Way.TWICE_LATE, "2200000000000053", "Оплата проходит, уведомление опаздывает и приходит дважды"),
    TestCard(Way.DISORDERED, "2200000000000061", "Уведомления путаются: сначала «отклонено», потом «оплачено»"),
)
_BY_NUMBER = {card.number: card for card in CARDS}
_BY_WAY = {card.way: card for card in CARDS}
_SEPARATORS = re.compile(r"[\s\-\u2010-\u2015\u00a0\u200b]+")


@dataclass(frozen=True, slots=True)
class Typed:
    """A card as typed, and its faults by the name of the field."""

    way: Way | None
    number: str
    expiry: str
    faults: Mapping[str, str]

    @property
    def pan(self) -> str:
        """«411111**1111»: all that the bank keeps of it."""
        return f"{self.number[:6]}**{self.number[-4:]}"


def card_of(way: str) -> TestCard | None:
    """The card that does so, or None."""
    return _BY_WAY.get(way)  # type: ignore[call-overload]


def luhn(number: str) -> bool:
    """Whether the last digit fits the others (ISO/IEC 7812-1, annex B)."""
    digits = [int(digit) for digit in reversed(number)]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return (sum(digits[::2]) + sum(doubled)) % 10 == 0


def read_card(form: Mapping[str, str], today: date) -> Typed:
    """Judge what was typed."""
    number, month, year, cvc = (_digits(form.get(name, "")) for name in ("number", "month", "year", "cvc"))
    card, faults = _BY_NUMBER.get(number), {}
    if fault := _number_fault(number, card):
        faults["number"] = fault
    if not re.fullmatch("0?[1-9]|1[0-2]", month):
        faults["month"] = NO_MONTH
    if not re.fullmatch(r"(20)?\d\d", year):
        faults["year"] = NO_YEAR
    if not faults.keys() & {"month", "year"} and (2000 + int(year[-2:]), int(month)) < (today.year, today.month):
        faults["month"] = PAST
    if not re.fullmatch(r"\d{3}", cvc):
        faults["cvc"] = NO_CVC
    return Typed(card.way if card else None, number, f"20{year[-2:]}{month.zfill(2)}", faults)


def _number_fault(number: str, card: TestCard | None) -> str:
    if not number:
        return NO_NUMBER
    if not re.fullmatch(r"\d{13,19}", number) or not luhn(number):
        return WRONG_NUMBER
    return "" if card else REAL_CARD


def _digits(text: str) -> str:
    """What people put between digits is left out; digits of other alphabets stay and fit nothing."""
    plain = _SEPARATORS.sub("", text)
    return plain if plain.isascii() else "?"
