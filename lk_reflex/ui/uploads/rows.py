"""The lines of a zone's list of files. No Reflex here."""

from collections.abc import Iterable
from dataclasses import dataclass

from lk_reflex.domain.files.pictures import MEDIA_TYPE
from lk_reflex.domain.requests.attaching import Attached
from lk_reflex.ui.paths import FILES
from lk_reflex.ui.uploads.words import size_words


@dataclass(frozen=True)
class UploadRow:
    """One file: `href` opens it, `picture` is its address once more where it can be shown small."""

    key: str
    name: str
    size: str
    href: str
    picture: str


def upload_row(file: Attached) -> UploadRow:
    """A file as lists show it: in zones, on a request's page, at the desk."""
    href = f"{FILES}/{file.key}"
    return UploadRow(file.key, file.name, size_words(file.size), href, href if file.media_type == MEDIA_TYPE else "")


def rows_by_slot(files: Iterable[Attached], slots: Iterable[str]) -> dict[str, list[UploadRow]]:
    """The lists of some zones, empty ones too: what isn't named has no zone on the page."""
    found: dict[str, list[UploadRow]] = {slot: [] for slot in slots}
    for file in files:
        if file.slot in found:
            found[file.slot].append(upload_row(file))
    return found
