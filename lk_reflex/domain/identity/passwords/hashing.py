"""Passwords: bcrypt over a keyed HMAC, so that nothing beyond bcrypt's 72 bytes is lost or refused."""

import base64
import hashlib
import hmac

import bcrypt

from lk_reflex.core.secret import accepted

COST = 12
MIN_LENGTH = 8


def _digest(password: str, key: bytes) -> bytes:
    # Base64, since bcrypt stops at a NUL byte; 44 bytes stay under its limit. JSON may bring half a character.
    return base64.b64encode(hmac.new(key, password.encode("utf-8", "surrogatepass"), hashlib.sha256).digest())


def hash_password(password: str, key: bytes, *, cost: int = COST) -> str:
    """The text to keep. Takes a quarter of a second by design: never on the event loop."""
    return bcrypt.hashpw(_digest(password, key), bcrypt.gensalt(cost)).decode()


def password_matches(password: str, kept: str | None, key: bytes) -> bool:
    """Whether it is the right one. Takes the same time where there is no such login, and for any wrong password."""
    # All of them, whichever fits: else the time would tell under which one a password is kept.
    found = [_matches(password, kept or _NOBODY, one) for one in accepted(key)]
    return any(found) and kept is not None


def kept_by_another(password: str, kept: str, key: bytes) -> bool:
    """Whether a right password is kept under the secret that doesn't sign, and should be kept anew."""
    return len(list(accepted(key))) > 1 and not _matches(password, kept, bytes(key))


def _matches(password: str, kept: str, key: bytes) -> bool:
    return bcrypt.checkpw(_digest(password, key), kept.encode())


#: A hash of nothing anyone knows, at the usual cost.
_NOBODY = "$2b$12$YrUMk.5TBTGS1Y2VANv60.fjiIKF1/JaA86xGkFU1QI6OufaM80HW"
