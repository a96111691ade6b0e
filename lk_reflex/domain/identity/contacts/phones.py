"""Mobile phone numbers: any spelling a person uses in, one form of the world's numbering plan out."""

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from lk_reflex.core.errors import Invalid

FORMAT = "Введите номер сотового телефона целиком, например +7 912 345-67-89"
EMPTY = "Введите номер сотового телефона"
#: The country whose numbers are meant where no «+» begins them.
COUNTRY = "RU"
_MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def parse_mobile(text: str) -> str:
    """A Russian mobile number as E.164: «8 912 345-67-89», «+7(912)3456789» and «9123456789» are one.

    Raises ValueError for anything else: a landline, another country, an extension, words.
    """
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except NumberParseException as fault:
        raise ValueError(text) from fault
    if number.extension or phonenumbers.region_code_for_number(number) != COUNTRY:
        raise ValueError(text)
    if phonenumbers.number_type(number) not in _MOBILE:
        raise ValueError(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def parse_phone(text: str) -> str:
    """Any Russian number that somebody can be called at, as E.164; a landline with its town's code, too.

    Raises ValueError for anything else.
    """
    try:
        number = phonenumbers.parse(text, COUNTRY)
    except NumberParseException as fault:
        raise ValueError(text) from fault
    if number.extension or not phonenumbers.is_valid_number_for_region(number, COUNTRY):
        raise ValueError(text)
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def mobile_of(typed: str) -> str:
    """E.164 of what was typed. Raises Invalid for «phone»."""
    if not typed.strip():
        raise Invalid({"phone": EMPTY})
    try:
        return parse_mobile(typed)
    except ValueError as fault:
        raise Invalid({"phone": FORMAT}) from fault


def format_phone(e164: str | None) -> str:
    """«+7 912 345-67-89»; an empty string for none."""
    if not e164:
        return ""
    try:
        return phonenumbers.format_number(phonenumbers.parse(e164), PhoneNumberFormat.INTERNATIONAL)
    except NumberParseException:
        return e164


def masked_phone(e164: str | None) -> str:
    """«+7 912 •••-••-89»: enough for its owner to know it by, too little for anybody else to call."""
    shown = format_phone(e164)
    digits = [place for place, char in enumerate(shown) if char.isdigit()]
    hidden = set(digits[4:-2])
    return "".join("•" if place in hidden else char for place, char in enumerate(shown))
