"""Normalised keys for comparing what people type; SQLite folds no Cyrillic, so keys are stored columns."""

import re
import unicodedata

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_LOOKALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")
#: «No» is what compatibility folding leaves of «№».
_PLACE = re.compile(r"^(?:(?:дом|д|квартира|кв|no|n)(?=[\W\d])[.\s]*)+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w/]+(?=\d)")


def fold(text: str) -> str:
    """Case, «ё»/«е», compatibility forms, combining marks and runs of spaces made equal."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("ё", "е")
    plain = "".join(char for char in plain if not unicodedata.combining(char) or char == "\u0306")
    plain = unicodedata.normalize("NFC", plain)
    return " ".join(_DASHES.sub("-", plain).split())


def email_key(email: str) -> str:
    """The form under which an e-mail is unique: trimmed, in lower case, without the NUL that PostgreSQL refuses."""
    return unicodedata.normalize("NFKC", email).strip().casefold().replace("\0", "\ufffd")


def account_key(number: str) -> str:
    """An account number without spaces, dashes and leading zeros, in upper case."""
    plain = unicodedata.normalize("NFKC", number)
    return "".join(char for char in plain if char.isalnum()).upper().lstrip("0")


def house_key(text: str) -> str:
    """House or flat: «10 А», «10а», «10-А», Latin «A» and «кв. 10» meet in one key.

    «10/1» and «10-1» meet too, apart from «101»; a place without a number is an empty key, number 0 is not.
    """
    plain = _PLACE.sub("", fold(text))
    plain = _BETWEEN_DIGITS.sub("/", plain)
    plain = re.sub(r"[^\w/]", "", plain).translate(_LOOKALIKES)
    return plain.lstrip("0") or plain[:1]
