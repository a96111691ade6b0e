"""Each field of the sealing application by itself: what was typed in, what is meant out. Pure: no database, no clock.

A function raises Unreadable with the sentence for its field.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from datetime import date, timedelta
from typing import Final

from lk_reflex.core.clock import format_date, parse_date
from lk_reflex.core.errors import Invalid
from lk_reflex.core.text import fold, visible
from lk_reflex.domain.identity.contacts.phones import mobile_of
from lk_reflex.domain.metering.typed import Unreadable, parse_number

PASSPORT: Final = "Паспорт"
#: «Документ удостоверяющий личность»: what the manual knows.
DOCUMENTS: Final = (PASSPORT,)
#: What the manual shows in the empty field, and what may be left there.
ANY_DAY: Final = "15 рабочих дней с момента рассмотрения заявки"
#: Since then passports of this kind are given out (Постановление Правительства РФ от 08.07.1997 № 828).
FIRST_PASSPORTS: Final = date(1997, 10, 1)
LONGEST_NAME, LONGEST_ISSUER, LONGEST_WISH, LONGEST_SERIAL, LONGEST_INSTALLER = 200, 300, 200, 30, 1000
#: Water meters are verified every 4 to 16 years; further off is a slip of the pen.
LONGEST_VERIFIED: Final = timedelta(days=366 * 20)
LONGEST_WAIT: Final = timedelta(days=366)
DIGITS, DECIMALS = 8, 3

_DASHES = re.compile("[‐-―−]")
_BETWEEN = re.compile(r"[\s\-№]+")
_LOOKS_LIKE_DATE = re.compile(r"[\d\s.,/\-]+")
_NOT_IN_NAMES = re.compile(r"[^\w\s\-'’.()]|[\d_]")
_NOT_IN_SERIALS = re.compile(r"[^\w\s\-./\\№]|_")


def owner(text: str) -> str:
    """«Здетовецкий Сергей Владимирович»: two words at least."""
    plain = _line(text)
    if not plain:
        raise Unreadable("Введите фамилию, имя и отчество собственника")
    if len(plain) > LONGEST_NAME:
        raise Unreadable(f"Не больше {LONGEST_NAME} знаков. Введите только фамилию, имя и отчество")
    _only(plain, _NOT_IN_NAMES, "В фамилии, имени и отчестве могут быть только буквы, дефис и пробел")
    if len(plain.split()) < 2:
        raise Unreadable("Введите фамилию, имя и отчество полностью, как в паспорте")
    return plain


def document(text: str) -> str:
    """The kind of the document."""
    if _line(text) not in DOCUMENTS:
        raise Unreadable("Выберите документ, удостоверяющий личность")
    return _line(text)


def series(text: str) -> str:
    """«7501» of «75 01»."""
    return _digits(text, 4, "Введите серию паспорта", "Серия паспорта состоит из 4 цифр, например 75 01")


def number(text: str) -> str:
    """«123456» of «123 456» and «№ 123456»."""
    return _digits(text, 6, "Введите номер паспорта", "Номер паспорта состоит из 6 цифр, например 123456")


def issued_on(text: str, today: date) -> date:
    """When the passport was given."""
    day = _day(text, "Введите дату выдачи паспорта, например 12.05.2014")
    if day > today:
        raise Unreadable("Дата выдачи паспорта не может быть в будущем. Проверьте её по паспорту")
    if day < FIRST_PASSPORTS:
        raise Unreadable("Паспорта этого образца выдают с октября 1997 года. Проверьте дату по паспорту")
    return day


def code(text: str) -> str:
    """«740-054», however it is divided."""
    plain = _digits(
        text, 6, "Введите код подразделения", "Код подразделения состоит из 6 цифр, например 740-054"
    )  # fmt: skip
    return f"{plain[:3]}-{plain[3:]}"


def issued_by(text: str) -> str:
    """Who gave it."""
    plain = _line(text)
    if not plain:
        raise Unreadable("Напишите, кем выдан паспорт, как в нём указано")
    if len(plain) > LONGEST_ISSUER:
        raise Unreadable(f"Не больше {LONGEST_ISSUER} знаков, сейчас {len(plain)}. Сократите название")
    if sum(map(str.isalpha, plain)) < 3:
        raise Unreadable("Напишите название органа, который выдал паспорт, например: Отделом УФМС России")
    return plain


def phone(text: str) -> str:
    """E.164 of a mobile."""
    try:
        return mobile_of(text)
    except Invalid as fault:
        raise Unreadable(fault.fields["phone"]) from None


def wished(text: str, today: date, is_working: Callable[[date], bool]) -> str:
    """When the meter should be taken into use: a working day to come, words, or nothing."""
    plain = _line(text)
    if not plain:
        return ""
    if len(plain) > LONGEST_WISH:
        raise Unreadable(f"Не больше {LONGEST_WISH} знаков, сейчас {len(plain)}. Сократите")
    if not _LOOKS_LIKE_DATE.fullmatch(plain):
        return plain
    day = _day(plain, "")
    if day <= today:
        raise Unreadable("Этот день уже наступил или прошёл. Укажите день не раньше завтрашнего")
    if day > today + LONGEST_WAIT:
        raise Unreadable("Укажите день не позже чем через год")
    if not is_working(day):
        raise Unreadable(f"{format_date(day)} — выходной день. Укажите рабочий")
    return format_date(day)


def choice(text: str, choices: Collection[str], nothing: str) -> str:
    """What a dropdown offers; one that an administrator has taken out since is to be chosen anew."""
    plain = _line(text)
    if not plain:
        raise Unreadable(nothing)
    if plain not in choices:
        raise Unreadable(f"Значения «{plain[:60]}» в списке больше нет. Выберите другое")
    return plain


def serial(text: str) -> str:
    """The factory's number, as it stands on the meter."""
    plain = _line(text)
    if not plain:
        raise Unreadable("Введите заводской номер счётчика: он указан на корпусе и в паспорте прибора")
    if len(plain) > LONGEST_SERIAL:
        raise Unreadable(f"Не больше {LONGEST_SERIAL} знаков, сейчас {len(plain)}. Введите только номер")
    _only(plain, _NOT_IN_SERIALS, "В заводском номере могут быть цифры, буквы, дефис, точка и дробь")
    if not any(map(str.isdigit, plain)):
        raise Unreadable("В заводском номере должны быть цифры. Проверьте его по паспорту прибора")
    return plain


def serial_key(text: str) -> str:
    """By which the same meter twice is recognised."""
    return "".join(char for char in fold(text) if char.isalnum()).lstrip("0")


def reading(text: str) -> int:
    """Thousandths of what the dial shows."""
    if not text.strip():
        raise Unreadable("Введите показание счётчика, например 0 или 86,21")
    return parse_number(text, digits=DIGITS, decimals=DECIMALS)


def verification_due(text: str, today: date) -> date:
    """Until when the meter is verified."""
    day = _day(text, "Введите дату следующей поверки, например 20.11.2030: она есть в паспорте прибора или в акте")
    if day <= today:
        raise Unreadable("Срок поверки уже вышел. Введите дату следующей поверки или сначала поверьте счётчик")
    if day > today + LONGEST_VERIFIED:
        raise Unreadable("До следующей поверки не бывает больше 20 лет. Проверьте год")
    return day


def installer(text: str) -> str:
    """Who has mounted the meter, in the person's own words."""
    plain = visible(text).strip()
    if not plain:
        raise Unreadable("Напишите, какая организация установила счётчик")
    if len(plain) > LONGEST_INSTALLER:
        raise Unreadable(f"Не больше {LONGEST_INSTALLER} знаков, сейчас {len(plain)}. Сократите текст")
    return plain


def _line(text: str) -> str:
    """In one line, without what nobody sees and stress marks, with the one dash of keyboards."""
    plain = "".join(char for char in unicodedata.normalize("NFC", visible(text)) if not unicodedata.combining(char))
    return " ".join(_DASHES.sub("-", plain).split())


def _only(plain: str, strange: re.Pattern[str], sentence: str) -> None:
    found = list(dict.fromkeys(strange.findall(plain)))[:5]
    if found:
        raise Unreadable(f"{sentence}. Уберите лишнее: {', '.join(f'«{char}»' for char in found)}")


def _digits(text: str, count: int, nothing: str, wrong: str) -> str:
    plain = _BETWEEN.sub("", _line(text))
    if not plain:
        raise Unreadable(nothing)
    if len(plain) != count or not (plain.isascii() and plain.isdigit()):
        raise Unreadable(wrong)
    return plain


def _day(text: str, nothing: str) -> date:
    """A date as people type one: «8.11.2012», «08/11/2012», «08112012», «2012-11-08»."""
    plain = _line(text).replace(",", ".").rstrip(".")
    plain = re.sub(r"\s*[.]\s*", ".", re.sub(r"\s*г(?:ода|од)?$", "", plain))
    if not plain:
        raise Unreadable(nothing)
    if len(plain) == 8 and plain.isascii() and plain.isdigit():
        plain = f"{plain[:2]}.{plain[2:4]}.{plain[4:]}"
    if re.fullmatch(r"\d{1,2}[./\- ]\d{1,2}[./\- ]\d{2}", plain):
        raise Unreadable("Введите год четырьмя цифрами, например 12.05.2014")
    if len(plain) > 10 or not _LOOKS_LIKE_DATE.fullmatch(plain):
        raise Unreadable("Введите дату так: ДД.ММ.ГГГГ, например 12.05.2014")
    try:
        return parse_date(plain)
    except (ValueError, OverflowError):
        raise Unreadable("Такой даты нет. Введите её так: ДД.ММ.ГГГГ, например 12.05.2014") from None
