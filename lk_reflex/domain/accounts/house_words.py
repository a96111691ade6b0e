"""Addresses as people write and type them: one way to show a street, and the words of what was typed."""

import re
from dataclasses import dataclass, replace
from itertools import takewhile

from lk_reflex.core.text import fold, house_key

#: What is longer is no address.
LONGEST, MOST_WORDS = 200, 12
#: Every spelling of a kind of street that billing systems and people use → one.
KINDS = {
    "ул": "ул", "улица": "ул", "пр": "пр", "пркт": "пр", "прт": "пр", "просп": "пр", "проспект": "пр",
    "пер": "пер", "переулок": "пер", "бр": "бр", "бул": "бр", "бульвар": "бр", "пл": "пл", "площадь": "пл",
    "ш": "ш", "шоссе": "ш", "наб": "наб", "набережная": "наб", "мкр": "мкр", "мкрн": "мкр", "микрорайон": "мкр",
    "прд": "прд", "проезд": "прд", "туп": "туп", "тупик": "туп", "тракт": "тракт", "кв-л": "квл", "квартал": "квл",
}  # fmt: skip
_SMALL = {*KINDS, "ул.", "пр.", "им", "пр-т", "пр-кт", "б-р", "мкр-н", "пр-д", "кв-л", "лет", "и", "на"}
_NOISE = {
    "г", "гор", "город", "д", "дом", "п", "пос", "поселок", "с", "село", "обл", "область", "рн", "район", "россия",
}  # fmt: skip
#: After these comes what lies inside a house.
_INSIDE = {"кв", "квартира", "подъезд", "под", "этаж", "эт", "оф", "офис"}
#: Houses go by these; «у», «с» and «о» are words.
_LETTERS = frozenset("абвгдежзк")
_PART = {"к", "корп", "корпус", "стр", "строение", "лит", "литер", "литера"}
_JOINED = {"пр-т": "прт", "пр-кт": "пркт", "б-р": "бр", "мкр-н": "мкрн", "пр-д": "прд", "кв-л": "квл", "р-н": "рн"}
_HYPHENED = re.compile("|".join(rf"(?<!\w){joined}(?!\w)" for joined in _JOINED))
_TOKEN = re.compile(r"\d+[а-яa-z]?(?:/\d+[а-яa-z]?)+|\d+-\d+[а-я]?|\d+[а-я](?![а-я])|\d+|[^\W\d_]+")
#: Latin letters that look like Cyrillic ones, and a whole word typed with the keyboard left in Latin.
_ALIKE = str.maketrans("abcehkmoptxy", "авсенкмортху")
_LAYOUT = str.maketrans("qwertyuiop[]asdfghjkl;'zxcvbnm,.`", "йцукенгшщзхъфывапролджэячсмитьбюе")
_LATIN = re.compile("[a-z]")
_CYRILLIC = re.compile("[а-я]")


@dataclass(frozen=True, slots=True)
class Spelled:
    """One reading of a typed address: words of street and town, the street's kind, and the house's key or nothing.

    `cut`: what stood behind the house is taken for a landmark and left out.
    """

    words: tuple[str, ...]
    kind: str
    house: str
    cut: bool = False


def street_title(street: str) -> str:
    """«ул. Братьев Кашириных» of «УЛ. БРАТЬЕВ КАШИРИНЫХ»; what isn't all in capitals stays as it is."""
    return " ".join(map(_word_title, street.split())) if street.isupper() else street


def place_line(city: str, street: str, house: str) -> str:
    """«Челябинск, ул. Кыштымская, 10»."""
    return ", ".join(part for part in (city, street_title(street), house) if part)


def street_words(text: str) -> tuple[tuple[str, ...], str]:
    """The words by which a street or a town is found, and its kind."""
    words = _tokens(text)
    kinds = [KINDS[word] for word in words if word in KINDS]
    return tuple(word for word in words if word not in KINDS and word not in _NOISE), kinds[0] if kinds else ""


def readings(typed: str) -> list[Spelled]:
    """All that was possibly meant: each number may be the house, or a part of the street's name."""
    plain = typed[:LONGEST]
    meant = [_tokens(plain)]
    if _LATIN.search(plain.casefold()) and not _CYRILLIC.search(fold(plain)):
        meant.append(_tokens(plain.casefold().translate(_LAYOUT)))
    found: dict[Spelled, None] = {}
    for all_tokens in meant:
        tokens = list(takewhile(lambda token: token not in _INSIDE, all_tokens[:MOST_WORDS]))
        for at, token in enumerate(tokens):
            if token[0].isdigit():
                found |= dict.fromkeys(_with_house(tokens, at))
        found[_spelled(tokens, "")] = None
    return [one for one in found if one.words]


def _with_house(tokens: list[str], at: int) -> list[Spelled]:
    """The number at `at` taken for the house: with the part that follows it, and without what may be a flat."""
    rest = tokens[at + 1 :]
    if len(rest) > 1 and rest[0] in _PART and (rest[1][0].isdigit() or len(rest[1]) == 1):
        return [_spelled(tokens[:at] + rest[2:], f"{tokens[at]} {rest[0]}. {rest[1]}".replace("к. ", "корпус "))]
    if rest and rest[0] in _LETTERS:
        return [_spelled(tokens[:at] + rest[1:], tokens[at] + rest[0])]
    found = [_spelled(tokens[:at] + rest, tokens[at])]
    if at and rest:
        found.append(replace(_spelled(tokens[:at], tokens[at]), cut=True))
    if rest and rest[0][0].isdigit():
        found.append(_spelled(tokens[:at] + rest[1:], tokens[at]))
    if "-" in tokens[at]:
        found.append(_spelled(tokens[:at] + rest, tokens[at].partition("-")[0]))
    return found


def _spelled(tokens: list[str], house: str) -> Spelled:
    kinds = [KINDS[token] for token in tokens if token in KINDS]
    words = tuple(token for token in tokens if token not in KINDS and token not in _NOISE)
    return Spelled(words, kinds[0] if kinds else "", house_key(house) if house else "")


def _tokens(text: str) -> list[str]:
    plain = _HYPHENED.sub(lambda found: _JOINED[found[0]], fold(text).translate(_ALIKE))
    return _TOKEN.findall(plain)


def _word_title(word: str) -> str:
    low = word.lower()
    if low.strip(".") in _SMALL or low in _SMALL:
        return low
    parts = low.split("-")
    # «40-летия», but «Римского-Корсакова».
    return "-".join(part if at and parts[at - 1][:1].isdigit() else part[:1].upper() + part[1:]
                    for at, part in enumerate(parts))  # fmt: skip
