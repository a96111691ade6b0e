"""Normalised keys for comparing what people type; SQLite folds no Cyrillic, so keys are stored columns."""

import re
import unicodedata

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_LOOKALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")


def fold(text: str) -> str:
    """Case, «ё»/«е», compatibility forms, combining marks and runs of spaces made equal."""
    plain = unicodedata.normalize("NFKD", text).casefold().replace("ё", "е")
    plain = "".join(char for char in plain if not unicodedata.combining(char) or char == "\u0306")
    plain = unicodedata.normalize("NFC", plain)
    return " ".join(_DASHES.sub("-", plain).split())


def email_key(email: str) -> str:
    """The form under which an e-mail is unique: trimmed and folded to lower case."""
    return unicodedata.normalize("NFKC", email).strip().casefold()


def account_key(number: str) -> str:
    """An account number without spaces, dashes and leading zeros, in upper case."""
    plain = unicodedata.normalize("NFKC", number)
    return "".join(char for char in plain if char.isalnum()).upper().lstrip("0")


def house_key(text: str) -> str:
    """House or flat: «10 А», «10а», «10-А», Latin «A» and «кв. 10» meet in one key; «10/1» keeps its slash."""
    plain = fold(text)
    plain = re.sub(r"^(?:дом|д|квартира|кв|№|n)\b[.\s]*", "", plain)
    plain = re.sub(r"[^\w/]", "", plain)
    return plain.translate(_LOOKALIKES).lstrip("0")
