"""The settings of an S3-compatible store of files; without them files lie in the data folder."""

import re
from urllib.parse import urlsplit

from lk_reflex.core.this_machine import this_machine
from lk_reflex.settings.fields import Fields
from lk_reflex.settings.rules import given, variable

NEEDED = ("s3_url", "s3_bucket", "s3_key", "s3_secret")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


def s3_faults(settings: Fields) -> list[str]:
    """What is wrong with them: half of them given is a slip, and files would go where nobody looks for them."""
    named = {name for name in (*NEEDED, "s3_region") if given(settings, name)}
    if not named:
        return []
    missing = [variable(name) for name in NEEDED if name not in named]
    if missing:
        has = ", ".join(variable(name) for name in (*NEEDED, "s3_region") if name in named)
        return [f"{', '.join(missing)}: не задано, хотя {has} задано. Хранилище файлов S3 задают целиком или никак."]
    faults = [] if _BUCKET.fullmatch(settings.s3_bucket) else ["LK_S3_BUCKET: нужно имя корзины, например lk-files."]
    return [*_url_faults(settings.s3_url, preview=settings.preview), *faults]


def _url_faults(url: str, *, preview: bool) -> list[str]:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        host, parts = "", urlsplit("")
    if not host or parts.username or parts.password or parts.query or parts.path not in ("", "/"):
        return ["LK_S3_URL: нужен адрес хранилища без пути и пароля, например https://s3.example.org."]
    if parts.scheme == "http" and this_machine(host):
        return []
    if preview:
        return ["LK_S3_URL: демонстрация хранит файлы только на своём же компьютере, например http://127.0.0.1:9000."]
    return [] if parts.scheme == "https" else ["LK_S3_URL: нужен адрес хранилища, начинающийся с https://."]
