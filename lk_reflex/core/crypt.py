"""Texts that the database holds encrypted: whoever has a copy of it, but not the keys, reads nothing of them.

Fernet (AES-128-CBC with HMAC-SHA256) over several keys: the newest encrypts, any of them decrypts.
"""

import base64
import binascii
import hashlib
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

_KEY_BYTES = 32


class BadKeys(ValueError):
    """The keys can't be used; the text is a Russian sentence without any of them."""


class Unreadable(ValueError):
    """No key opens this token: it was made with a key that is gone, or altered."""


def read_keys(text: str) -> list[str]:
    """The keys of a setting, the newest first: «KEY,KEY». Raises BadKeys."""
    keys = [part.strip() for part in text.split(",") if part.strip()]
    for place, key in enumerate(keys, start=1):
        if not _is_key(key):
            raise BadKeys(f"ключ № {place} не подходит: нужны 32 случайных байта в виде base64 (44 знака)")
    if len(set(keys)) != len(keys):
        raise BadKeys("один и тот же ключ указан дважды")
    return keys


def new_key() -> str:
    """A key nobody has had."""
    return Fernet.generate_key().decode()


def key_id(key: str) -> str:
    """By which people tell keys apart; says nothing about the key."""
    return hashlib.sha256(b"lk-key-id:" + key.encode()).hexdigest()[:8]


class Vault:
    """Encrypts and decrypts with an installation's keys, the newest first."""

    def __init__(self, keys: Sequence[str]) -> None:
        if not keys:
            raise BadKeys("нет ни одного ключа")
        self._fernets = [Fernet(key) for key in keys]
        self._all = MultiFernet(self._fernets)
        self.key_ids = tuple(key_id(key) for key in keys)

    def __repr__(self) -> str:
        return f"Vault({', '.join(self.key_ids)})"

    def seal(self, text: str) -> str:
        """A token: what the database holds."""
        return self._fernets[0].encrypt(text.encode()).decode()

    def open(self, token: str) -> str:
        """What was sealed. Raises Unreadable."""
        try:
            return self._all.decrypt(token.encode()).decode()
        except InvalidToken:
            raise Unreadable("no key opens it") from None

    def key_of(self, token: str) -> str | None:
        """The id of the key that opens a token; None where none does."""
        for fernet, known in zip(self._fernets, self.key_ids, strict=True):
            try:
                fernet.decrypt(token.encode())
            except InvalidToken:
                continue
            return known
        return None

    def renewed(self, token: str) -> str | None:
        """The same under the newest key, or None where it is already. Raises Unreadable."""
        if self.key_of(token) == self.key_ids[0]:
            return None
        return self.seal(self.open(token))


def _is_key(key: str) -> bool:
    try:
        return len(base64.b64decode(key, altchars=b"-_", validate=True)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False
