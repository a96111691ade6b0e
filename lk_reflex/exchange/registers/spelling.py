"""How our values are spelled in an outside register, so that its own signs stay its own."""

import re
from collections.abc import Sequence

from lk_reflex.core.errors import Refused
from lk_reflex.exchange.out_file import safe_text
from lk_reflex.exchange.registers.options import Names

#: What would end a cell or a line.
_BREAKS = re.compile(r"[;\"\x00-\x1f\x7f]+")


def label(text: str) -> str:
    """A text for people: no formula for a spreadsheet, nothing that would end its cell."""
    return safe_text(" ".join(_BREAKS.sub(" ", text).split()))


def code(text: str, what: str) -> str:
    """A number that the other side finds things by: as it is, or Refused where the register can't hold it."""
    if _BREAKS.search(text):
        raise Refused(f"{what} «{text}» нельзя записать в реестр: в нём «;», кавычка или перевод строки.")
    return text


def person(surname: str, first_name: str, patronymic: str, names: Names) -> str:
    """«ИВАНОВ ИВАН ИВАНОВИЧ», «ИВАНОВ И. И.» or nothing, as the agreement says."""
    if names == "none":
        return ""
    rest = [part for part in (first_name, patronymic) if part]
    shown = rest if names == "full" else [f"{part[0]}." for part in rest]
    return label(" ".join([surname, *shown]))


def encoded(cells: Sequence[str], encoding: str, exact: Sequence[int]) -> bytes:
    """One line with its break. What the encoding lacks becomes «?», but never in the cells at `exact`: Refused."""
    name = "cp1251" if encoding == "windows-1251" else encoding
    for place in exact:
        try:
            cells[place].encode(name)
        except UnicodeEncodeError:
            raise Refused(f"«{cells[place]}» нельзя записать в кодировке {encoding}.") from None
    return (";".join(cells) + "\r\n").encode(name, "replace")


def rubles(kopecks: int, decimal: str) -> str:
    """«-1234.05» from kopecks."""
    whole, rest = divmod(abs(kopecks), 100)
    return f"{'-' if kopecks < 0 else ''}{whole}{decimal}{rest:02d}"
