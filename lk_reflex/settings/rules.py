"""What several parts of the settings are judged and shown by."""

import re
from urllib.parse import urlsplit

from pydantic import SecretStr


def https(address: str) -> bool:
    """Whether it is an address of its own behind https, without a query."""
    try:
        parts = urlsplit(address)
        return parts.scheme == "https" and bool(parts.hostname) and not parts.query and not parts.fragment
    except ValueError:
        return False


def given(settings: object, name: str) -> str:
    """The text of a setting, secret or not."""
    value = getattr(settings, name)
    return value.get_secret_value() if isinstance(value, SecretStr) else str(value)


def variable(name: str) -> str:
    """The environment's name of a setting: «LK_PUBLIC_URL»."""
    return name.upper() if name.lower() == "port" else f"LK_{name.upper()}"


#: Everything between the colon after the login and the last «@»: a password may hold «/», «#» and «@» by mistake.
_PASSWORD = re.compile(r"(://[^:/?#]*:).*@", re.DOTALL)
_PARAMETER = re.compile(r"((?:[?&]|^)[^=&?]*(?:pass|secret|token|key)[^=&]*=)[^&]*", re.IGNORECASE)


def mask_url(url: str) -> str:
    """An address for people's eyes: passwords and keys inside it replaced by stars."""
    return _PARAMETER.sub(r"\1***", _PASSWORD.sub(r"\1***@", url))
