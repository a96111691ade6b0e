"""E-mail addresses as people type them: what is one, and what looks like a slip of the finger."""

import unicodedata

from email_validator import EmailNotValidError, validate_email

EMPTY = "Введите адрес электронной почты: он будет логином"
FORMAT = "Введите адрес электронной почты целиком, например name@example.ru"
LATIN = "Адрес электронной почты до знака @ пишется латинскими буквами. Проверьте раскладку клавиатуры"
LONG = "Адрес электронной почты слишком длинный"
#: The longest that mail servers take (RFC 5321).
LONGEST = 254

_HOSTS = ("mail.ru", "yandex.ru", "gmail.com", "bk.ru", "inbox.ru", "list.ru", "rambler.ru", "icloud.com", "ya.ru")
#: Hosts that exist and are one letter away from a famous one.
_REAL = {"ya.ru", "list.ru", "mail.com", "email.ru", "yandex.com", "yandex.by", "yandex.kz", "ymail.com", "fmail.com"}
_SLIPS = {"gmail.ru": "gmail.com", "gmail.com.ru": "gmail.com", "yandex.com.ru": "yandex.ru", "icloud.ru": "icloud.com"}


def clean_email(typed: str) -> str:
    """The address without what gets in by pasting: spaces around it, invisible characters, «mailto:», brackets."""
    plain = unicodedata.normalize("NFKC", typed[: 4 * LONGEST])
    plain = "".join(char for char in plain if unicodedata.category(char) not in ("Cf", "Zs"))
    return plain.strip().removeprefix("mailto:").strip("<>")


def email_fault(email: str) -> str | None:
    """The sentence that tells what is wrong with a cleaned address, or None."""
    if not email:
        return EMPTY
    if len(email) > LONGEST:
        return LONG
    if not email.partition("@")[0].isascii():
        return LATIN
    try:
        validate_email(email, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        return FORMAT
    return None


def likely_slip(email: str) -> str:
    """The address that was probably meant («…@mail.ry» → «…@mail.ru»); an empty string where nothing looks odd."""
    name, _, host = email.partition("@")
    host = host.lower()
    if host in _HOSTS or host in _REAL:
        return ""
    meant = _SLIPS.get(host) or next((famous for famous in _HOSTS if _one_slip(host, famous)), "")
    return f"{name}@{meant}" if meant else ""


def _one_slip(typed: str, meant: str) -> bool:
    """One letter wrong, missing or too much, or two neighbours swapped. Short hosts are too like each other."""
    if len(meant) < 6 or abs(len(typed) - len(meant)) > 1:
        return False
    short, long = sorted((typed, meant), key=len)
    if len(short) < len(long):
        return any(long[:at] + long[at + 1 :] == short for at in range(len(long)))
    apart = [at for at in range(len(long)) if short[at] != long[at]]
    if len(apart) == 2 and apart[1] == apart[0] + 1:
        return short[apart[0]] == long[apart[1]] and short[apart[1]] == long[apart[0]]
    return len(apart) == 1
