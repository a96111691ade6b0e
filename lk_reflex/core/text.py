"""Normalised keys for comparing what people type; SQLite folds no Cyrillic, so keys are stored columns.

Whoever changes `account_key`, `house_key` or `surname_key` adds a migration that calls `rekey`, as 0003 does.
"""

import re
import unicodedata

_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_LOOKALIKES = str.maketrans("abcehkmoptxy", "авсенкмортху")
#: «No» is what compatibility folding leaves of «№».
_PLACE = re.compile(r"^(?:(?:дом|д|квартира|кв|no|n)(?=[\W\d])[.\s]*)+")
_BETWEEN_DIGITS = re.compile(r"(?<=\d)[^\w/]+(?=\d)")
#: «10 корпус 1», «10 к. 1», «10 литер А»: the building's part, said at length.
_PART = re.compile(r"(?<=\d)\W*(?:корпус|корп)[.\s]*(?=\d)")
_LETTER = re.compile(r"(?<=\d)\W*(?:литера|литер|лит)[.\s]+(?=\w)")
_ACCOUNT = re.compile(r"^(?:лицевойсчет|лицсчет|лсчет|лс|no|n)+(?=\d)")
_JOINTS = re.compile(r"[\s\-]+")
_MARKS = re.compile("['`´ʹʼʻ‘’′.,]")
#: «И.И.», «И. И.», «И И» before or after a surname: letters that stand alone.
_INITIALS = re.compile(r"(?<![\w\-])\w(?:\.[\s.]*|\s+|$)")
_CYRILLIC = re.compile("[\u0400-\u052f]")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f]")
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})
_LATIN_WORDS = re.compile("[a-z\u00df-\u024f-]+")
LONGEST_SURNAME = 100
NO_SURNAME = "Введите фамилию собственника или нанимателя"


def visible(text: str) -> str:
    """The text without what nobody sees: NUL and other controls, zero-width marks, soft hyphens, a BOM."""
    if text.isprintable():
        return text
    return "".join(char for char in text if char.isspace() or unicodedata.category(char) not in _UNSEEN)


def storable(text: str) -> str:
    """The text without what no database takes: NUL, half a surrogate pair."""
    return _UNSTORABLE.sub("", text)


def fold(text: str) -> str:
    """Case, «ё»/«е», compatibility forms, combining marks and runs of spaces made equal; what is invisible is gone."""
    plain = unicodedata.normalize("NFKD", visible(text)).casefold().replace("ё", "е")
    plain = "".join(char for char in plain if not unicodedata.combining(char) or char == "\u0306")
    plain = unicodedata.normalize("NFC", plain)
    return " ".join(_DASHES.sub("-", plain).split())


def email_key(email: str) -> str:
    """The form under which an e-mail is unique: trimmed, in lower case, without marks that have no width.

    What no database takes (NUL, half a surrogate pair) becomes a sign that stands in nobody's address.
    """
    plain = "".join(char for char in unicodedata.normalize("NFKC", email) if unicodedata.category(char) != "Cf")
    return _UNSTORABLE.sub("\ufffd", plain.strip().casefold())


def account_key(number: str) -> str:
    """An account number without spaces, dashes, leading zeros and a leading «№» or «л/с», in upper case.

    Latin letters that look like Cyrillic ones are those: a number copied from a screen has either.
    """
    if number.isascii() and number.isdigit():
        return number.lstrip("0")
    plain = "".join(_digit(char) for char in fold(number) if char.isalnum())
    return _ACCOUNT.sub("", plain).translate(_LOOKALIKES).upper().lstrip("0")


def house_key(text: str) -> str:
    """House or flat: «10 А», «10а», «10-А», Latin «A» and «кв. 10» meet in one key.

    «10/1» and «10-1» meet too, apart from «101»; «10 корпус 1» is «10к1». A place without a number is an empty key,
    number 0 is not.
    """
    plain = _PLACE.sub("", "".join(map(_digit, fold(text))))
    plain = _LETTER.sub("", _PART.sub("к", plain))
    plain = _BETWEEN_DIGITS.sub("/", plain)
    plain = re.sub(r"[^\w/]", "", plain).translate(_LOOKALIKES)
    return plain.lstrip("0") or plain[:1]


def surname_key(surname: str) -> str:
    """A surname without case, «ё», marks, apostrophes and initials; any run of spaces and dashes is one dash.

    Equal keys are equal surnames, never alike ones. A Latin letter among Cyrillic ones, as some clerk once typed it
    into the billing, is taken for the letter that it looks like; what a person types is asked `surname_fault` first.
    """
    plain = fold(surname)
    bare = _INITIALS.sub(" ", plain)
    words = _JOINTS.split(_MARKS.sub("", bare if any(len(word) > 1 for word in bare.split()) else plain))
    return "-".join(_one_alphabet(word) for word in words if word)


def surname_fault(typed: str) -> str | None:
    """Why what was typed can't be compared with a surname, as a sentence; None where it can."""
    plain = visible(typed).strip()
    if not surname_key(plain):
        return NO_SURNAME
    if len(plain) > LONGEST_SURNAME:
        return "Фамилия слишком длинная: введите только её, без имени и отчества"
    strange = {char: None for char in unicodedata.normalize("NFKC", plain) if not _belongs(char)}
    latin = [char for char in strange if _LATIN.match(char)]
    if latin:
        return _latin_sentence(plain, latin)
    if strange:
        return f"В фамилии могут быть только русские буквы, дефис и пробел. Уберите лишнее: {_listed(strange)}"
    return None


def in_latin(surname: str) -> bool:
    """Whether it is written in Latin letters alone, as a foreigner's is in the billing."""
    return _LATIN_WORDS.fullmatch(surname_key(surname)) is not None


def _latin_sentence(typed: str, latin: list[str]) -> str:
    if _CYRILLIC.search(typed):
        return f"В фамилии есть латинские буквы: {_listed(latin)}. Замените их русскими"
    return "Фамилия введена латинскими буквами. Переключите клавиатуру на русский язык и введите её заново"


def _listed(chars: dict[str, None] | list[str]) -> str:
    return ", ".join(f"«{char}»" for char in list(chars)[:5])


def _belongs(char: str) -> bool:
    """Whether it may stand in a surname as people write them: our letters, their marks, dashes, dots and spaces."""
    if _CYRILLIC.match(char) or char.isspace() or unicodedata.combining(char):
        return True
    return char == "-" or bool(_DASHES.match(char)) or bool(_MARKS.match(char))


def _one_alphabet(word: str) -> str:
    return word.translate(_LOOKALIKES) if _CYRILLIC.search(word) else word


def _digit(char: str) -> str:
    """Digits of any script as ours."""
    return str(unicodedata.decimal(char)) if char.isdecimal() else char
