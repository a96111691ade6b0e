"""Passwords: bcrypt over a keyed HMAC, so that nothing beyond bcrypt's 72 bytes is lost or refused."""

import base64
import hashlib
import hmac

import bcrypt

COST = 12
MIN_LENGTH = 8


def _digest(password: str, key: bytes) -> bytes:
    # Base64, since bcrypt stops at a NUL byte; 44 bytes stay under its limit. JSON may bring half a character.
    return base64.b64encode(hmac.new(key, password.encode("utf-8", "surrogatepass"), hashlib.sha256).digest())


def hash_password(password: str, key: bytes, *, cost: int = COST) -> str:
    """The text to keep. Takes a quarter of a second by design: never on the event loop."""
    return bcrypt.hashpw(_digest(password, key), bcrypt.gensalt(cost)).decode()


def password_matches(password: str, kept: str | None, key: bytes) -> bool:
    """Whether it is the right one. Takes the same time where there is no such login."""
    found = bcrypt.checkpw(_digest(password, key), (kept or _NOBODY).encode())
    return found and kept is not None


#: A hash of nothing anyone knows, at the usual cost.
_NOBODY = "$2b$12$YrUMk.5TBTGS1Y2VANv60.fjiIKF1/JaA86xGkFU1QI6OufaM80HW"
