"""CSV of billing systems: «;», UTF-8 or windows-1251, read as a stream."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import IO, Any
from zipfile import BadZipFile
from zlib import error as ZlibError  # noqa: N812

from lk_reflex.exchange.sheet import Portion, Row, Sheet, Unreadable

#: Characters read, checked and written together: some thousand rows, small enough for the processor's cache.
_BLOCK = 1 << 18
_HEADER_LIMIT = 1 << 16
#: No row is that long; without this a file without line breaks would fill the memory.
_LONGEST = 1 << 21
_UTF16 = (b"\xff\xfe", b"\xfe\xff")
_UNPARSED = "Строка не разбирается: незакрытая или лишняя кавычка, слишком длинная ячейка или файл обрезан."
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
    """An open CSV file, read in blocks of whole lines."""

    def __init__(self, raw: IO[bytes]) -> None:
        head = _head(raw)
        self._bytes = _Watched(raw, head)
        self._text = io.TextIOWrapper(io.BufferedReader(self._bytes, 1 << 18), _encoding(head))
        self._line = 0
        header = self._block(self._read(None))
        self.header: Row = next(iter(self._rows(header)), [])
        self._line += header.count("\n")

    def portions(self) -> Iterator[Portion]:
        """The rows after the header, some thousand at a time."""
        while block := self._block(self._read(_BLOCK)):
            lines = block.count("\n")
            yield self._portion(block, lines)
            self._line += lines

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

    def _portion(self, block: str, lines: int) -> Portion:
        """Without quotes a line is a row, and splitting the block at once takes a third of csv's time."""
        if '"' not in block:
            columns = _split(block, lines, len(self.header))
            if columns is not None:
                return Portion(self._line, columns=columns)
        rows = self._rows(block)
        return Portion(self._line, rows=rows, broken_lines=len(rows) != lines)

    def _rows(self, block: str) -> list[Row]:
        """The rows of a block; a fault is told by the line on which its row begins."""
        reader = csv.reader(io.StringIO(block), delimiter=";", strict=True)
        rows: list[Row] = []
        began = 0
        try:
            for row in reader:
                rows.append(row)
                began = reader.line_num
        except csv.Error as fault:
            raise Unreadable(_UNPARSED, self._line + began + 1) from fault
        return rows

    def _block(self, block: str) -> str:
        """Add to a block the rest of its last line, and of its last quoted cell."""
        parts, size, quoted = [block], len(block), block.count('"') % 2
        while block and (parts[-1][-1] != "\n" or quoted):
            more = self._read(None)
            if not more:
                parts.append("\n")
                break
            parts.append(more)
            size += len(more)
            quoted ^= more.count('"') % 2
            if size > _LONGEST:
                self._rows("".join(parts))
                raise Unreadable(_UNPARSED, self._line + 1 + sum(map(_breaks, parts[:-1])))
        return "".join(parts)

    def _read(self, size: int | None) -> str:
        """So many characters, or else a line."""
        try:
            return self._text.readline(_LONGEST) if size is None else self._text.read(size)
        except UnicodeDecodeError as fault:
            sentence = f"Недопустимые для {fault.encoding} байты после этой строки. {_NO_ENCODING}"
            raise Unreadable(sentence, self._line + 1) from fault


def _breaks(text: str) -> int:
    return text.count("\n")


def _split(block: str, lines: int, width: int) -> list[list[str]] | None:
    """The columns of a block without quotes, or None where a row isn't of this width.

    A mark after each row's last cell shows, where all of them fall into one column, that every row is even.
    """
    cells = block.replace("\n", ";\n;").split(";")
    del cells[-1]
    marks = cells[width :: width + 1]
    if len(cells) != lines * (width + 1) or marks.count("\n") != lines:
        return None
    return [cells[place :: width + 1] for place in range(width)]


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
