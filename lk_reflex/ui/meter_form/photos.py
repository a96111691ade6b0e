"""A meter's photo as the browser sends it and as the page tells of it. No Reflex here."""

from lk_reflex.domain.files.pictures import MAX_BYTES, NO_FILE, NO_PICTURE, TOO_LARGE
from lk_reflex.ui.meter_form.form import text_of
from lk_reflex.ui.paths import FILES

LOADING = "Загружаем фото…"
STOPPED = "Если загрузка остановилась, выберите фото ещё раз."
ONE_ONLY = "Выберите одну фотографию: к счётчику прикладывается один снимок"
_CODES = {"file-too-large": TOO_LARGE, "file-invalid-type": NO_PICTURE, "too-many-files": ONE_ONLY}


def photo_path(key: str) -> str:
    """Where a photo is looked at."""
    return f"{FILES}/{key}"


def first_file(files: object) -> tuple[str, bytes]:
    """Name and bytes of the first file that came, a byte more than is taken at most; empty where none did."""
    found = files[0] if isinstance(files, list) and files else None
    source = getattr(found, "file", None)
    if source is None:
        return "", b""
    data = source.read(MAX_BYTES + 1)
    name = getattr(found, "filename", None)
    return (name if isinstance(name, str) else "", data if isinstance(data, bytes) else b"")


def progress_words(progress: object) -> str:
    """«Загружаем фото… 40 %», from whatever the browser says of it."""
    share = progress.get("progress") if isinstance(progress, dict) else None
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share < 1:
        return LOADING
    return f"{LOADING} {int(share * 100)}\u00a0%. {STOPPED}"


def rejection_words(code: object) -> str:
    """Why the browser itself took no file, in the words that the server would have used."""
    return _CODES.get(text_of(code), NO_FILE)
