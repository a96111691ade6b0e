"""The mark of a browser in which somebody has signed in before: it spares the owner what strangers' misses cause.

Nothing of it is kept here. A mark is sealed with our key over whose it is, since when, and the password of that time:
a new password makes every mark worthless.
"""

import base64
import hashlib
import hmac
import re
from datetime import datetime, timedelta

from lk_reflex.core.secret import accepted

#: Browsers keep no cookie for much longer.
LIFE = timedelta(days=390)
#: A household's computer knows several people; a cookie has no room for more.
_MOST = 5
_MARK = re.compile(r"(\d{1,15})-(\d{1,12})-([\w-]{24})", re.ASCII)


def new_mark(user_id: int, password_hash: str | None, *, key: bytes, now: datetime) -> str:
    """The mark of a browser in which this person has just signed in."""
    issued = int(now.timestamp())
    return f"{user_id}-{issued}-{_seal(user_id, issued, password_hash, key)}"


def known_mark(marks: str, user_id: int, password_hash: str | None, *, key: bytes, now: datetime) -> str:
    """The mark of this person among those of a browser, if it is ours and still holds; else an empty string."""
    for mark in marks.split("."):
        found = _MARK.fullmatch(mark)
        if found is None or int(found[1]) != user_id:
            continue
        issued = int(found[2])
        young = timedelta(0) <= now - datetime.fromtimestamp(issued, now.tzinfo) < LIFE if issued < _FUTURE else False
        if young and any(
            hmac.compare_digest(found[3], _seal(user_id, issued, password_hash, one)) for one in accepted(key)
        ):
            return mark
    return ""


def with_mark(marks: str, mark: str) -> str:
    """The marks of a browser with a new one in front; the same person's earlier one goes."""
    whose = mark.partition("-")[0]
    others = [one for one in marks.split(".") if _MARK.fullmatch(one) and one.partition("-")[0] != whose]
    return ".".join([mark, *others[: _MOST - 1]])


#: Beyond what the clock's arithmetic bears (the year 2286): nobody's real mark.
_FUTURE = 10**10


def _seal(user_id: int, issued: int, password_hash: str | None, key: bytes) -> str:
    password = hashlib.sha256((password_hash or "").encode()).hexdigest()
    text = f"known-device|{user_id}|{issued}|{password}"
    return base64.urlsafe_b64encode(hmac.new(key, text.encode(), hashlib.sha256).digest()[:18]).decode()
