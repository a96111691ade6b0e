"""Papers for a request: pictures drawn anew, PDFs read through; whatever else comes is refused by what it is."""

from dataclasses import dataclass

from lk_reflex.domain.files import pictures
from lk_reflex.domain.files.names import plain_name
from lk_reflex.domain.files.pdf import read_through
from lk_reflex.domain.files.pictures import MAX_BYTES, BadPicture, make_picture

PDF = "application/pdf"
TAKEN = "Подойдут снимки JPEG, PNG, WebP и HEIC и документы PDF"
NO_FILE = "Выберите файл"
EMPTY = "Файл пустой. Выберите другой файл"
TOO_LARGE = "Файл больше 10 МБ. Уменьшите его или приложите по частям"
UNKNOWN = f"Файл такого вида не принимается. {TAKEN}"
SVG = f"Рисунки SVG не принимаются: в них бывают программы. {TAKEN}"
PAGE = f"Это веб-страница, а не документ. {TAKEN}"
ARCHIVE = (
    "Это архив или документ Word или Excel. Сохраните документ как PDF, а файлы из архива приложите по одному: "
    "снимки JPEG, PNG, WebP и HEIC или документы PDF"
)
PROGRAM = f"Это программа, а не документ. {TAKEN}"
OTHER_PICTURE = "Рисунки GIF, BMP, TIFF и видео не принимаются. Сохраните снимок как JPEG или PNG и приложите его"
#: A PDF may begin with a little of something else (ISO 32000-2, 7.5.2).
_PDF_WITHIN = 1024
_BEGINNINGS = (
    (b"PK\x03\x04", ARCHIVE), (b"PK\x05\x06", ARCHIVE), (b"Rar!", ARCHIVE), (b"7z\xbc\xaf\x27\x1c", ARCHIVE),
    (b"\x1f\x8b", ARCHIVE), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ARCHIVE), (b"{\\rtf", ARCHIVE),
    (b"MZ", PROGRAM), (b"\x7fELF", PROGRAM), (b"#!", PROGRAM),
    (b"GIF8", OTHER_PICTURE), (b"BM", OTHER_PICTURE), (b"II*\x00", OTHER_PICTURE), (b"MM\x00*", OTHER_PICTURE),
    (b"\x1aE\xdf\xa3", OTHER_PICTURE), (b"\x00\x00\x01\xba", OTHER_PICTURE),
)  # fmt: skip
_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<script", b"<iframe")
_FROM_PICTURES = {pictures.EMPTY: EMPTY, pictures.TOO_LARGE: TOO_LARGE}


class BadFile(ValueError):
    """What came isn't taken; the text is the sentence for the person."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file fit to be kept: a picture drawn anew or a PDF as it came, under a name that can be shown."""

    name: str
    media_type: str
    data: bytes


def take_in(data: bytes, name: str) -> Taken:
    """Judge a file by its content alone and make it safe. Raises BadFile, Unavailable where a PDF can't be read now.

    Takes a quarter of a second of a processor for a phone's photo, half a second in a process apart for a PDF.
    """
    if not data:
        raise BadFile(EMPTY)
    if len(data) > MAX_BYTES:
        raise BadFile(TOO_LARGE)
    if b"%PDF-" in data[:_PDF_WITHIN]:
        fault = read_through(data)
        if fault:
            raise BadFile(fault)
        return Taken(plain_name(name, PDF), PDF, data)
    try:
        picture = make_picture(data)
    except BadPicture as fault:
        raise BadFile(_sentence(str(fault), data)) from None
    return Taken(plain_name(name, pictures.MEDIA_TYPE), pictures.MEDIA_TYPE, picture)


def _sentence(fault: str, data: bytes) -> str:
    """In the words of papers; of what is no picture, what it is."""
    if fault != pictures.NO_PICTURE:
        return _FROM_PICTURES.get(fault, fault)
    for beginning, sentence in _BEGINNINGS:
        if data.startswith(beginning):
            return sentence
    head = data[:2048].lstrip(b"\xef\xbb\xbf\t\r\n ").lower()
    if b"<svg" in head:
        return SVG
    return PAGE if head.startswith(_HTML) else UNKNOWN
