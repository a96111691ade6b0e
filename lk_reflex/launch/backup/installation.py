"""What is copied, and what a copy is brought back into: a database, the folder or store of files, the keys."""

import hashlib
import hmac
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, make_url

from lk_reflex.core.crypt import BadKeys, key_id, read_keys
from lk_reflex.core.db import Database
from lk_reflex.core.secret import Secret, accepted
from lk_reflex.core.task_files import TaskFiles
from lk_reflex.integrations.storage.port import FileStore
from lk_reflex.settings import Settings
from lk_reflex.wiring import file_store

SQLITE, POSTGRESQL = "sqlite", "postgresql"


@dataclass(frozen=True, slots=True)
class Keys:
    """What a copy is worth nothing without: what passwords are hashed with, and what passports are encrypted with."""

    secret: bytes
    data: tuple[str, ...]

    def ids(self) -> list[str]:
        """By which the data's keys are told apart; says nothing about them."""
        return [key_id(key) for key in self.data]

    def mark(self) -> dict[str, str]:
        """By which the secret key is known again; with it nobody finds the key."""
        salt = secrets.token_hex(16)
        return {"salt": salt, "mark": _mark(self.secret, salt)}

    def is_marked(self, mark: dict[str, str]) -> bool:
        """Whether the mark was made with this secret key."""
        known = [one for one in accepted(self.secret) if one]
        return any(hmac.compare_digest(_mark(one, mark["salt"]), mark["mark"]) for one in known)


def _mark(secret: bytes, salt: str) -> str:
    return hashlib.scrypt(secret, salt=bytes.fromhex(salt), n=2**14, r=8, p=1, dklen=16).hex()


@dataclass(frozen=True, slots=True)
class Installation:
    """`data` is the data folder, `files` the store of uploaded files; `bucket` is empty where that is a folder."""

    url: URL
    data: Path
    files: FileStore
    keys: Keys
    bucket: str = ""

    @property
    def kind(self) -> str:
        """«sqlite» or «postgresql»."""
        return self.url.get_backend_name()

    @property
    def database_file(self) -> Path:
        """Where an SQLite database lies."""
        return Path(str(self.url.database))

    @property
    def file_folder(self) -> Path:
        """Where uploaded files lie, unless they do in a bucket."""
        return self.data / "files"

    @property
    def tasks(self) -> TaskFiles:
        """The files of imports that were ordered in the browser."""
        return TaskFiles(self.data / "exchange")

    @contextmanager
    def opened(self) -> Iterator[Database]:
        """The database, for as long as the block lasts."""
        database = Database(self.url.render_as_string(hide_password=False), threads=1)
        try:
            yield database
        finally:
            database.close()


def installation(settings: Settings) -> Installation:
    """This one, by its settings. Makes no keys: what a demonstration hasn't made yet is missing."""
    data = settings.data_dir.resolve()
    bucket = settings.s3_bucket if settings.s3_url else ""
    return Installation(make_url(settings.db_url), data, file_store(), present_keys(settings), bucket)


def present_keys(settings: Settings) -> Keys:
    """The keys of the settings, else those that a demonstration keeps in its folder; missing ones are empty."""
    secret = settings.secret_key.get_secret_value().encode()
    try:
        data = tuple(read_keys(settings.data_keys.get_secret_value()))
    except BadKeys:
        data = ()
    if settings.preview:
        secret = secret or _kept(settings.data_dir / "secret.key")
        kept = _kept(settings.data_dir / "data.key").decode()
        data = data or ((kept,) if kept else ())
    return Keys(Secret(secret, settings.secret_key_also.get_secret_value().encode()), data)


def _kept(path: Path) -> bytes:
    return path.read_bytes() if path.is_file() else b""
