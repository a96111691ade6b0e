"""Secrets that a person carries: in a cookie or in a link out of a mail. Only their hashes are kept."""

import hashlib
import secrets


def new_token() -> str:
    """43 characters that nobody guesses, fit for addresses and cookies."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What the database keeps of it. A browser may send half a character, which is nobody's token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
