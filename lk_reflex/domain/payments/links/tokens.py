"""What stands in a pay link's address: a key that the database has, and our signature, which no dump of it holds."""

import base64
import hashlib
import hmac
import re
import secrets

from lk_reflex.core.secret import accepted

#: The secret of the installation signs other things, too: none of their signatures is one of ours.
_PURPOSE = b"lk-reflex pay link v1"
_KEY_BYTES = 16
_TOKEN = re.compile("[A-Za-z0-9_-]{22}[A-Za-z0-9_-]{43}")
_KEY_LENGTH = 22


def new_key() -> str:
    """22 characters that nobody guesses."""
    return secrets.token_urlsafe(_KEY_BYTES)


def link_token(key: str, secret: bytes) -> str:
    """The address's last part for a link's key; `secret` is the installation's."""
    return key + _signature(key, secret)


def key_of(token: str, secret: bytes) -> str:
    """The key of a token that we have signed; empty for any other text."""
    if not _TOKEN.fullmatch(token):
        return ""
    key, signature = token[:_KEY_LENGTH], token[_KEY_LENGTH:]
    return key if any(hmac.compare_digest(signature, _signature(key, one)) for one in accepted(secret)) else ""


def _signature(key: str, secret: bytes) -> str:
    own = hmac.new(secret, _PURPOSE, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(hmac.new(own, key.encode(), hashlib.sha256).digest()).decode().rstrip("=")
