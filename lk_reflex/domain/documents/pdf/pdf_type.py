"""Letters of the printed receipt: PT Sans, parsed once a process, and texts broken into lines of a given width."""

import threading
from functools import lru_cache

import fontpkg_pt_sans
from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from lk_reflex.core.text import visible

REGULAR, BOLD = "PTSans", "PTSans-Bold"
_FILES = {REGULAR: "PT_Sans-Web-Regular.ttf", BOLD: "PT_Sans-Web-Bold.ttf"}
#: PT Sans has no narrow no-break space and no typographic minus of other fonts' width.
_REPLACED = str.maketrans({"\u202f": "\u00a0", "\u2009": "\u00a0"})
_loading = threading.Lock()

# Pages are compressed; turning that into ASCII once more would cost time and a quarter of the size.
rl_config.useA85 = 0


def load_fonts() -> None:
    """Parse both faces unless that has been done; from then on they are known by name."""
    with _loading:
        known = pdfmetrics.getRegisteredFontNames()
        for name, file in _FILES.items():
            if name not in known:
                pdfmetrics.registerFont(TTFont(name, str(fontpkg_pt_sans.ROOT / "files" / file)))


@lru_cache(maxsize=16384)
def clean(text: str) -> str:
    """The text as it can be drawn: one line, without what nobody sees."""
    plain = visible(text).translate(_REPLACED)
    if "\n" in plain or "\t" in plain or "  " in plain:
        plain = " ".join(part for part in plain.replace("\n", " ").replace("\t", " ").split(" ") if part)
    return plain.encode("utf-8", "replace").decode()


@lru_cache(maxsize=32768)
def width(text: str, font: str, size: float) -> float:
    """The length of a line in points."""
    return pdfmetrics.stringWidth(text, font, size)


@lru_cache(maxsize=8192)
def wrap(text: str, room: float, font: str, size: float) -> tuple[str, ...]:
    """The text in lines that fit into `room` points; a word longer than a line is broken where it must."""
    plain = clean(text)
    if width(plain, font, size) <= room:
        return (plain,)
    lines, line = [], ""
    for word in plain.split(" "):
        longer = f"{line} {word}" if line else word
        if width(longer, font, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, room, font, size)
        lines += whole
    return (*lines, line)


def _broken(word: str, room: float, font: str, size: float) -> list[str]:
    parts, part = [], ""
    for char in word:
        if part and width(part + char, font, size) > room:
            parts.append(part)
            part = ""
        part += char
    return [*parts, part]
