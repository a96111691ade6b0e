"""Lines of an outside register: bytes of any making, read as a stream and cut at «;»."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from lk_reflex.exchange.sheet import Unreadable

#: No line of a register is that long; a file without line breaks must not fill the memory.
LONGEST = 1 << 20
#: A reason that we have written behind a line left out, which may come back with the corrected line.
REASON = "Причина: "
_HEAD = 1 << 16
EMPTY = "В файле нет ни одной строки: реестр пуст или не дописан. Реестр не загружен."
_NOT_TEXT = "Это не текстовый реестр: в файле нулевые байты."
_DOS = "Похоже на кодировку DOS (cp866). Сохраните реестр в windows-1251 или UTF-8."


@dataclass(frozen=True, slots=True)
class Line:
    """One line: its number from 1, and its text without the line break."""

    number: int
    text: str

    def cells(self) -> list[str]:
        """The cells, trimmed, without a reason of ours at the end. Raises ValueError where quotes don't match."""
        if '"' not in self.text:
            cells = self.text.split(";")
        else:
            try:
                cells = next(csv.reader([self.text], delimiter=";", strict=True), [])
            except csv.Error:
                raise ValueError("незакрытая или лишняя кавычка") from None
        plain = [cell.strip() for cell in cells]
        while plain and (not plain[-1] or plain[-1].startswith(REASON)):
            plain.pop()
        return plain


def read_lines(path: Path, encoding: str) -> Iterator[Line]:
    """The lines that hold anything. UTF-8 is known by its look, all else is in the profile's encoding.

    Raises Unreadable for what is no text of that encoding, with the number of the line.
    """
    with path.open("rb") as file:
        found = _encoding(file, encoding)
        number = 0
        while line := file.readline(LONGEST):
            number += 1
            if len(line) == LONGEST:
                raise Unreadable("Слишком длинная строка: это не реестр, или в нём потеряны переводы строк.", number)
            if b"\0" in line:
                raise Unreadable(_NOT_TEXT, number)
            try:
                text = line.decode(found)
            except UnicodeDecodeError as fault:
                raise Unreadable(f"Недопустимые для {found} байты. Проверьте кодировку реестра.", number) from fault
            text = text.lstrip("\ufeff").rstrip("\r\n")
            if text.strip("; \t"):
                yield Line(number, text)


def _encoding(file: IO[bytes], encoding: str) -> str:
    head = file.read(_HEAD)
    file.seek(0)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("Реестр в кодировке UTF-16. Сохраните его в windows-1251 или UTF-8.", 1)
    first = next((line for line in head.split(b"\n")[:-1] or [head] if not line.isascii()), b"")
    try:
        first.decode("utf-8")
    except UnicodeDecodeError:
        _refuse_dos(first)
        return "cp1251" if encoding == "windows-1251" else encoding
    return "utf-8"


def _refuse_dos(line: bytes) -> None:
    """Capitals of cp866 stand where windows-1251 has signs that no Russian name holds."""
    letters = [byte for byte in line if byte >= 0x80]
    dos = sum(byte < 0xB0 for byte in letters)
    if dos * 2 > len(letters):
        raise Unreadable(_DOS, 1)
