"""What a file that somebody brings is called: the last part of its name, as it can be shown and stored anywhere."""

import re
import unicodedata

from lk_reflex.core.text import storable, visible

LONGEST = 100
NAMELESS = "Файл"
#: By what the file turned out to be, whatever its name said.
ENDINGS = {"image/jpeg": ".jpg", "application/pdf": ".pdf"}
#: What folders of one system or another can't have in a name, and what browsers cut names at.
_UNFIT = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*%;]')
_KNOWN_ENDING = re.compile(r"\.(?:jpe?g|jfif|png|webp|hei[cf]|pdf|exe|html?|svg|zip|xlsx?|docx?)$", re.IGNORECASE)
#: Windows keeps these for devices, with any ending.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])", re.IGNORECASE)


def plain_name(name: str, media_type: str) -> str:
    """A name to show and to save under: without folders, invisible marks and tricks, with the type's own ending."""
    last = re.split(r"[/\\]", storable(name))[-1]
    seen = " ".join(visible(unicodedata.normalize("NFC", last)).split())
    stem = _UNFIT.sub("_", seen)
    while (cut := _KNOWN_ENDING.sub("", stem)) != stem:
        stem = cut
    stem = stem.strip(" .")[:LONGEST].rstrip(" .")
    if not stem or _DEVICE.fullmatch(stem.split(".")[0]):
        stem = f"{NAMELESS} {stem}".strip()
    return stem + ENDINGS.get(media_type, "")
