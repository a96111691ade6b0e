"""Letting a guest in: number, house and flat together, one refusal for whatever is wrong, and counted tries."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from lk_reflex.core.db import Database, Reader, Writer
from lk_reflex.core.errors import Invalid, Refused
from lk_reflex.core.text import account_key
from lk_reflex.domain.accounts.find import NOT_FOUND, find_accounts
from lk_reflex.domain.accounts.guest import open_visit
from lk_reflex.domain.identity import attempts
from lk_reflex.domain.identity.attempts import Limit
from lk_reflex.domain.identity.client import Client
from lk_reflex.domain.identity.registering.captcha import check_captcha

_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: One account, whoever tries: its flats and houses can't be gone through.
OF_ACCOUNT = Limit("guest:account", 8, longest=_HOUR, window=_DAY)
#: One client, whatever the account. Wide, since a mobile operator's address is shared by many: the code comes first.
OF_CLIENT = Limit("guest:client", 30, window=_HOUR)
#: All of them together. It makes nobody wait: over it, everybody types the code.
OF_ALL = Limit("guest:all", 300, window=_HOUR)
#: So many misses of one client, and it is asked for the picture's code.
CODE_AFTER = 3
PAUSE = "Слишком много неудачных попыток."
NO_NUMBER = "Введите номер лицевого счета: он указан в квитанции"
NO_HOUSE = "Введите только номер дома, например 10 или 10А, без улицы"
NO_CODE = "Введите код с картинки"
WRONG_CODE = "Код не совпал с картинкой или устарел. Введите новый"


@dataclass(frozen=True, slots=True)
class Typed:
    """What a guest typed; `picture` is the token of the code's picture, `code` what was read off it."""

    number: str
    house: str
    flat: str
    picture: str = ""
    code: str = ""


def enter(database: Database, typed: Typed, client: Client, *, key: bytes, now: datetime) -> str:
    """Check and open a visit; returns the cookie's value.

    Raises Invalid for empty fields and a wrong code, Refused for a pause and for anything that doesn't match.
    """
    _require(typed)
    token = database.write(_enter, typed, client, key=key, now=now)
    if token is None:
        raise Invalid({"captcha": WRONG_CODE if typed.code.strip() else NO_CODE})
    if not token:
        raise Refused(NOT_FOUND)
    return token


def code_wanted(db: Reader, client: Client, *, now: datetime) -> bool:
    """Whether this client has to type the picture's code."""
    if attempts.misses(db, OF_CLIENT, client.network, now=now) >= CODE_AFTER:
        return True
    return attempts.misses(db, OF_ALL, "", now=now) >= OF_ALL.free


def _require(typed: Typed) -> None:
    faults = {}
    if not typed.number.strip():
        faults["number"] = NO_NUMBER
    if not typed.house.strip():
        faults["house"] = NO_HOUSE
    if faults:
        raise Invalid(faults)


def _enter(db: Writer, typed: Typed, client: Client, *, key: bytes, now: datetime) -> str | None:
    """The cookie's value; empty where nothing matches, None where the code is wrong.

    It says so instead of raising: the counted tries have to outlive the refusal.
    """
    account = (OF_ACCOUNT, account_key(typed.number))
    waiting = [account, (OF_CLIENT, client.network)]
    attempts.refuse_while_waiting(db, waiting, PAUSE, now=now)
    if code_wanted(db, client, now=now) and not check_captcha(db, typed.picture, typed.code, key=key, now=now):
        return None
    found = find_accounts(db, typed.number, typed.house, typed.flat)
    if not found:
        attempts.note_misses(db, [*waiting, (OF_ALL, "")], now=now)
        return ""
    attempts.forget_misses(db, *account)
    return open_visit(db, found[0].account_id, client=client, now=now)
