"""What may be a password: long enough, not among those that are tried first, not the e-mail (product.md, section 3)."""

import gzip
import unicodedata
from functools import lru_cache
from pathlib import Path

from lk_reflex.core.text import email_key, fold
from lk_reflex.domain.identity.passwords.hashing import MIN_LENGTH

#: What people choose most, folded, of `MIN_LENGTH` characters and more; docs/common-passwords.md says whence.
_LIST = Path(__file__).with_name("common.txt.gz")
#: No common password and no e-mail is longer: what is needn't be folded, however long it may be.
_LONGEST = 254
_LATIN = "`qwertyuiop[]asdfghjkl;'zxcvbnm,."
_RUSSIAN = "ёйцукенгшщзхъфывапролджэячсмитьбю"
#: The same keys under the other layout: «йцукенгш» is «qwertyui», and «gfhjkm123» is «пароль123».
_LAYOUTS = (str.maketrans(_RUSSIAN, _LATIN), str.maketrans(_LATIN, _RUSSIAN))

EMPTY = f"Придумайте пароль: не короче {MIN_LENGTH} знаков"
COMMON = "Такой пароль подбирают одним из первых. Придумайте другой, например фразу из трёх-четырёх слов"
SAME_AS_EMAIL = "Пароль не должен совпадать с адресом электронной почты. Придумайте другой"
HINT = f"Не короче {MIN_LENGTH} знаков: буквы, цифры, пробелы, что угодно"


def password_fault(password: str, email: str) -> str | None:
    """The sentence that tells why this can't be the password of that e-mail's login, or None."""
    if not password:
        return EMPTY
    if len(password) < MIN_LENGTH:
        return f"Пароль слишком короткий: нужно не меньше {MIN_LENGTH} знаков"
    if len(password) > _LONGEST:
        return None
    if is_common(password):
        return COMMON
    address = fold(email_key(email))
    return SAME_AS_EMAIL if fold(password) in (address, address.partition("@")[0]) else None


def is_common(password: str) -> bool:
    """Whether it is among the common ones, in whichever case and keyboard layout."""
    plain = unicodedata.normalize("NFKC", password).casefold()
    typed = {fold(plain), *(fold(plain.translate(layout)) for layout in _LAYOUTS)}
    return "" in typed or not typed.isdisjoint(_common())


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    return frozenset(gzip.decompress(_LIST.read_bytes()).decode().split("\n"))
