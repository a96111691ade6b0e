"""Puts many PDFs of our own into one file as they come, keeping nothing in memory but the places of its objects.

Only for what `receipt_pdf` draws: reportlab writes every object plainly, with a table of where they are.
"""

import re
from collections.abc import Sequence
from typing import IO

_REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
_ENTRY = re.compile(rb"(\d{10}) \d{5} n")
_BEFORE_STREAM = re.compile(rb"\r?\nstream\r?\n")
_CATALOG, _PAGES, _OUTLINES, _INFO, _FIRST = 1, 2, 3, 4, 5

#: What a receipt is called in the contents, and how many pages it has.
Entry = tuple[str, int]


class PdfJoiner:
    """Writes to a binary file that begins here. `add` the parts, then `finish`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places: dict[int, int] = {}
        self._next = _FIRST
        self._trees: list[int] = []
        self._page_count = 0
        self._contents: list[tuple[str, int]] = []
        file.write(b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")

    def add(self, part: bytes, entries: Sequence[Entry]) -> None:
        """Append a part with its receipts."""
        objects = _objects(part)
        root = _number_after(rb"/Root ", part[part.rindex(b"trailer") :])
        catalog = objects.pop(root)
        tree = _number_after(rb"/Pages ", catalog)
        shift = self._next - 1
        kids = [int(kid) + shift for kid in _REFERENCE.findall(objects[tree].split(b"/Kids", 1)[1].split(b"]", 1)[0])]
        objects[tree] = objects[tree].replace(b"/Type /Pages", b"/Type /Pages /Parent 0 0 R", 1)
        for number, body in sorted(objects.items()):
            self._write(number + shift, _renumbered(body, shift))
        self._next += max([*objects, root])
        self._trees.append(tree + shift)
        self._page_count += len(kids)
        page = 0
        for label, count in entries:
            self._contents.append((label, kids[page]))
            page += count

    def finish(self, title: str, author: str, creator: str) -> None:
        """Write what ties the parts together."""
        items = range(self._next, self._next + len(self._contents))
        for number, (label, page) in zip(items, self._contents, strict=True):
            before = f" /Prev {number - 1} 0 R" if number > items[0] else ""
            after = f" /Next {number + 1} 0 R" if number < items[-1] else ""
            about = f"<< /Title {_text(label)} /Parent {_OUTLINES} 0 R /Dest [{page} 0 R /Fit]{before}{after} >>"
            self._write(number, about.encode())
        ends = f"/First {items[0]} 0 R /Last {items[-1]} 0 R "
        self._write(_OUTLINES, f"<< /Type /Outlines {ends}/Count {len(items)} >>".encode())
        kids = " ".join(f"{tree} 0 R" for tree in self._trees)
        self._write(_PAGES, f"<< /Type /Pages /Kids [{kids}] /Count {self._page_count} >>".encode())
        self._write(_INFO, f"<< /Title {_text(title)} /Author {_text(author)} /Creator {_text(creator)} >>".encode())
        self._write(
            _CATALOG,
            f"<< /Type /Catalog /Pages {_PAGES} 0 R /Outlines {_OUTLINES} 0 R /Lang (ru-RU) "
            "/ViewerPreferences << /DisplayDocTitle true >> >>".encode(),
        )
        self._table()

    def _write(self, number: int, body: bytes) -> None:
        self._places[number] = self._file.tell()
        self._file.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))

    def _table(self) -> None:
        begin, size = self._file.tell(), max(self._places) + 1
        lines = [
            b"%010d 00000 n \n" % self._places[number] if number in self._places else b"0000000000 65535 f \n"
            for number in range(size)
        ]
        self._file.write(b"xref\n0 %d\n" % size)
        self._file.writelines(lines)
        about = b"<< /Size %d /Root %d 0 R /Info %d 0 R >>" % (size, _CATALOG, _INFO)
        self._file.write(b"trailer\n%s\nstartxref\n%d\n%%%%EOF\n" % (about, begin))


def _objects(part: bytes) -> dict[int, bytes]:
    """The bodies of a PDF's objects by number, by its own table of places."""
    start = int(part[part.rindex(b"startxref") + 9 :].split()[0])
    places = [int(place) for place in _ENTRY.findall(part, start)]
    ends = dict(zip(sorted(places), [*sorted(places)[1:], start], strict=True))
    bodies = {}
    for number, place in enumerate(places, 1):
        body = part[place : ends[place]]
        bodies[number] = body[body.index(b"obj") + 3 : body.rindex(b"endobj")].strip(b"\r\n ")
    return bodies


def _renumbered(body: bytes, shift: int) -> bytes:
    """The body with every reference moved; «0 0 R» stands for the tree of all pages. Streams hold no references."""
    found = _BEFORE_STREAM.search(body)
    head, rest = (body[: found.start()], body[found.start() :]) if found else (body, b"")
    return _REFERENCE.sub(lambda ref: b"%d 0 R" % (int(ref[1]) + shift if int(ref[1]) else _PAGES), head) + rest


def _number_after(mark: bytes, text: bytes) -> int:
    found = re.search(re.escape(mark) + rb"(\d+)", text)
    if found is None:
        raise ValueError("not a PDF of ours")
    return int(found[1])


def _text(text: str) -> str:
    return f"<FEFF{text.encode('utf-16-be').hex().upper()}>"
