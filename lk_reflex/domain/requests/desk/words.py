"""The words by which the desk finds a request: made alike of what is stored and of what an operator types."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from sqlalchemy import bindparam, delete, insert
from sqlmodel import col

from lk_reflex.core.db import Writer
from lk_reflex.core.text import account_key, fold, house_key, surname_key, visible
from lk_reflex.domain.requests.tables import RequestWord

#: So many of a request's words are kept, and so long ones: a text of 100 pages isn't an address.
MOST_WORDS, LONGEST_WORD = 60, 40
#: What is typed beyond that isn't looked at.
LONGEST_TYPED, MOST_TYPED = 200, 8
#: A run of so many digits is a number, an account or a meter: its dashes mean nothing.
_LONG = 5
STOP: Final = frozenset({
    "г", "город", "гор", "ул", "улица", "пр", "пр-кт", "просп", "проспект", "пер", "переулок", "пл", "площадь",
    "б-р", "бульвар", "ш", "шоссе", "наб", "набережная", "п", "пос", "поселок", "р-н", "район", "обл", "область",
    "д", "дом", "кв", "квартира", "no", "n", "номер", "лс", "заявка", "заявки", "заявке", "обращение", "обращения",
    "тел", "телефон",
})  # fmt: skip
_PHONE = re.compile(r"(?<!\d)(?:\+?\s?7|8)[\s(\-]*(\d{3})[\s)\-]*(\d{3})[\s\-]*(\d{2})[\s\-]*(\d{2})(?!\d)")
_NUMBER = re.compile(r"(?<!\d)(\d{6})[\s\-]+(\d{3})[\s\-]+(\d{3})(?!\d)")
_ONLY_DIGITS = re.compile(r"[\d\s\-]+")
#: «10 А» and «10 корп. 1» are one house.
_PART = re.compile(r"(?<=\d)[\s,]*\b(?:корпус|корп|кор|к)\b[.\s]*(?=\d)")
_LETTER = re.compile(r"(?<=\d)[\s\-]*(?:(?:литера|литер|лит)[.\s]+)?(?=[а-яa-z](?:$|[\s,.;]))")
_ACCOUNT_SIGN = re.compile(r"\bл\s*/\s*с\b")
_JOINED = re.compile(r"\w+(?:[/\-]\w+)*")
_WORD = re.compile(r"\w+")
_APOSTROPHES = re.compile("['`´ʹʼʻ‘’′]")


def index_words(db: Writer, request_id: int, words: Iterable[str]) -> None:
    """Store what a request is found by, in the place of what it was found by before.

    `words` are texts as they were typed: number, account, name, address, phone, meters' numbers.
    """
    found = dict.fromkeys(word for text in words for word in stored_words(text))
    db.change(_FORGET, of_request=request_id)
    rows = [{"word": word, "request_id": request_id} for word in list(found)[:MOST_WORDS]]
    if rows:
        db.connection.execute(insert(RequestWord), rows)


_FORGET = delete(RequestWord).where(col(RequestWord.request_id) == bindparam("of_request"))


def stored_words(text: str) -> Iterator[str]:
    """A stored text's words; a phone's ones however the country's code is typed."""
    for word in _words(_storable(text)):
        if len(word) == 11 and word[0] in "78" and word.isdecimal():
            yield from (word[1:], f"7{word[1:]}", f"8{word[1:]}")
        else:
            yield word


def typed_words(text: str) -> tuple[str, ...]:
    """What an operator looks for: each must be the beginning of one of a request's words."""
    plain = _storable(text[:LONGEST_TYPED]).strip()
    if _ONLY_DIGITS.fullmatch(plain) and sum(map(str.isdigit, plain)) >= _LONG:
        plain = re.sub(r"[\s\-]", "", plain)
    return tuple(dict.fromkeys(_words(plain)))[:MOST_TYPED]


def _storable(text: str) -> str:
    return visible(text).replace("\0", "")


def _words(text: str) -> list[str]:
    plain = _APOSTROPHES.sub("", fold(text))
    plain = _PHONE.sub(r" 7\1\2\3\4 ", plain)
    plain = _NUMBER.sub(r"\1\2\3", plain)
    plain = _LETTER.sub("", _PART.sub("к", _ACCOUNT_SIGN.sub(" ", plain)))
    found = [word for joined in _JOINED.findall(plain) for word in _parts(joined)]
    telling = [word for word in found if word not in STOP]
    return [word[:LONGEST_WORD] for word in telling or found]


def _parts(joined: str) -> list[str]:
    """«10/1», «12345-678» and «а-12345» are one word each; «римского-корсакова» is two."""
    if joined in STOP:
        return [joined]
    digits = sum(map(str.isdigit, joined))
    if digits >= _LONG:
        key = account_key(joined).lower()
    elif digits:
        key = house_key(joined)
    else:
        return [surname_key(word) or word for word in _WORD.findall(joined)]
    return [key] if key else []
