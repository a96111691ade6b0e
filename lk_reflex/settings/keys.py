"""The installation's secret and its keys: what is wrong with them, and those that a demonstration makes itself."""

import secrets
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile

from lk_reflex.core.crypt import BadKeys, read_keys
from lk_reflex.settings.fields import Fields

MIN_SECRET = 32
NO_KEYS = (
    "LK_DATA_KEYS: нужен ключ, которым шифруются паспортные данные: 32 случайных байта в виде base64. "
    "Несколько ключей разделяют запятой, новый ставят первым."
)


def secret_faults(settings: Fields) -> list[str]:
    """What is wrong with the second secret; usually there is none."""
    also = settings.secret_key_also.get_secret_value()
    if not also or (len(also) >= MIN_SECRET and also != settings.secret_key.get_secret_value()):
        return []
    return [f"LK_SECRET_KEY_ALSO: нужен второй ключ не короче {MIN_SECRET} знаков, не равный LK_SECRET_KEY, или пусто."]


def key_faults(settings: Fields) -> list[str]:
    """What is wrong with the keys of what is kept encrypted; a demonstration makes its own."""
    text = settings.data_keys.get_secret_value()
    if not text.strip(", \t\n"):
        return [] if settings.preview else [NO_KEYS]
    try:
        read_keys(text)
    except BadKeys as fault:
        return [f"LK_DATA_KEYS: {fault}."]
    return []


def kept_key(path: Path, make: Callable[[], str] = lambda: secrets.token_urlsafe(48)) -> bytes:
    """What lies in that file, made at the first call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        # Written apart and linked into place whole: of several processes that start at once all read the same key.
        with NamedTemporaryFile("w", dir=path.parent, prefix=path.name) as file:
            file.write(make())
            file.flush()
            with suppress(FileExistsError):
                path.hardlink_to(file.name)
    return path.read_bytes()
