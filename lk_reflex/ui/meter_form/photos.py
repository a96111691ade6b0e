"""A meter's photo as the browser sends it and as the page tells of it. No Reflex here."""

from lk_reflex.domain.files.pictures import NO_FILE, NO_PICTURE, TOO_LARGE
from lk_reflex.ui.meter_form.form import text_of
from lk_reflex.ui.paths import FILES
from lk_reflex.ui.uploads import words

LOADING = "Загружаем фото…"
STOPPED = "Если загрузка остановилась, выберите фото ещё раз."
ONE_ONLY = "Выберите одну фотографию: к счётчику прикладывается один снимок"
_CODES = {"file-too-large": TOO_LARGE, "file-invalid-type": NO_PICTURE, "too-many-files": ONE_ONLY}


def photo_path(key: str) -> str:
    """Where a photo is looked at."""
    return f"{FILES}/{key}"


def progress_words(progress: object) -> str:
    """«Загружаем фото… 40 %», from whatever the browser says of it."""
    return words.progress_words(progress, LOADING, STOPPED, LOADING)


def rejection_words(code: object) -> str:
    """Why the browser itself took no file, in the words that the server would have used."""
    return _CODES.get(text_of(code), NO_FILE)
