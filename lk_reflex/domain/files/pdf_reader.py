"""`python -m …pdf_reader 200 < file`: judges a PDF in a process of its own; prints one word. See `pdf.py`."""

import logging
import resource
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from io import BytesIO
from typing import Any

#: Of processor time; an honest document of 200 pages takes two or three.
SECONDS = 8
MEMORY = 512 * 1024 * 1024
#: An honest scan has a few hundred, a drawing of an engineer some tens of thousands.
MOST_OBJECTS = 100_000
DEEPEST = 60
#: What makes a viewer do something by itself, or by a press (ISO 32000-2, 12.6.4; Adobe's XFA).
_ACTIVE_ACTIONS = frozenset({"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/Rendition", "/GoToE", "/Movie"})
#: What leads out of the document: by a press it is an ordinary link, by itself it tells a stranger who reads.
_LEAVING_ACTIONS = frozenset({"/GoToR", "/URI", "/Thread", "/Sound"})
#: More actions one after another than any honest document runs by itself.
_MOST_ACTIONS = 1000
#: What honest programs get wrong, and every reader mends alike.
_ORDINARY = "Stream length"
_ACTIVE_KEYS = frozenset({"/JS", "/JavaScript", "/XFA"})
_EMBEDDING_KEYS = frozenset({"/EmbeddedFiles", "/EF", "/RichMediaContent"})
_EMBEDDING_TYPES = frozenset({"/EmbeddedFile", "/FileAttachment", "/RichMedia", "/3D", "/Screen"})


class Verdict(StrEnum):
    """What became of the reading."""

    FIT = "fit"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    ACTIVE = "active"
    EMBEDDED = "embedded"
    TOO_LONG = "too-long"
    TOO_COMPLEX = "too-complex"


class _Unfit(Exception):
    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict


class _Repairs(logging.Handler):
    """What pypdf says of dictionaries that it has made sense of in its own way: another reader may see another one.

    A key that stands twice hides what the second time says; of a broken dictionary only the beginning is given.
    """

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.made = False

    def emit(self, record: logging.LogRecord) -> None:
        """Remember it; to raise here would be at pypdf's mercy, which catches a good deal."""
        said = str(record.msg)
        self.made |= record.name == "pypdf.generic._data_structures" and not said.startswith(_ORDINARY)


@contextmanager
def _repairs() -> Iterator[_Repairs]:
    """Hear pypdf out, and let nothing of it reach the error output: a document may have a million of these."""
    heard, pypdf = _Repairs(), logging.getLogger("pypdf")
    pypdf.addHandler(heard)
    spread, pypdf.propagate = pypdf.propagate, False
    try:
        yield heard
    finally:
        pypdf.propagate = spread
        pypdf.removeHandler(heard)


def judge(data: bytes, most_pages: int) -> Verdict:
    """Walk every object that the document has, used or not. Only in a process with limits."""
    with _repairs() as repairs:
        verdict = _judged(data, most_pages)
    return Verdict.BROKEN if verdict is Verdict.FIT and repairs.made else verdict


def _judged(data: bytes, most_pages: int) -> Verdict:
    from pypdf import PdfReader
    from pypdf.errors import LimitReachedError, PyPdfError

    try:
        reader = PdfReader(BytesIO(data), strict=False)
        if reader.is_encrypted:
            return Verdict.ENCRYPTED
        _walk(reader)
        if len(reader.pages) > most_pages:
            return Verdict.TOO_LONG
        # The first page is what a person will look at; a document without one is none.
        return Verdict.FIT if reader.pages[0].mediabox else Verdict.BROKEN
    except _Unfit as unfit:
        return unfit.verdict
    except (LimitReachedError, RecursionError, MemoryError):
        return Verdict.TOO_COMPLEX
    except (PyPdfError, ValueError, KeyError, IndexError, TypeError, AttributeError, AssertionError, OverflowError):
        return Verdict.BROKEN  # a parser's ways of saying that bytes from outside make no sense


def _walk(reader: Any) -> None:
    """What can't be read makes the whole unfit: another reader may see there what this one doesn't."""
    from pypdf.generic import IndirectObject

    _look(reader.trailer, 0)
    for seen, (number, generation) in enumerate(_references(reader)):
        if seen >= MOST_OBJECTS:
            raise _Unfit(Verdict.TOO_COMPLEX)
        _look(reader.get_object(IndirectObject(number, generation, reader)), 0)


def _references(reader: Any) -> Iterator[tuple[int, int]]:
    for generation, places in list(reader.xref.items()):
        yield from ((number, generation) for number in list(places))
    yield from ((number, 0) for number in list(reader.xref_objStm))


def _look(value: Any, depth: int) -> None:
    """Into the containers of one object; what it refers to is looked at by itself."""
    if depth > DEEPEST:
        raise _Unfit(Verdict.TOO_COMPLEX)
    if isinstance(value, dict):
        _judge_keys(value)
        _look_at_all((dict.__getitem__(value, key) for key in value), depth)
    elif isinstance(value, list):
        _look_at_all(list.__iter__(value), depth)


def _look_at_all(values: Iterable[Any], depth: int) -> None:
    for one in values:
        if isinstance(one, dict | list):
            _look(one, depth + 1)


def _judge_keys(value: dict[Any, Any]) -> None:
    keys = {str(key) for key in value}
    kind, subtype = str(_at(value, "/Type")), str(_at(value, "/Subtype"))
    if keys & _ACTIVE_KEYS or str(_at(value, "/S")) in _ACTIVE_ACTIONS:
        raise _Unfit(Verdict.ACTIVE)
    _judge_what_runs_by_itself(value)
    if keys & _EMBEDDING_KEYS or {kind, subtype} & _EMBEDDING_TYPES:
        raise _Unfit(Verdict.EMBEDDED)


def _judge_what_runs_by_itself(value: dict[Any, Any]) -> None:
    """What happens at the opening of a document or a page, with whatever happens next."""
    waiting, events, seen = [_at(value, "/OpenAction")], _at(value, "/AA"), 0
    if isinstance(events, dict):
        waiting += [_at(events, event) for event in events]
    while waiting:
        seen += 1
        if seen > _MOST_ACTIONS:
            raise _Unfit(Verdict.TOO_COMPLEX)
        action = waiting.pop()
        if not isinstance(action, dict):
            continue
        if str(_at(action, "/S")) in _LEAVING_ACTIONS:
            raise _Unfit(Verdict.ACTIVE)
        following = _at(action, "/Next")
        waiting += [_plain(one) for one in list.__iter__(following)] if isinstance(following, list) else [following]


def _at(value: dict[Any, Any], key: str) -> Any:
    """What stands under a key, be it here or in an object of its own; empty where nothing does."""
    return _plain(dict.get(value, key, ""))


def _plain(value: Any) -> Any:
    from pypdf.generic import IndirectObject

    return value.get_object() if isinstance(value, IndirectObject) else value


def main() -> None:
    """Reads the document from the input. A process killed by its limits prints nothing."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    data = sys.stdin.buffer.read()
    try:
        verdict = judge(data, int(sys.argv[1]))
    except MemoryError:
        verdict = Verdict.TOO_COMPLEX
    sys.stdout.write(verdict.value)


if __name__ == "__main__":
    main()
