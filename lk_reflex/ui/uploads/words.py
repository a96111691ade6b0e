"""What a zone for files says while one comes, and what the browser hands over. No Reflex here."""

from lk_reflex.domain.files.documents import NO_FILE, TOO_LARGE, UNKNOWN
from lk_reflex.domain.files.pictures import MAX_BYTES

LOADING = "Загружаем файл…"
CHECKING = "Файл загружен, проверяем его…"
STOPPED = "Если загрузка остановилась, выберите файл ещё раз."
LOST = "Связь прервалась, и файл не загрузился. Выберите его ещё раз"
ONE_ONLY = "Выберите один файл: они загружаются по одному"
ADDED, REMOVED = "Файл приложен", "Файл убран"
_CODES = {"file-too-large": TOO_LARGE, "file-invalid-type": UNKNOWN, "too-many-files": ONE_ONLY}
_KILO, _MEGA = 1024, 1024 * 1024


def first_file(files: object) -> tuple[str, bytes]:
    """Name and bytes of the first file that came, a byte more than is taken at most; empty where none did."""
    found = files[0] if isinstance(files, list) and files else None
    source = getattr(found, "file", None)
    if source is None:
        return "", b""
    data = source.read(MAX_BYTES + 1)
    name = getattr(found, "filename", None)
    return (name if isinstance(name, str) else "", data if isinstance(data, bytes) else b"")


def progress_words(progress: object, loading: str = LOADING, stopped: str = STOPPED, there: str = CHECKING) -> str:
    """«Загружаем файл… 40 %», from whatever the browser says of it."""
    share = progress.get("progress") if isinstance(progress, dict) else None
    if isinstance(share, bool) or not isinstance(share, int | float) or not 0 <= share <= 1:
        return loading
    return there if share == 1 else f"{loading} {int(share * 100)}\u00a0%. {stopped}"


def rejection_words(code: object) -> str:
    """Why the browser itself took no file, in the words that the server would have used."""
    return _CODES.get(code, NO_FILE) if isinstance(code, str) else NO_FILE


def size_words(size: int) -> str:
    """«2,4 МБ», «340 КБ»: never zero."""
    if size >= _MEGA:
        return f"{size / _MEGA:.1f}".replace(".", ",") + "\u00a0МБ"
    return f"{max(round(size / _KILO), 1)}\u00a0КБ"
