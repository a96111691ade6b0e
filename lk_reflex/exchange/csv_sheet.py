"""CSV of billing systems: «;», UTF-8 or windows-1251, read as a stream."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import IO, Any
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812

from lk_reflex.exchange.sheet import PORTION, Portion, Row, Sheet, Unreadable

_BLOCK = 1 << 18
_HEADER_LIMIT = 1 << 16
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_NO_ENCODING = "Не удалось прочесть кодировку файла: нужна UTF-8 или windows-1251."


class _Watched(io.RawIOBase):
    """A byte stream that counts what passes, and refuses what no text file holds."""

    def __init__(self, raw: IO[bytes], head: bytes) -> None:
        self.raw = raw
        self.head = head
        self.passed = 0
        self.lines = 0
        self.last = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        block = self._take(len(buffer))
        if b"\0" in block:
            line = self.lines + block[: block.index(b"\0")].count(b"\n") + 1
            raise Unreadable("В файле нулевые байты: он повреждён или это не CSV.", line)
        buffer[: len(block)] = block
        self.passed += len(block)
        self.lines += block.count(b"\n")
        self.last = block[-1:] or self.last
        return len(block)

    def _take(self, size: int) -> bytes:
        if self.head:
            block, self.head = self.head[:size], self.head[size:]
            return block
        try:
            return self.raw.read(size)
        except (BadZipFile, ZlibError, EOFError) as fault:
            raise Unreadable("Архив повреждён или обрезан: файл не читается до конца.", self.lines + 1) from fault


class CsvSheet:
    """An open CSV file."""

    def __init__(self, raw: IO[bytes]) -> None:
        head = _head(raw)
        encoding = _encoding(head)
        self._bytes = _Watched(raw, head)
        text = io.TextIOWrapper(io.BufferedReader(self._bytes, _BLOCK), encoding, newline="")
        self._reader = csv.reader(text, delimiter=";", strict=True)
        self._text = text
        self.header: Row = self._guarded(lambda: next(self._reader, []))

    def portions(self) -> Iterator[Portion]:
        """The rows after the header, ten thousand at a time."""
        while True:
            before = self._reader.line_num
            rows = self._guarded(lambda: list(islice(self._reader, PORTION)))
            if not rows:
                return
            yield Portion(rows, before, self._reader.line_num - before != len(rows))

    def done(self) -> int:
        """Bytes read so far."""
        return self._bytes.passed

    def remarks(self) -> list[str]:
        """A file without its last line break may have been cut."""
        if self._bytes.last in {b"\n", b"\r", b""}:
            return []
        return ["Последняя строка не закончена переводом строки: проверьте, не обрезан ли файл."]

    def close(self) -> None:
        """Let the stream go."""
        self._text.detach()

    def _guarded(self, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except UnicodeDecodeError as fault:
            raise Unreadable(
                f"Недопустимые для {fault.encoding} байты в тексте. {_NO_ENCODING}", self._line()
            ) from fault
        except csv.Error as fault:
            sentence = "Строка не разбирается: незакрытая или лишняя кавычка, слишком длинная ячейка или файл обрезан."
            raise Unreadable(sentence, self._line()) from fault

    def _line(self) -> int:
        return self._reader.line_num + 1


def _head(raw: IO[bytes]) -> bytes:
    try:
        head = raw.read(_HEADER_LIMIT)
    except (BadZipFile, ZlibError, EOFError) as fault:
        raise Unreadable("Архив повреждён или обрезан: файл не читается.", 1) from fault
    if head.startswith(_UTF16):
        raise Unreadable("Файл в кодировке UTF-16. Сохраните его в UTF-8 или windows-1251.", 1)
    return head


def _encoding(head: bytes) -> str:
    """The header names its columns in Cyrillic, so that its first line alone tells UTF-8 from windows-1251."""
    line = head.partition(b"\n")[0]
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            line.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    raise Unreadable(_NO_ENCODING, 1)


@contextmanager
def open_csv(stream: Callable[[], IO[bytes]]) -> Iterator[Sheet]:
    """Open a table; the bytes come from `stream`. Raises Unreadable."""
    with stream() as raw:
        sheet = CsvSheet(raw)
        try:
            yield sheet
        finally:
            sheet.close()
